"""What one poll says of one tunnel that is in the device's table: good, bad, or nothing, in the light of its habit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.alarms import habit
from vpn_check.alarms.absence import absent
from vpn_check.alarms.scene import NOT_TOLD, WELL, Scene, Sight
from vpn_check.alarms.wording import stalled
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.alarms.growth import Growth
    from vpn_check.alarms.habit import Ways
    from vpn_check.model.memory import TunnelMemory
    from vpn_check.model.observation import TunnelObservation

ONE_WAY = frozenset({"traffic.no-return", "traffic.not-encrypted"})

FEW = 5
"""Packets that are lost while a tunnel is built on demand."""


def judge(before: TunnelMemory | None, seen: TunnelObservation, grown: Growth, ways: Ways, scene: Scene) -> Sight:
    """Judge a tunnel that the device lists. `ways`, its habit, is moved on."""
    if seen.status is Status.UNKNOWN:
        return NOT_TOLD
    habit.watch(ways, scene.at, scene.last)
    raised = before is not None and before.alarm is not None
    if seen.status is not Status.HEALTHY:
        return _not_well(seen, grown, ways, scene, raised=raised)
    if seen.up is False:
        return absent(before, seen.id, ways, scene, seen=seen)
    habit.is_there(ways, scene.at, still=grown.still, raised=raised)
    if before is None or not (grown.still and ways.moving):   # one through which nothing ever passed is not missed
        return WELL
    if not habit.unusual(ways, ways.quiet_since, ways.longest_quiet, scene.at):
        return WELL
    return Sight(letter="w", seen=Status.WARNING, cause="traffic.none",
                 finding=stalled(seen.id, before, seen.counters, scene.at))


def _was_up_since(seen: TunnelObservation, grown: Growth) -> bool:
    """Whether it was built and used since the last poll, and the few packets that failed are those that asked for it.

    It has gone away again: the next poll tells whether packets still fail.
    """
    failed = grown.counters.get("send_errors", 0)
    used = grown.counters.get("encaps", 0) > failed and not grown.reset
    return seen.up is False and seen.cause == "ike.negotiation-failed" and used and 0 < failed <= FEW


def _silent_span(seen: TunnelObservation, grown: Growth, ways: Ways, at: datetime) -> bool:
    """Whether one direction stood still through the whole span since the last poll, on a tunnel that always answered.

    What two polls see lasted for one span at least, and so did this: the one poll says as much as two of a state.
    """
    encaps, decaps = grown.counters.get("encaps"), grown.counters.get("decaps")
    worked = bool(seen.counters.get("encaps")) and bool(seen.counters.get("decaps"))
    return seen.cause in ONE_WAY and worked and not grown.reset and 0 in {encaps, decaps} and habit.always_answered(
        ways, at)


def _not_well(seen: TunnelObservation, grown: Growth, ways: Ways, scene: Scene, *, raised: bool) -> Sight:
    silent = _silent_span(seen, grown, ways, scene.at)
    if seen.status is Status.WARNING and seen.cause in ONE_WAY:
        moves = grown.still is False
        if not moves or not habit.goes_one_way(ways, scene.hold.raise_after, scene.at, raised=raised):
            return Sight(letter="?", seen=seen.status, cause=seen.cause)
    elif _was_up_since(seen, grown):
        return Sight(letter="?", seen=seen.status, cause=seen.cause)
    else:
        habit.is_bad(ways, scene.at, raised=raised)
    return Sight(letter="c" if seen.status is Status.CRITICAL else "w", seen=seen.status, cause=seen.cause,
                 finding=seen.finding, lasted=silent)
