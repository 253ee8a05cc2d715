"""A cycle of polls on a terminal: what was raised and cleared, what is open, and a line of counts."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TextIO

from vpn_check.report.alarm_words import alarm_lines, over, place, since, standing, summary, worst_first
from vpn_check.report.moments import lasted, moment
from vpn_check.report.plain import number, plain, silence
from vpn_check.report.tunnel_now import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.alarm import Alarm
    from vpn_check.model.pollreport import CycleReport
    from vpn_check.report.alarm_words import Line

_COLOURS = {"critical": "\x1b[1;31m", "warning": "\x1b[1;33m", "unknown": "\x1b[1;35m", "cleared": "\x1b[1;32m"}
_RESET = "\x1b[0m"
_WIDTH = 110
_STATE = 8
_MOST_OPEN = 30
_MOST_NAMES = 6


def cycle_text(report: CycleReport, out: TextIO, *, colour: bool, verbose: bool = False) -> None:
    """Write one screen. `verbose` leaves nothing out: every quoted line, every open alarm, every name."""
    for alarm in worst_first(report.raised):
        head = f"{alarm.status.value.upper()}  {place(alarm)}  {plain(alarm.cause)}"
        out.write(f"{_painted(head, alarm.status.value, colour=colour)}\n")
        _write(out, alarm_lines(alarm, now=report.ended, members=report.open, whole=verbose))
        out.write("\n")
    for alarm in report.cleared:
        out.write(f"{_painted('CLEARED', 'cleared', colour=colour)}  {_cleared(alarm)}\n")
    if report.cleared:
        out.write("\n")
    _open(report, out, colour=colour, verbose=verbose)
    out.writelines(f"{_folded(line)}\n" for line in _counts(report, verbose=verbose))
    out.writelines(f"{_folded(f'! {plain(trouble)}', hang=2)}\n" for trouble in report.troubles)


def cycle_line(report: CycleReport) -> str:
    """One line for each cycle of a service, for its log."""
    counts = counted(report)
    took = lasted((report.ended - report.began).total_seconds())
    words = [f"{counts.answered} of {number(counts.devices, 'device')} answered",
             f"{counts.up} of {number(counts.tunnels, 'tunnel')} up"]
    for alarms, what in ((report.raised, "raised"), (report.cleared, "cleared"), (report.open, "open")):
        if alarms:
            words.append(f"{number(len(alarms), 'alarm')} {what}")
    if counts.pending:
        words.append(f"{len(counts.pending)} seen and not raised yet")
    if report.troubles:
        words.append(number(len(report.troubles), "trouble"))
    return f"{moment(report.began)}  {report.status.value}: {', '.join(words)}, in {took}"


def worth_telling(report: CycleReport) -> bool:
    """Whether anything changed in the cycle or went wrong beside the devices."""
    return bool(report.raised or report.cleared or report.troubles)


def _cleared(alarm: Alarm) -> str:
    return f"{place(alarm)}: {over(alarm)} (was: {plain(alarm.cause)}, since {moment(alarm.began)})"


def _open(report: CycleReport, out: TextIO, *, colour: bool, verbose: bool) -> None:
    """The alarms that were open before, one line each; those under a root are counted there."""
    new = {alarm.id for alarm in report.raised}
    alarms = [alarm for alarm in standing(report.open) if alarm.id not in new]
    if not alarms:
        return
    out.write("Open:\n")
    shown = alarms if verbose else alarms[:_MOST_OPEN]
    for alarm in shown:
        more = f"; {number(len(alarm.members), 'further alarm')} for the same reason" if alarm.members else ""
        state = _painted(f"{alarm.status.value:{_STATE}}", alarm.status.value, colour=colour)
        text = (f"{place(alarm)}: {summary(alarm, short=True)} [{plain(alarm.cause)}] "
                f"{since(alarm, report.ended, short=True)}{more}")
        folded = textwrap.wrap(text, _WIDTH - _STATE - 4, break_long_words=False, break_on_hyphens=False)
        out.write(f"  {state}  " + f"\n{' ' * (_STATE + 6)}".join(folded) + "\n")
    if len(alarms) > len(shown):
        out.write(f"  ... and {len(alarms) - len(shown)} more; --verbose or --json has all of them.\n")
    out.write("\n")


def _counts(report: CycleReport, *, verbose: bool) -> Iterator[str]:
    counts = counted(report)
    if not counts.devices:
        yield "No device was polled, so nothing is known of any tunnel. Name devices, or look at the inventory."
        return
    parts = [f"{counts.answered} of {number(counts.devices, 'device')} answered",
             f"{counts.up} of {number(counts.tunnels, 'tunnel')} up" if counts.tunnels else "no tunnel is known"]
    parts += [f"{counts.idle} idle"] if counts.idle else []
    parts += [f"{counts.unknown} not known"] if counts.unknown else []
    parts += [f"{number(counts.maintenance, 'device')} in maintenance"] if counts.maintenance else []
    alarms = f"{number(len(report.open), 'alarm')} open" if report.open else "no alarm open"
    yield f"{moment(report.ended)}: {', '.join(parts)}; {alarms}."
    faults = [
        f"No answer: {silence(poll.observation.device, poll.observation.fault)}"
        for poll in report.polls
        if poll.observation.fault is not None
    ]
    most = None if verbose else _MOST_NAMES
    yield from faults[:most]
    if most is not None and len(faults) > most:
        yield f"... and {len(faults) - most} more did not answer."
    if counts.pending:
        named = "; ".join(plain(name) for name in counts.pending[:most])
        left = f" and {len(counts.pending) - most} more" if most is not None and len(counts.pending) > most else ""
        yield f"Seen bad, not raised yet: {named}{left}."


def _write(out: TextIO, lines: Iterator[Line]) -> None:
    out.writelines(f"{_shown(line)}\n" for line in lines)


def _shown(line: Line) -> str:
    """A line at its place; a fixed one as it stands, others folded."""
    if line.fixed:
        return " " * line.indent + line.text
    return _folded(line.text, indent=line.indent, hang=3 if line.text.startswith("-> ") else 2)


def _folded(text: str, *, indent: int = 0, hang: int = 2) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + hang), break_long_words=False,
        break_on_hyphens=False,
    )


def _painted(word: str, style: str, *, colour: bool) -> str:
    return f"{_COLOURS[style]}{word}{_RESET}" if colour and style in _COLOURS else word
