"""A history on a terminal: for each tunnel its state, its availability and two sparklines; then alarms and changes."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, TextIO

from vpn_check.model.finding import Status
from vpn_check.report.alarm_words import differences, evidence_command, place
from vpn_check.report.history_document import availability
from vpn_check.report.moments import clock, lasted, moment
from vpn_check.report.plain import number, plain
from vpn_check.report.sparkline import Cells, alphabet, cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.model.alarm import Alarm, Change
    from vpn_check.model.pollreport import HistoryAnswer, TunnelHistory
    from vpn_check.report.sparkline import Alphabet

_COLOURS = {"healthy": "\x1b[1;32m", "critical": "\x1b[1;31m", "warning": "\x1b[1;33m", "unknown": "\x1b[1;35m"}
_RESET = "\x1b[0m"
_NARROWEST, _WIDEST = 60, 180
_LABEL = 10
_PEAK = 26
"""Room behind a sparkline for the peak."""
_MOST_CHANGES = 20
_HEADINGS = ("BEGAN (UTC)", "RAISED", "CLEARED", "LASTED", "STATUS", "CAUSE", "OF")
_STATUS = 4
_FEW_PACKETS = 10


def history_text(answer: HistoryAnswer, out: TextIO, *, colour: bool, width: int) -> None:
    """Write it. `width`: columns of the terminal; a sparkline has at most so many cells as fit.

    It begins with the first poll: before that nothing is missing.
    """
    step = max(answer.step, 1)   # 0: there was but one poll, or several in a second
    first = min((point.at for tunnel in answer.tunnels for point in tunnel.points), default=answer.since)
    begun = replace(answer, step=step, since=max(answer.since, min(first, answer.until - timedelta(seconds=step))))
    page = _Page(begun, out, colour=colour, width=max(_NARROWEST, min(width, _WIDEST)))
    page.write()


class _Page:
    """One history on one stream."""

    def __init__(self, answer: HistoryAnswer, out: TextIO, *, colour: bool, width: int) -> None:
        self._answer = answer
        self._out = out
        self._colour = colour
        self._width = width
        self._letters = alphabet(out)

    def write(self) -> None:
        answer = self._answer
        span = f"{moment(answer.since)} to {moment(answer.until)}"
        if not answer.tunnels and not answer.alarms and not answer.changes:
            self._fold(f"Nothing is in the history from {span}. Type `vpn-check poll` to make a poll, give "
                       "`--since` an earlier time, or compare the names with those of the inventory.")
            return
        self._fold(span)
        if answer.overview:
            self._overview()
        else:
            for tunnel in answer.tunnels:
                self._tunnel(tunnel)
        if any(tunnel.points for tunnel in answer.tunnels):
            self._legend()
        if answer.alarms:
            self._alarms(answer.alarms)
        elif answer.tunnels:
            self._out.write("\nNo alarm in this span.\n")
        if answer.changes:
            self._changes(answer.changes)

    def _overview(self) -> None:
        """A whole fleet: only what is not well, and how much is."""
        here = [tunnel for tunnel in self._answer.tunnels if tunnel.left_at is None]
        bad = [tunnel for tunnel in here if tunnel.status is not Status.HEALTHY]
        for tunnel in bad:
            self._head(tunnel)
        devices = len({tunnel.device for tunnel in here})
        self._fold(f"{len(here) - len(bad):,} of {number(len(here), 'tunnel')} of {number(devices, 'device')} are "
                   "healthy. Name a device, or a peer with --peer, to see how it was over time.")

    def _head(self, tunnel: TunnelHistory) -> None:
        state = self._painted(tunnel.status.value.upper(), tunnel.status.value)
        cause = f" ({plain(tunnel.cause)})" if tunnel.cause not in {"", "healthy"} else ""
        held = lasted((self._answer.until - tunnel.since).total_seconds())
        self._out.write(f"\n{plain(tunnel.device)}  {plain(tunnel.id.name, self._width)}\n")
        self._out.write(f"  {state}{cause} since {moment(tunnel.since)} ({held})\n")

    def _tunnel(self, tunnel: TunnelHistory) -> None:
        self._head(tunnel)
        if tunnel.seen_at is None:
            self._fold("was never seen on the device", indent=2)
        elif not tunnel.points:
            self._fold(f"no poll in this span; last seen on the device at {moment(tunnel.seen_at)}", indent=2)
        if not tunnel.points:
            return
        for sentence in self._availability(tunnel):
            self._fold(sentence, indent=2)
        row = self._cells(tunnel)
        self._out.write(f"  {'states':{_LABEL}}{self._states(row)}\n")
        peak = _peak(row)
        if peak is not None:
            self._out.write(f"  {'traffic':{_LABEL}}{row.traffic(self._letters)}  peak {peak}\n")
        whole = tunnel.sum
        counted = whole.counted > 0
        words = [f"{whole.encaps:,} packets out, {whole.decaps:,} in" if counted else "no counter could be compared"]
        if counted and (whole.send_errors or whole.recv_errors):
            words.append(f"errors: {whole.send_errors:,} sending, {whole.recv_errors:,} receiving")
        words += [number(whole.rekeys, "rekey")] if whole.rekeys else []
        words += [f"counters began anew {number(whole.resets, 'time')}"] if whole.resets else []
        self._fold("; ".join(words), indent=2)

    def _availability(self, tunnel: TunnelHistory) -> Iterator[str]:
        """What is known, and how much is not: missing data is no health."""
        whole = tunnel.sum
        known, share = whole.polls - whole.unknown, availability(whole)
        told = "not known: no poll told" if share is None else f"{_percent(share)} of {number(known, 'poll')} that told"
        if whole.warning:
            told += f" ({whole.warning:,} with a warning)"
        missing = [f"{number(whole.unknown, 'poll')} did not tell"] if whole.unknown else []
        spans = self._spans_without(tunnel)
        if spans:
            missing.append(f"no poll at all in {spans:,} of {self._spans():,} spans of {lasted(self._answer.step)}")
        yield f"available {told}; {'; '.join(missing) if missing else 'no poll is missing'}"

    def _spans(self) -> int:
        return max(ceil((self._answer.until - self._answer.since).total_seconds() / self._answer.step), 1)

    def _spans_without(self, tunnel: TunnelHistory) -> int:
        return max(self._spans() - sum(point.tally.polls > 0 for point in tunnel.points), 0)

    def _cells(self, tunnel: TunnelHistory) -> Cells:
        answer = self._answer
        most = self._width - 2 - _LABEL - _PEAK
        return cells(tunnel.points, since=answer.since, until=answer.until, step=answer.step, most=most)

    def _states(self, row: Cells) -> str:
        """The states, each in its colour. A character says the same without one."""
        letters = self._letters
        named = {letters.healthy: "healthy", letters.warning: "warning", letters.critical: "critical",
                 letters.unknown: "unknown"}
        return "".join(self._painted(letter, named.get(letter, "")) for letter in row.states(letters))

    def _legend(self) -> None:
        letters: Alphabet = self._letters
        first = next(tunnel for tunnel in self._answer.tunnels if tunnel.points)
        span = lasted(self._cells(first).seconds)
        self._out.write("\n")
        self._fold(f"states: {letters.healthy} healthy  {letters.warning} warning  {letters.critical} critical  "
                   f"{letters.unknown} the poll did not tell  {letters.none} no poll; one cell is {span}, the worst in "
                   "it is shown")

    def _alarms(self, alarms: Sequence[Alarm]) -> None:
        ordered = sorted(alarms, key=lambda alarm: (alarm.began, alarm.id))
        names = {alarm.id: place(alarm) for alarm in ordered}
        rows = [_row(alarm, names) for alarm in ordered]
        columns = range(len(_HEADINGS) - 1)
        widths = [max(len(_HEADINGS[column]), *(len(row[column]) for row in rows)) for column in columns]
        self._out.write("\n  " + _joined(_HEADINGS, widths) + "\n")
        for alarm, row in zip(ordered, rows, strict=True):
            padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            padded[_STATUS] = self._painted(padded[_STATUS], alarm.status.value)
            self._out.write("  " + "  ".join([*padded, row[-1]]).rstrip() + "\n")
            for line in differences(alarm.changed):
                text = line.text if line.fixed else f"changed: {line.text}" if line.indent == 2 else line.text  # noqa: PLR2004  the outermost
                self._out.write(" " * (line.indent + 4) + text + "\n")
            if alarm.evidence:
                self._out.write(f"      evidence: {evidence_command(alarm)}\n")

    def _changes(self, changes: Sequence[Change]) -> None:
        shown = sorted(changes, key=lambda change: change.at)[-_MOST_CHANGES:]
        self._out.write("\nVerdicts that changed:\n")
        if len(changes) > len(shown):
            self._out.write(f"  ... {len(changes) - len(shown)} earlier ones; --json has all of them.\n")
        for change in shown:
            name = f", {plain(change.name)}" if change.tunnel is not None else ""
            why = f" ({plain(change.cause)})" if change.cause not in {"", "healthy"} else ""
            self._fold(f"{moment(change.at)}  {plain(change.device)}{name}: {change.before.value} -> "
                       f"{change.after.value}{why}", indent=2)

    def _fold(self, text: str, *, indent: int = 0) -> None:
        self._out.write(textwrap.fill(text, self._width, initial_indent=" " * indent, break_long_words=False,
                                      subsequent_indent=" " * (indent + 2), break_on_hyphens=False) + "\n")

    def _painted(self, word: str, style: str) -> str:
        return f"{_COLOURS[style]}{word}{_RESET}" if self._colour and style in _COLOURS else word


def _row(alarm: Alarm, names: dict[str, str]) -> tuple[str, ...]:
    cleared = alarm.cleared_at
    marks = ["flapping"] if alarm.flapping else []
    if alarm.root is not None:
        marks.append(f"under {names.get(alarm.root, plain(alarm.root))}")
    if alarm.members:
        marks.append(f"with {number(len(alarm.members), 'further alarm')}")
    return (
        clock(alarm.began),
        clock(alarm.raised_at, alarm.began),
        clock(cleared, alarm.began) if cleared is not None else "open",
        lasted((cleared - alarm.began).total_seconds()) if cleared is not None else "",
        alarm.status.value,
        plain(alarm.cause),
        place(alarm) + (f" [{'; '.join(marks)}]" if marks else ""),
    )


def _joined(cells_: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join([*(cell.ljust(width) for cell, width in zip(cells_, widths, strict=False)), cells_[-1]]).rstrip()


def _percent(share: float) -> str:
    """Two decimals; what is not quite all is never rounded to 100 %."""
    return "100 %" if share == 1 else f"{min(share * 100, 99.99):.2f} %"


def _peak(row: Cells) -> str | None:
    rates = [rate for rate in row.rates() if rate is not None]
    if not rates:
        return None
    peak = max(rates)
    return f"{peak:,.0f} packets/s" if peak >= _FEW_PACKETS or peak == 0 else f"{peak:.2g} packets/s"
