"""Summaries of peers, from the documents of the supporting commands, each with the lines that say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.model.sa import Where
from vpn_check.model.summary import PeerSummary
from vpn_check.parse import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vpn_check.parse.clean import Line

_STATUS = re.compile(r"\s*Session status: ")
_INBOUND = re.compile(r"\s*Inbound: ")
_OUTBOUND = re.compile(r"\s*Outbound: ")
_INDEX = re.compile(r"(?:^|\s)Index\s+: +[0-9]")
_BYTES = re.compile(r"\s*Bytes Tx\s*:")


def summaries(document: Mapping[str, Any], lines: Sequence[Line], source: int) -> list[PeerSummary]:
    """The peers that a document sums up; none where it is about something else."""
    return [
        found for key, reader in _READERS.items() if key in document for found in reader(document[key], lines, source)
    ]


def _sessions(rows: list[dict[str, Any]], lines: Sequence[Line], source: int) -> list[PeerSummary]:
    status_lines, inbound, outbound = (_numbers(pattern, lines) for pattern in (_STATUS, _INBOUND, _OUTBOUND))
    found = []
    counted = 0
    for row, line in zip(rows, status_lines, strict=False):
        flows = row.get("flows") or []
        detailed = [flow for flow in flows if flow.get("in_pkts") is not None]
        placed = {"state": line}
        if detailed and counted < len(inbound) and counted < len(outbound):
            placed |= {"received": inbound[counted], "sent": outbound[counted]}
        counted += len(detailed)
        peer = values.address(row.get("peer"))
        if peer is None or not row.get("status"):
            continue
        found.append(
            PeerSummary(
                peer=peer,
                state=row["status"],
                interface=row.get("interface"),
                sent=_sum(detailed, "out_pkts"),
                received=_sum(detailed, "in_pkts"),
                lost=_sum(detailed, "out_drop"),
                where=Where(source=source, offsets=placed),
            )
        )
    return found


def _dmvpn(rows: list[dict[str, Any]], lines: Sequence[Line], source: int) -> list[PeerSummary]:
    found = []
    for interface in rows:
        for row in interface.get("peers") or []:
            peer, state = values.address(row.get("nbma")), row.get("state")
            if peer is None or not state:
                continue
            shown = re.compile(rf".*(?<![0-9A-Fa-f.:]){re.escape(row['nbma'])}(?![0-9A-Fa-f.:])")
            line = next(iter(_numbers(shown, lines)), None)
            placed = {"state": line} if line is not None else {}
            found.append(
                PeerSummary(
                    peer=peer,
                    state=f"NHRP {state}",
                    interface=interface.get("interface"),
                    where=Where(source=source, offsets=placed),
                )
            )
    return found


def _sessions_db(rows: list[dict[str, Any]], lines: Sequence[Line], source: int) -> list[PeerSummary]:
    found = []
    for row, line in zip(rows, _session_bytes(lines), strict=False):
        peer = values.address(row.get("ip")) or values.address(row.get("connection"))
        if peer is not None:
            found.append(
                PeerSummary(
                    peer=peer,
                    state="UP-ACTIVE",
                    sent=row.get("bytes_tx"),
                    received=row.get("bytes_rx"),
                    unit="bytes",
                    inner=values.address(row.get("assigned_ip")),
                    where=Where(source=source, offsets={"sent": line} if line is not None else {}),
                )
            )
    return found


def _session_bytes(lines: Sequence[Line]) -> list[int | None]:
    """The line of each session that counts its bytes; the tunnels of a detailed session count theirs further down."""
    found: list[int | None] = []
    for number, text in lines:
        if _INDEX.search(text):
            found.append(None)
        if found and found[-1] is None and _BYTES.match(text):
            found[-1] = number
    return found


_READERS: dict[str, Callable[[list[dict[str, Any]], Sequence[Line], int], list[PeerSummary]]] = {
    "sessions": _sessions,
    "dmvpn": _dmvpn,
    "sessions_db": _sessions_db,
}


def _numbers(pattern: re.Pattern[str], lines: Sequence[Line]) -> list[int]:
    return [number for number, text in lines if pattern.match(text)]


def _sum(flows: list[dict[str, Any]], name: str) -> int | None:
    known = [flow[name] for flow in flows if flow.get(name) is not None]
    return sum(known) if known else None
