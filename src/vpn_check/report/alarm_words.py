"""An alarm in words: whom it is about, since when, what changed before it, what to type next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vpn_check.model.alarm import AlarmKind
from vpn_check.model.finding import Status
from vpn_check.report.moments import clock, lasted, moment
from vpn_check.report.plain import number, plain, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from vpn_check.model.alarm import Alarm, Difference

MOST_EVIDENCE = 4
_MOST_COMMANDS = 4
_MOST_MEMBERS = 6
_MOST_CHANGED = 12
_MOST_SUMMARY = 400
_SHORT = 160
_WIDE = 200
_ORDER = (Status.CRITICAL, Status.UNKNOWN, Status.WARNING, Status.HEALTHY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line to show. A `fixed` one is never folded: a device said it, or it is to be typed as it stands."""

    text: str
    indent: int = 2
    fixed: bool = False


def worst_first(alarms: Iterable[Alarm]) -> list[Alarm]:
    """Alarms in the order in which to read them: the worst, then the most that hang on it, then the newest."""
    return sorted(
        alarms,
        key=lambda alarm: (_ORDER.index(alarm.status), -len(alarm.members), -alarm.began.timestamp(), alarm.id),
    )


def standing(alarms: Sequence[Alarm]) -> list[Alarm]:
    """Those that speak for themselves, the worst first: not the ones rolled up under another one that is here."""
    here = {alarm.id for alarm in alarms}
    return worst_first(alarm for alarm in alarms if alarm.root is None or alarm.root not in here)


def place(alarm: Alarm) -> str:
    """Whom it is about: `router1, 203.0.113.9`, `router1`, `peer 203.0.113.9`, `site Berlin`."""
    device, subject = plain(alarm.device or "", _SHORT), plain(alarm.subject, _SHORT)
    if alarm.kind is AlarmKind.PEER:
        return f"peer {subject}"
    if alarm.kind is AlarmKind.SITE:
        return f"site {subject}"
    if alarm.kind is AlarmKind.UPLINK:
        return f"{device or subject}, all its tunnels"
    if alarm.kind is AlarmKind.DEVICE:
        return device or subject
    beside = f" (peer {plain(alarm.peer)})" if alarm.peer and alarm.peer not in subject else ""
    return f"{device}, {subject}{beside}" if device else f"{subject}{beside}"


def summary(alarm: Alarm, *, short: bool = False) -> str:
    """Its sentence, on one line."""
    return plain(alarm.summary, _SHORT if short else _MOST_SUMMARY)


def over(alarm: Alarm) -> str:
    """That it is over, and after how long."""
    if alarm.gone:
        return "no longer there, not known to be well"
    again = "answers again" if alarm.kind is AlarmKind.DEVICE else "healthy again"
    return again if alarm.cleared_at is None else (
        f"{again} after {lasted((alarm.cleared_at - alarm.began).total_seconds())}")


def since(alarm: Alarm, now: datetime | None = None, *, short: bool = False) -> str:
    """Since when, how long, when all was last well (not in the short form), whether it flaps."""
    end = alarm.cleared_at or now
    span = f" ({lasted((end - alarm.began).total_seconds())})" if end is not None else ""
    words = [f"since {moment(alarm.began)}{span}"]
    if alarm.good_at is not None and not short:
        words.append(f"all was well at {clock(alarm.good_at, alarm.began)}")
    if alarm.flapping:
        words.append("flapping")
    return "; ".join(words)


def differences(changed: Sequence[Difference], most: int | None = _MOST_CHANGED) -> Iterator[Line]:
    """What is otherwise than it was: `release: 15.2 -> 15.4`; lines of a configuration that went (-) and came (+)."""
    for difference in changed:
        gone, come = _diff(difference)
        when = _when(difference)
        if not gone and not come:
            before, after = plain(difference.before, _WIDE), plain(difference.after, _WIDE)
            yield Line(text=f"{plain(difference.what)}: {before or 'nothing'} -> {after or 'nothing'}{when}")
            continue
        yield Line(text=f"{plain(difference.what)}{when}")
        room = len(gone) + len(come) if most is None else most
        first = max(room - len(come), room // 2)   # neither side hides the other
        shown = [*gone[:first], *come[: room - len(gone[:first])]]
        for line in shown:
            yield Line(text=line, indent=4, fixed=True)
        if left := len(gone) + len(come) - len(shown):
            yield Line(text=f"... and {number(left, 'more line')}", indent=4)


def _diff(difference: Difference) -> tuple[list[str], list[str]]:
    """The lines that went and those that came; none where it is no matter of lines."""
    several = "\n" in difference.before.strip() or "\n" in difference.after.strip()
    if difference.what != "configuration" and not several:
        return [], []
    gone, come = (
        [f"{sign} {verbatim(line, _WIDE)}" for line in text.splitlines() if line.strip()]
        for sign, text in (("-", difference.before), ("+", difference.after))
    )
    return gone, come


def _when(difference: Difference) -> str:
    if difference.seen_before is None:
        return f", seen {moment(difference.seen_after)}"
    return f", between {clock(difference.seen_before)} and {clock(difference.seen_after, difference.seen_before)} UTC"


def alarm_lines(
    alarm: Alarm, *, now: datetime | None = None, members: Sequence[Alarm] = (), whole: bool = False
) -> Iterator[Line]:
    """All that is to be read below an alarm's headline.

    Args:
        alarm: the alarm.
        now: until when it lasts, where it is not cleared.
        members: the alarms rolled up under it, as far as they are at hand; else they are counted.
        whole: every quoted line, command and changed line, not the first few.
    """
    finding = alarm.finding or {}
    yield Line(text=summary(alarm))
    yield Line(text=f"S{since(alarm, now)[1:]}")
    yield from _members(alarm, members)
    quoted = list(finding.get("evidence", ()))
    for line in quoted if whole else quoted[:MOST_EVIDENCE]:
        yield from _quoted(line)
    if not whole and len(quoted) > MOST_EVIDENCE:
        yield Line(text=f"... and {number(len(quoted) - MOST_EVIDENCE, 'more line')}", indent=6)
    if alarm.changed:
        yield Line(text="What changed since all was well:")
        for each in differences(alarm.changed, None if whole else _MOST_CHANGED):
            yield Line(text=each.text, indent=each.indent + 2, fixed=each.fixed)
    yield from _remedies(finding, whole=whole)
    if alarm.evidence:
        yield Line(text=f"All that the device said then (evidence {plain(alarm.evidence)}):")
        yield Line(text=evidence_command(alarm), indent=4, fixed=True)


def evidence_command(alarm: Alarm) -> str:
    """What shows the evidence that was kept."""
    return f"vpn-check history {plain(alarm.device or alarm.subject)} --evidence {plain(alarm.evidence or '')}"


def _members(alarm: Alarm, members: Sequence[Alarm]) -> Iterator[Line]:
    if not alarm.members:
        return
    count = len(alarm.members)
    named = [place(member) for member in members if member.id in alarm.members][:_MOST_MEMBERS]
    more = f" and {count - len(named)} more" if named and count > len(named) else ""
    names = f": {'; '.join(named)}{more}" if named else ""
    yield Line(text=f"{number(count, 'further alarm')} for the same reason{names}.")


def _quoted(line: Mapping[str, Any]) -> Iterator[Line]:
    origin = f"{line['file']}:{line.get('line', '?')}" if line.get("file") else (
        f"{line.get('source', '?')}, line {line.get('line', '?')}")
    yield Line(text=f"| {verbatim(str(line.get('text', '')), _WIDE)}", indent=6, fixed=True)
    yield Line(text=f"[{plain(origin)}]", indent=8)


def _remedies(finding: Mapping[str, Any], *, whole: bool) -> Iterator[Line]:
    remedies = list(finding.get("remedies", ()))
    left = None if whole else _MOST_COMMANDS
    for remedy in remedies:
        impact = " (interrupts traffic)" if remedy.get("disruptive") else ""
        yield Line(text=f"-> {plain(str(remedy.get('text', '')))}{impact}")
        commands = list(remedy.get("commands", ()))[:left]
        left = None if left is None else left - len(commands)
        for command in commands:
            where = "   (on the other end)" if remedy.get("on_peer") else ""
            yield Line(text=f"{verbatim(str(command))}{where}", indent=7, fixed=True)
