"""Turns of a course as alarms and changes: an alarm is made, changed, cleared, always as its whole state."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from vpn_check.alarms.course import Course, Turn
from vpn_check.alarms.recent import changes
from vpn_check.alarms.wording import flaps, moment, span
from vpn_check.model.alarm import Alarm, AlarmKind, Change
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.observation import TunnelId


def alarm_id(kind: AlarmKind, subject: str, device: str | None, began: datetime, *more: str) -> str:
    """The same for the same outage, whoever asks: 16 hexadecimal digits."""
    words = (kind.value, subject, device or "", began.isoformat(), *more)
    return hashlib.blake2b("\0".join(words).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom an alarm is about: a tunnel of a device, or (`tunnel` None) the device."""

    device: str
    tunnel: TunnelId | None = None

    @property
    def name(self) -> str:
        """For sentences."""
        return self.tunnel.name if self.tunnel is not None else self.device

    @property
    def key(self) -> tuple[str, ...] | None:
        """The tunnel's key."""
        return self.tunnel.key if self.tunnel is not None else None


def turned(
    subject: Subject, course: Course, turn: Turn, held: Status, at: datetime, *,
    finding: Mapping[str, Any] | None, before: Alarm | None, gone: bool = False,
) -> tuple[Alarm, Change]:
    """What a turn makes of the alarm. The course's `alarm` is set and taken away here.

    Args:
        subject: whom it is about.
        course: after the turn.
        turn: what happened.
        held: the status that was held before it.
        at: when.
        finding: the document of what this poll sees.
        before: the open alarm; made anew from the course where it is not to hand.
        gone: it is cleared since the tunnel is no longer there.
    """
    if turn is Turn.RAISED:
        alarm = _new(subject, course, at, finding)
        course.alarm = alarm.id
        return alarm, _change(subject, held, course, at, alarm.summary)
    alarm = before if before is not None else _rebuilt(subject, course)
    if turn is Turn.CLEARED:
        cleared, said = _cleared(subject, alarm, course, at, gone=gone)
        course.alarm = None
        return cleared, _change(subject, held, course, at, said)
    summary, flapping = alarm.summary, course.flapping
    if turn is Turn.CHANGED:
        summary = _summary(subject, course, finding)
        alarm = replace(alarm, status=course.status, cause=course.cause, finding=finding or alarm.finding)
    if flapping:
        summary = flaps(_bare(summary, alarm), changes(course.recent), len(course.recent))
    alarm = replace(alarm, summary=summary, flapping=flapping)
    return alarm, _change(subject, held, course, at, summary)


def _new(subject: Subject, course: Course, at: datetime, finding: Mapping[str, Any] | None) -> Alarm:
    kind = AlarmKind.TUNNEL if subject.tunnel is not None else AlarmKind.DEVICE
    summary = _summary(subject, course, finding)
    if course.flapping:
        summary = flaps(summary, changes(course.recent), len(course.recent))
    return Alarm(
        id=alarm_id(kind, subject.name, subject.device, course.since, *(subject.key or ())),
        kind=kind, subject=subject.name, device=subject.device, tunnel=subject.key,
        peer=subject.tunnel.peer if subject.tunnel is not None else None, status=course.status, cause=course.cause,
        summary=summary, began=course.since, raised_at=at, good_at=course.good_before, finding=finding,
        flapping=course.flapping,
    )


def _rebuilt(subject: Subject, course: Course) -> Alarm:
    """The open alarm as far as the memory knows it."""
    held = replace(_new(subject, course, course.since, None))
    return replace(held, id=course.alarm or held.id)


def _summary(subject: Subject, course: Course, finding: Mapping[str, Any] | None) -> str:
    if finding is not None and finding.get("summary"):
        return str(finding["summary"])
    return f"{subject.name} is {course.status.value}: {course.cause or 'unknown'}."


def _bare(summary: str, alarm: Alarm) -> str:
    """The summary without how often it flapped when that was last said."""
    if alarm.finding is not None and alarm.finding.get("summary"):
        return str(alarm.finding["summary"])
    return summary


def _cleared(subject: Subject, alarm: Alarm, course: Course, at: datetime, *, gone: bool) -> tuple[Alarm, str]:
    if gone:
        said = f"{subject.name} is no longer there: not listed for so long that its alarm ends, not known to be well."
        return replace(alarm, cleared_at=at, gone=True, summary=f"{alarm.summary} Cleared: {said}"), said
    lasted = span((course.since - alarm.began).total_seconds())
    said = f"{subject.name} is good again since {moment(course.since)}; it was not for {lasted}."
    return replace(alarm, cleared_at=at), said


def _change(subject: Subject, held: Status, course: Course, at: datetime, summary: str) -> Change:
    return Change(device=subject.device, tunnel=subject.key, name=subject.name, at=at, before=held,
                  after=course.status, cause=course.cause, summary=summary)
