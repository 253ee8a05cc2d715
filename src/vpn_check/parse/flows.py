"""`show crypto ipsec sa`: from the template's rows to tunnels, with or without SAs, each fact with its line.

A large hub has ten thousand of them: values that repeat (transforms, settings, masks of lines) are shared.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter, lt
from typing import TYPE_CHECKING, Any

from vpn_check.model.sa import IpsecSa, TrafficCounters, Where
from vpn_check.model.tunnel import TrafficSelector, Tunnel
from vpn_check.parse import values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.parse.engine import At, Parsed, Row

ERRORS = {
    "NO_SA": "no_sa_send",
    "INVALID_SA": "invalid_sa_rcv",
    "ENCAPS_FAILED": "encaps_failed_send",
    "DECAPS_FAILED": "decaps_failed_rcv",
    "INVALID_PROT": "invalid_prot_recv",
    "VERIFY_FAILED": "verify_failed",
    "INVALID_IDENTITY": "invalid_identity_recv",
    "INVALID_LEN": "invalid_len_rcv",
    "REPLAY_ROLLOVER_SEND": "replay_rollover_send",
    "REPLAY_ROLLOVER_RCV": "replay_rollover_rcv",
    "REPLAY_FAILED": "replay_failed_rcv",
    "INTERNAL_SEND": "internal_err_send",
    "INTERNAL_RECV": "internal_err_recv",
    "PREFRAG_FAILED": "prefrag_failures",
    "PMTUS_RCVD": "pmtus_rcvd",
    "FRAGS_REASSEMBLED": "frags_needing_reassembly",
}
"""The detail counters: the template's Value, and the name in TrafficCounters.errors."""

_PLACED = (
    "ENCAPS", "DECAPS", "SEND_ERRORS", "RECV_ERRORS", "PEER", "LOCAL_IDENT", "FLAGS", "OUT_SPI",
    "VERIFY_FAILED", "REPLAY_FAILED", "INVALID_IDENTITY", "INVALID_SA",
)  # fmt: skip
"""What may be quoted as evidence."""
_ATTRIBUTES = ("TRANSFORM", "SETTINGS", "CONN_ID", "LIFE_KB", "LIFE_SEC", "REPLAY", "STATUS")
_FACTS = ("LOCAL_IDENT", "REMOTE_IDENT", "PEER", "ENCAPS", "DECAPS", "OUT_SPI", "REMOTE_ENDPT")
_MANY = 1 << 14


def tunnels(parsed: Parsed, source: int) -> list[Tunnel]:
    """One tunnel a flow. Rows that hold nothing but an interface's name are none."""
    reader = _Reader(parsed.header, source)
    facts = [reader.slot[name] for name in _FACTS]
    found = []
    for row, at in zip(parsed.rows, parsed.at, strict=True):
        if any(row[slot] for slot in facts):
            found.append(reader.tunnel(row, at))
    return found


class _Reader:
    """Reads rows of one template. It holds what the rows share."""

    def __init__(self, header: tuple[str, ...], source: int) -> None:
        self.source = source
        self.slot = {name: index for index, name in enumerate(header)}
        self._placed = tuple(self.slot[name] for name in _PLACED)
        self._errors = tuple(ERRORS.values())
        self._counters = itemgetter(*(self.slot[name] for name in ERRORS))
        self._attributes = tuple(self.slot[name] for name in _ATTRIBUTES)
        self._offsets: dict[tuple[int, ...], Mapping[str, int]] = {}
        self._counted: dict[tuple[str, ...], Mapping[str, int]] = {}

    def tunnel(self, row: Row, at: At) -> Tunnel:
        slot = self.slot

        def text(name: str) -> str | None:
            return row[slot[name]] or None

        peer, port = values.endpoint(text("PEER") or text("PEER_ADDRESS"))
        remote_end, remote_port = values.endpoint(text("REMOTE_ENDPT"))
        local_end, _ = values.endpoint(text("LOCAL_ENDPT"))
        out_spi, in_spi = text("OUT_SPI"), text("IN_SPI")
        sas, sas_listed = self._sas(row, at)
        return Tunnel(
            interface=shared(text("INTERFACE")),
            crypto_map=shared(text("CRYPTO_MAP")),
            seq=number(row[slot["SEQ"]]),
            local_address=values.address(text("LOCAL_ADDR")) or local_end,
            vrf=shared((text("VRF") or "").rstrip(")") or None),
            local_ident=selector(text("LOCAL_IDENT")),
            remote_ident=selector(text("REMOTE_IDENT")),
            peer=peer if peer is not None else remote_end,
            peer_port=number(row[slot["PEER_PORT"]]) or port or remote_port,
            username=text("USERNAME"),
            allocated_peer=values.address(text("ALLOCATED")),
            flags=shared(text("FLAGS")),
            counters=TrafficCounters(
                encaps=number(row[slot["ENCAPS"]]),
                encrypt=number(row[slot["ENCRYPT"]]),
                digest=number(row[slot["DIGEST"]]),
                decaps=number(row[slot["DECAPS"]]),
                decrypt=number(row[slot["DECRYPT"]]),
                verify=number(row[slot["VERIFY"]]),
                send_errors=number(row[slot["SEND_ERRORS"]]),
                recv_errors=number(row[slot["RECV_ERRORS"]]),
                errors=self._error_counters(row),
            ),
            path_mtu=number(row[slot["PATH_MTU"]]),
            outbound_spi=values.spi(out_spi) if out_spi else None,
            inbound_spi=values.spi(in_spi) if in_spi else None,
            sas=sas,
            sas_listed=sas_listed,
            where=self._where(at),
        )

    def _error_counters(self, row: Row) -> Mapping[str, int]:
        counted = self._counters(row)
        held = self._counted.get(counted)
        if held is None:
            held = {word: int(text) for word, text in zip(self._errors, counted, strict=True) if text}
            self._counted[counted] = held
        return held

    def _where(self, at: At) -> Where:
        lines = [line for slot in self._placed if (line := at[slot])]
        base = min(lines, default=0)
        relative = tuple([at[slot] and at[slot] - base + 1 for slot in self._placed])
        held = self._offsets.get(relative)
        if held is None:
            held = {name.lower(): line - 1 for name, line in zip(_PLACED, relative, strict=True) if line}
            if len(self._offsets) < _MANY:
                self._offsets[relative] = held
        return Where(source=self.source, base=base, offsets=held)

    def _sas(self, row: Row, at: At) -> tuple[tuple[IpsecSa, ...], bool]:
        """The SAs of a flow, and whether the device printed an SA section at all.

        Each attribute belongs to the last SPI line before it, and that line to the last section title before it.
        """
        slot = self.slot
        spis, spi_lines = row[slot["SPI"]], at[slot["SPI"]]
        sections = sorted(
            [
                (line, "inbound", protocol)
                for protocol, line in zip(row[slot["INBOUND"]], at[slot["INBOUND"]], strict=True)
            ]
            + [(line, "outbound", name) for name, line in zip(row[slot["OUTBOUND"]], at[slot["OUTBOUND"]], strict=True)]
        )
        if not spis:  # an excerpt may show that SAs exist without showing which
            held = zip(row[slot["SETTINGS"]], at[slot["SETTINGS"]], strict=True)
            return tuple(self._bare_sa(text, line) for text, line in held), bool(sections)
        section_lines = [line for line, _, _ in sections]
        attributes: list[list[str | None]] = [[None] * len(_ATTRIBUTES) for _ in spis]
        transform_lines = [0] * len(spis)
        for column, index in enumerate(self._attributes):
            lines = at[index]
            if len(lines) == len(spis) and all(map(lt, spi_lines, lines)) and all(map(lt, lines, spi_lines[1:])):
                for owner, text in enumerate(row[index]):  # the rule: each SA printed it once
                    attributes[owner][column] = text
                if column == 0:
                    transform_lines = lines
                continue
            for text, line in zip(row[index], lines, strict=True):
                owner = bisect_right(spi_lines, line) - 1
                if owner >= 0 and attributes[owner][column] is None:
                    attributes[owner][column] = text
                    if column == 0:
                        transform_lines[owner] = line
        found = []
        for text, line, held_at, transform_at in zip(spis, spi_lines, attributes, transform_lines, strict=True):
            section = bisect_right(section_lines, line) - 1
            _, direction, protocol = sections[max(section, 0)] if sections else (0, "", "esp")
            found.append(self._sa(text, line, direction, protocol, held_at, transform_at))
        return tuple(found), True

    def _sa(
        self, text: str, line: int, direction: str, protocol: str, held: list[str | None], transform_at: int
    ) -> IpsecSa:
        transform, settings, conn_id, life_kb, life_sec, replay, status = held
        return IpsecSa(
            direction=direction,
            protocol=protocol,
            spi=values.spi(text),
            spi_printed=values.spi_decimal(text),
            transform=tidy(transform) if transform is not None else None,
            settings=tidy(settings) if settings is not None else None,
            conn_id=number(conn_id),
            lifetime_kb=number(life_kb),
            lifetime_sec=number(life_sec),
            replay=shared(replay),
            status=shared(status),
            where=Where(
                source=self.source, base=line, offsets=sa_offsets(transform_at - line if transform_at else None)
            ),
        )

    def _bare_sa(self, settings: str, line: int) -> IpsecSa:
        return IpsecSa(
            direction="",
            protocol="esp",
            spi=None,
            settings=tidy(settings),
            where=Where(source=self.source, base=line, offsets=sa_offsets(None)),
        )


def number(text: str | None) -> int | None:
    """A counter as the template matched it; None where it matched nothing."""
    return int(text) if text else None


@lru_cache(maxsize=_MANY)
def shared(text: str | None) -> str | None:
    """The same string object for the same text."""
    return text


@lru_cache(maxsize=_MANY)
def tidy(text: str) -> str:
    """A list of words without the trailing comma and the runs of blanks, shared."""
    return values.tidy(text)


@lru_cache(maxsize=_MANY)
def selector(text: str | None) -> TrafficSelector | None:
    """A proxy identity, shared."""
    return TrafficSelector(text=text) if text else None


@lru_cache(maxsize=64)
def sa_offsets(transform: int | None) -> Mapping[str, Any]:
    """Where the lines of an SA stand, relative to its SPI line."""
    return {"spi": 0} if transform is None else {"spi": 0, "transform": transform}
