"""A history as CSV: one row for each tunnel and span, times in ISO 8601, empty where nothing is known."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from vpn_check.report.moments import iso
from vpn_check.report.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.pollreport import HistoryAnswer, Point, TunnelHistory

HEADINGS = (
    "device", "tunnel", "peer", "interface", "local_ident", "remote_ident", "at", "seconds", "polls", "healthy",
    "warning", "critical", "unknown", "counted", "encaps", "decaps", "send_errors", "recv_errors", "rekeys", "resets",
    "cause",
)
_FORMULA = ("=", "+", "-", "@")
"""How a cell begins that a spreadsheet would compute."""


def history_csv(answer: HistoryAnswer, out: TextIO) -> None:
    """Write the header row and the rows, in the order of the answer."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for tunnel in answer.tunnels:
        names = tuple(_names(tunnel))
        writer.writerows((*names, *_numbers(point, answer.step)) for point in tunnel.points)


def _names(tunnel: TunnelHistory) -> Iterator[str]:
    own = tunnel.id
    for word in (tunnel.device, own.name, own.peer, own.interface, own.local_ident, own.remote_ident):
        text = plain(word or "")
        yield f"'{text}" if text.startswith(_FORMULA) else text


def _numbers(point: Point, step: int) -> tuple[str | int | None, ...]:
    tally = point.tally
    packets = (tally.encaps, tally.decaps, tally.send_errors, tally.recv_errors)
    return (
        iso(point.at), step, tally.polls, tally.healthy, tally.warning, tally.critical, tally.unknown, tally.counted,
        *(packets if tally.counted else ("",) * len(packets)), tally.rekeys, tally.resets, tally.cause,
    )
