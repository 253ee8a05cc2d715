"""Making an alarm under which others are rolled up, and keeping it true."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.alarms.raising import alarm_id
from vpn_check.alarms.root_words import common_cause, finding, sentence, worst
from vpn_check.model.alarm import Alarm, AlarmKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vpn_check.alarms.ends import End
    from vpn_check.alarms.fleet import Case, Fleet

ROOTS = frozenset({AlarmKind.PEER, AlarmKind.UPLINK, AlarmKind.SITE})
"""Kinds of alarms that stand for others only."""


def made(place: End, cases: Sequence[Case], fleet: Fleet, at: datetime) -> Alarm:
    """A new root for what fails at a place, without members yet."""
    raised = [case.alarm for case in cases if case.alarm is not None]
    began = min(case.began for case in cases)
    device = place.subject if place.kind is AlarmKind.UPLINK else None
    before = [alarm.good_at for alarm in raised if alarm.good_at is not None and alarm.good_at <= began]
    root = Alarm(
        id=alarm_id(place.kind, place.subject, device, began), kind=place.kind, subject=place.subject, device=device,
        peer=place.subject if place.kind is AlarmKind.PEER else None, status=worst(raised),
        cause=common_cause(raised), summary="", began=began, raised_at=at, good_at=max(before, default=None),
    )
    return worded(root, raised, cases, fleet)


def worded(root: Alarm, members: Sequence[Alarm], cases: Sequence[Case], fleet: Fleet) -> Alarm:
    """The root with cause, sentence and finding for these open members, and for what is not raised yet."""
    cause = common_cause(members)
    summary = sentence(root.kind, root.subject, cases, cause, root.began, fleet)
    return replace(root, status=worst(members), cause=cause, summary=summary,
                   finding=finding(root.kind, root.subject, cause, summary, members, cases))


def remaining(root: Alarm, left: Sequence[Alarm]) -> Alarm:
    """The root when some of its members are cleared: it says how many remain."""
    whole = str(root.finding["summary"]) if root.finding is not None else root.summary
    told = whole if len(left) == len(root.members) else f"{len(left)} of {len(root.members)} still fail. {whole}"
    return replace(root, status=worst(left), summary=told)
