"""Alarms that are one outage seen twice: from both ends of a tunnel, or on several flows between the same two ends.

The one that was raised first is the root of the others; of those raised together the one that knows its cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from vpn_check.alarms.fleet import Case, Fleet
    from vpn_check.model.alarm import Alarm


def families(cases: Sequence[Case], fleet: Fleet, within: timedelta) -> list[tuple[Alarm, list[Alarm]]]:
    """Of raised tunnels that stand alone: each that others are to be rolled up under, with these."""
    between: dict[frozenset[str], list[Case]] = {}
    for case in cases:
        if case.key is not None and case.alarm is not None and case.peer is not None:
            far = fleet.owner.get(case.peer, case.peer)
            between.setdefault(frozenset({case.device, far}), []).append(case)
    found: list[tuple[Alarm, list[Alarm]]] = []
    for group in between.values():
        heads: list[tuple[Case, list[Alarm]]] = []
        for case in sorted(group, key=_standing):
            head = next((one for one in heads if _same(one[0], case, within)), None)
            if head is None:
                heads.append((case, []))
            elif case.alarm is not None:
                head[1].append(case.alarm)
        found += [(head.alarm, others) for head, others in heads if others and head.alarm is not None]
    return found


def _standing(case: Case) -> tuple[bool, float, bool, str, tuple[str, ...]]:
    alarm = case.alarm
    raised = alarm.raised_at.timestamp() if alarm is not None else 0.0
    return (not (alarm is not None and alarm.members), raised, alarm is None or alarm.cause == "unknown", case.device,
            case.key or ())


def _same(one: Case, other: Case, within: timedelta) -> bool:
    """Whether it is the same flow from its other end, or another flow that fails of the same at the same time."""
    if one.device != other.device:
        crossed = (one.idents[1], one.idents[0])
        return other.idents == crossed or None in {*one.idents, *other.idents}
    alike = one.alarm is not None and other.alarm is not None and one.alarm.cause == other.alarm.cause
    return alike and one.peer == other.peer and abs(one.began - other.began) <= within
