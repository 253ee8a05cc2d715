"""`show crypto ipsec sa`: from the template's rows to tunnels, with or without SAs, each fact with its line.

A large hub has ten thousand of them: values that repeat (transforms, settings, masks of lines) are shared.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from operator import itemgetter, lt
from typing import TYPE_CHECKING, Any

from vpn_check.model.printed_mtu import PrintedMtu
from vpn_check.model.sa import IpsecSa, TrafficCounters, Where
from vpn_check.model.tunnel import TrafficSelector, Tunnel
from vpn_check.parse import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    "VERIFY_FAILED", "REPLAY_FAILED", "INVALID_IDENTITY", "INVALID_SA", "ENCAPS_FAILED", "PREFRAG_FAILED", "PATH_MTU",
)  # fmt: skip
"""What may be quoted as evidence."""
_SCALARS = (
    "INTERFACE", "CRYPTO_MAP", "SEQ", "LOCAL_ADDR", "VRF", "LOCAL_IDENT", "REMOTE_IDENT", "PEER", "PEER_ADDRESS",
    "PEER_PORT", "USERNAME", "ALLOCATED", "FLAGS", "ENCAPS", "ENCRYPT", "DIGEST", "DECAPS", "DECRYPT", "VERIFY",
    "SEND_ERRORS", "RECV_ERRORS", "LOCAL_ENDPT", "REMOTE_ENDPT", "PATH_MTU", "OUT_SPI", "IN_SPI",
)  # fmt: skip
_MTU = (
    "PLAINTEXT_MTU", "PATH_MTU", "IP_MTU", "MEDIA_MTU", "OVERRIDE_MTU", "IP_MTU_IDB", "OVERHEAD", "OVERHEAD_SHORT",
)  # fmt: skip
"""The MTU line, in the order of the fields of PrintedMtu."""
_ATTRIBUTES = ("TRANSFORM", "SETTINGS", "CONN_ID", "LIFE_KB", "LIFE_SEC", "REPLAY", "STATUS")
_FACTS = ("LOCAL_IDENT", "REMOTE_IDENT", "PEER", "ENCAPS", "DECAPS", "OUT_SPI", "REMOTE_ENDPT")
_MANY = 512
"""Values kept to be shared: those of the last few hundred flows, which is where repetition is."""


def tunnels(parsed: Parsed, source: int) -> list[Tunnel]:
    """One tunnel a flow. Rows that hold nothing but an interface's name are none."""
    found = []
    reader = _Reader(parsed.header, source)
    facts = itemgetter(*(reader.slot[name] for name in _FACTS))
    for row, at in zip(parsed.rows, parsed.at, strict=True):
        if any(facts(row)):
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
        self._scalars = itemgetter(*(self.slot[name] for name in _SCALARS))
        self._mtu = itemgetter(*(self.slot[name] for name in _MTU))
        self._sa_slots = tuple(self.slot[name] for name in ("SPI", "INBOUND", "OUTBOUND", "SETTINGS"))
        self._offsets: dict[tuple[int, ...], Mapping[str, int]] = {}
        self._counted: dict[tuple[str, ...], Mapping[str, int]] = {}

    def tunnel(self, row: Row, at: At) -> Tunnel:
        (
            interface, crypto_map, seq, local_addr, vrf, local_ident, remote_ident, peer_text, peer_address, peer_port,
            username, allocated, flags, encaps, encrypt, digest, decaps, decrypt, verify, send_errors, recv_errors,
            local_endpt, remote_endpt, path_mtu, out_spi, in_spi,
        ) = self._scalars(row)  # fmt: skip
        peer, port = values.endpoint(peer_text or peer_address)
        remote_end, remote_port = values.endpoint(remote_endpt)
        sas, sas_listed = self._sas(row, at)
        return Tunnel(
            interface=shared(interface),
            crypto_map=shared(crypto_map),
            seq=int(seq) if seq else None,
            local_address=values.address(local_addr) or values.endpoint(local_endpt)[0],
            vrf=shared(vrf.rstrip(")")),
            local_ident=selector(local_ident),
            remote_ident=selector(remote_ident),
            peer=peer if peer is not None else remote_end,
            peer_port=int(peer_port) if peer_port else port or remote_port,
            username=username or None,
            allocated_peer=values.address(allocated) if allocated else None,
            flags=shared(flags),
            counters=TrafficCounters(
                encaps=int(encaps) if encaps else None,
                encrypt=int(encrypt) if encrypt else None,
                digest=int(digest) if digest else None,
                decaps=int(decaps) if decaps else None,
                decrypt=int(decrypt) if decrypt else None,
                verify=int(verify) if verify else None,
                send_errors=int(send_errors) if send_errors else None,
                recv_errors=int(recv_errors) if recv_errors else None,
                errors=self._error_counters(row),
            ),
            path_mtu=int(path_mtu) if path_mtu else None,
            printed_mtu=printed_mtu(*self._mtu(row)) if path_mtu else None,
            outbound_spi=values.spi(out_spi)[0] if out_spi else None,
            inbound_spi=values.spi(in_spi)[0] if in_spi else None,
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
        spi_slot, in_slot, out_slot, settings_slot = self._sa_slots
        spis, spi_lines = row[spi_slot], at[spi_slot]
        inbound, outbound = at[in_slot], at[out_slot]
        if not spis:  # an excerpt may show that SAs exist without showing which
            held = zip(row[settings_slot], at[settings_slot], strict=True)
            return tuple(self._bare_sa(text, line) for text, line in held), bool(inbound or outbound)
        columns = self._columns(row, at, spi_lines)
        transform_lines = at[self._attributes[0]]
        if len(transform_lines) != len(spis):
            transform_lines = [0] * len(spis)
        found = []
        for text, line, transform_at, held_here in zip(spis, spi_lines, transform_lines, columns, strict=True):
            into = bisect_right(inbound, line) - 1
            out = bisect_right(outbound, line) - 1
            if out >= 0 and (into < 0 or outbound[out] > inbound[into]):
                direction, protocol = "outbound", row[out_slot][out]
            elif into >= 0:
                direction, protocol = "inbound", row[in_slot][into]
            else:
                direction, protocol = "", "esp"
            found.append(self._sa(text, line, direction, protocol, held_here, transform_at))
        return tuple(found), True

    def _columns(self, row: Row, at: At, spi_lines: list[int]) -> Iterable[Sequence[str | None]]:
        """For each SPI what was printed below it."""
        count = len(spi_lines)
        if all(_one_each(at[slot], spi_lines, count) for slot in self._attributes):  # the rule: each SA printed all
            return zip(*(row[slot] for slot in self._attributes), strict=True)
        held: list[list[str | None]] = [[None] * len(_ATTRIBUTES) for _ in spi_lines]
        for column, slot in enumerate(self._attributes):
            for text, line in zip(row[slot], at[slot], strict=True):
                owner = bisect_right(spi_lines, line) - 1
                if owner >= 0 and held[owner][column] is None:
                    held[owner][column] = text
        return held

    def _sa(
        self, text: str, line: int, direction: str, protocol: str, held: Sequence[str | None], transform_at: int
    ) -> IpsecSa:
        transform, settings, conn_id, life_kb, life_sec, replay, status = held
        number, printed = values.spi(text)
        return IpsecSa(
            direction=direction,
            protocol=protocol,
            spi=number,
            spi_printed=printed,
            transform=tidy(transform) if transform is not None else None,
            settings=tidy(settings) if settings is not None else None,
            conn_id=int(conn_id) if conn_id else None,
            lifetime_kb=int(life_kb) if life_kb else None,
            lifetime_sec=int(life_sec) if life_sec else None,
            replay=shared(replay),
            status=shared(status),
            where=Where(
                source=self.source, base=line, offsets=sa_offsets(transform_at - line if transform_at > line else None)
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


def _one_each(lines: list[int], spi_lines: list[int], count: int) -> bool:
    """Whether each SPI is followed by exactly one of these lines before the next SPI."""
    if len(lines) != count:
        return False
    if count == 2:  # noqa: PLR2004  one SA each way, nearly always
        return spi_lines[0] < lines[0] < spi_lines[1] < lines[1]
    return all(map(lt, spi_lines, lines)) and all(map(lt, lines, spi_lines[1:]))


@lru_cache(maxsize=_MANY)
def shared(text: str | None) -> str | None:
    """The same string object for the same text; None for an empty one."""
    return text or None


@lru_cache(maxsize=_MANY)
def tidy(text: str) -> str:
    """A list of words without the trailing comma and the runs of blanks, shared."""
    return values.tidy(text)


@lru_cache(maxsize=_MANY)
def selector(text: str | None) -> TrafficSelector | None:
    """A proxy identity, shared."""
    return TrafficSelector(text=text) if text else None


@lru_cache(maxsize=_MANY)
def printed_mtu(
    plaintext: str, path: str, ip: str, media: str, override: str, interface: str, overhead: str, short: str
) -> PrintedMtu:
    """The MTU line of a flow, shared."""
    return PrintedMtu(
        plaintext=values.integer(plaintext),
        path=values.integer(path),
        ip=values.integer(ip),
        media=values.integer(media),
        override=values.integer(override),
        interface=interface.rstrip(")") if interface not in {"", "none)"} else None,
        overhead=values.integer(overhead),
        overhead_short=values.integer(short),
    )


@lru_cache(maxsize=64)
def sa_offsets(transform: int | None) -> Mapping[str, Any]:
    """Where the lines of an SA stand, relative to its SPI line."""
    return {"spi": 0} if transform is None else {"spi": 0, "transform": transform}
