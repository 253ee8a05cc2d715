"""From the rows of a template to nouns, each fact with the line it was read from. One function a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.sa import EngineConnection, IkePhase, IkeSa, Role, Where
from vpn_check.parse import values
from vpn_check.parse.flows import tunnels
from vpn_check.parse.states import normalise_state, phase_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vpn_check.model.tunnel import Tunnel
    from vpn_check.parse.engine import At, Parsed, Row


class _Fields:
    """One row by field name; an empty value is None."""

    __slots__ = ("_at", "_index", "_row")

    def __init__(self, index: dict[str, int], row: Row, at: At) -> None:
        self._index, self._row, self._at = index, row, at

    def text(self, name: str) -> str | None:
        slot = self._index.get(name)
        value = self._row[slot] if slot is not None else None
        return value if isinstance(value, str) and value else None

    def number(self, name: str) -> int | None:
        return values.integer(self.text(name))

    def listed(self, name: str) -> tuple[list[str], list[int]]:
        slot = self._index.get(name)
        if slot is None:
            return [], []
        row, at = self._row[slot], self._at[slot]
        return (row, at) if isinstance(row, list) and isinstance(at, list) else ([], [])

    def line(self, name: str) -> int:
        slot = self._index.get(name)
        at = self._at[slot] if slot is not None else 0
        return at if isinstance(at, int) else 0

    def where(self, source: int, names: tuple[str, ...]) -> Where:
        lines = {name.lower(): line for name in names if self.text(name) is not None and (line := self.line(name))}
        return Where(source=source, offsets=lines)


def _rows(parsed: Parsed) -> Iterator[_Fields]:
    index = {name: slot for slot, name in enumerate(parsed.header)}
    for row, at in zip(parsed.rows, parsed.at, strict=True):
        yield _Fields(index, row, at)


def isakmp_rows(parsed: Parsed, source: int) -> list[IkeSa]:
    """`show crypto isakmp sa` in its table forms (IOS, PIX 6)."""
    found = []
    for row in _rows(parsed):
        state = normalise_state(row.text("STATE"))
        deleted = "deleted" in (row.text("STATUS") or "")
        found.append(
            IkeSa(
                version=1,
                state=state,
                phase=phase_of(state, deleted=deleted),
                dst=values.address(row.text("DST")),
                src=values.address(row.text("SRC")),
                conn_id=row.number("CONN_ID"),
                status=row.text("STATUS"),
                where=row.where(source, ("STATE",)),
            )
        )
    return found


def isakmp_detail(parsed: Parsed, source: int) -> list[IkeSa]:
    """`show crypto isakmp sa detail` of IOS: no state is printed; an entry with a cipher has finished phase 1."""
    found = []
    for row in _rows(parsed):
        deleted = "deleted" in (row.text("STATUS") or "")
        negotiated = row.text("ENCR") is not None
        phase = IkePhase.DELETED if deleted else IkePhase.UP if negotiated else IkePhase.UNKNOWN
        found.append(
            IkeSa(
                version=1,
                state=None,
                phase=phase,
                local=values.address(row.text("LOCAL")),
                peer=values.address(row.text("REMOTE")),
                conn_id=row.number("CONN_ID"),
                status=row.text("STATUS"),
                vrf=row.text("VRF"),
                encr=row.text("ENCR"),
                hash=row.text("HASH"),
                auth=row.text("AUTH"),
                dh=row.text("DH"),
                lifetime_left=row.text("LIFETIME"),
                capabilities=row.text("CAPABILITIES"),
                where=row.where(source, ("CONN_ID", "REMOTE")),
            )
        )
    return found


def isakmp_blocks(parsed: Parsed, source: int) -> list[IkeSa]:
    """`show crypto isakmp|ikev1 sa` of ASA and PIX 7."""
    found = []
    for row in _rows(parsed):
        state = normalise_state(row.text("STATE"))
        found.append(
            IkeSa(
                version=1,
                state=state,
                phase=phase_of(state),
                peer=values.address(row.text("PEER")),
                role=_role(row.text("ROLE")),
                kind=row.text("TYPE"),
                rekey=row.text("REKEY"),
                encr=row.text("ENCRYPT"),
                hash=row.text("HASH"),
                auth=row.text("AUTH"),
                lifetime=row.number("LIFETIME"),
                where=row.where(source, ("PEER", "STATE", "ROLE")),
            )
        )
    return found


def ikev2(parsed: Parsed, source: int) -> list[IkeSa]:
    """`show crypto ikev2 sa [detail]` of IOS, IOS-XE and ASA."""
    found = []
    for row in _rows(parsed):
        if row.text("LOCAL") is None and row.text("TUNNEL_ID") is None:
            continue
        local, local_port = values.endpoint(row.text("LOCAL"))
        peer, peer_port = values.endpoint(row.text("REMOTE"))
        state = row.text("STATE")
        role = _role(row.text("ROLE"))
        if role is None and row.text("INITIATOR"):
            role = Role.INITIATOR if row.text("INITIATOR") == "Yes" else Role.RESPONDER
        inside, outside = row.listed("CHILD_IN")[0], row.listed("CHILD_OUT")[0]
        found.append(
            IkeSa(
                version=2,
                state=state,
                phase=phase_of(state),
                local=local,
                peer=peer,
                local_port=local_port,
                peer_port=peer_port,
                role=role,
                tunnel_id=row.text("TUNNEL_ID"),
                fvrf=row.text("FVRF"),
                ivrf=row.text("IVRF"),
                encr=row.text("ENCR"),
                keysize=row.number("KEYSIZE"),
                prf=row.text("PRF"),
                integrity=row.text("INTEGRITY"),
                dh=row.text("DH"),
                auth_sign=row.text("AUTH_SIGN"),
                auth_verify=row.text("AUTH_VERIFY"),
                lifetime=row.number("LIFETIME"),
                active_time=row.number("ACTIVE_TIME"),
                local_spi=row.text("LOCAL_SPI"),
                remote_spi=row.text("REMOTE_SPI"),
                session_id=row.text("SESSION_ID"),
                session_status=row.text("SESSION_STATUS"),
                ike_count=row.number("IKE_COUNT"),
                child_count=row.number("CHILD_COUNT"),
                status=row.text("DESCRIPTION"),
                children=tuple(zip(inside, outside, strict=False)),
                where=row.where(source, ("STATE", "REMOTE", "ENCR", "SESSION_STATUS", "DESCRIPTION")),
            )
        )
    return found


def engine(parsed: Parsed, source: int) -> list[EngineConnection]:
    """`show crypto engine connections active` of IOS and IOS-XE."""
    return [
        EngineConnection(
            id=row.number("ID") or 0,
            kind=row.text("TYPE"),
            interface=row.text("INTERFACE"),
            algorithm=row.text("ALGORITHM"),
            encrypt=row.number("ENCRYPT"),
            decrypt=row.number("DECRYPT"),
            ip=row.text("IP"),
            state=row.text("STATE"),
            where=row.where(source, ("ID", "ENCRYPT", "DECRYPT")),
        )
        for row in _rows(parsed)
    ]


def _role(text: str | None) -> Role | None:
    word = (text or "").lower()
    if word in {"initiator", "init"}:
        return Role.INITIATOR
    return Role.RESPONDER if word in {"responder", "resp"} else None


FACTS: dict[
    str,
    Callable[[Parsed, int], list[Tunnel]]
    | Callable[[Parsed, int], list[IkeSa]]
    | Callable[[Parsed, int], list[EngineConnection]],
] = {
    "show crypto ipsec sa": tunnels,
    "show crypto isakmp sa": isakmp_rows,
    "show crypto isakmp sa detail": isakmp_detail,
    "show crypto ikev1 sa": isakmp_blocks,
    "show crypto ikev2 sa": ikev2,
    "show crypto engine connections active": engine,
}
"""What reads the rows of which command."""
