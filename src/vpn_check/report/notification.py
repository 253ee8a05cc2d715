"""An alarm as a message to people: title and body, plain text, whole in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from vpn_check.report.alarm_words import alarm_lines, evidence_command, over, place, since, summary
from vpn_check.report.moments import moment
from vpn_check.report.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.alarm import Alarm

_TITLE = 150


def message(alarm: Alarm, what: Literal["raised", "cleared"], *, members: Sequence[Alarm] = ()) -> tuple[str, str]:
    """The title and the body.

    Args:
        alarm: the alarm.
        what: what became of it.
        members: the alarms rolled up under it, to be named; else they are only counted.
    """
    return _cleared(alarm) if what == "cleared" else _raised(alarm, members)


def _raised(alarm: Alarm, members: Sequence[Alarm]) -> tuple[str, str]:
    title = plain(f"[{alarm.status.value.upper()}] {place(alarm)}: {alarm.cause}", _TITLE)
    lines = alarm_lines(alarm, members=members)
    return title, "\n".join(" " * max(line.indent - 2, 0) + line.text for line in lines) + "\n"


def _cleared(alarm: Alarm) -> tuple[str, str]:
    end = alarm.cleared_at
    title = plain(f"[CLEARED] {place(alarm)}: {over(alarm)}", _TITLE)
    lines = [f"Over{f' at {moment(end)}' if end is not None else ''}: {over(alarm)}.",
             f"It was: {summary(alarm)} [{plain(alarm.cause)}]", f"S{since(alarm, short=True)[1:]}"]
    if alarm.evidence:
        lines += [f"What the device said then (evidence {plain(alarm.evidence)}):", f"  {evidence_command(alarm)}"]
    return title, "\n".join(lines) + "\n"
