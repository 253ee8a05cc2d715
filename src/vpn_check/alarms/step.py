"""One tunnel from one poll to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.alarms import course as courses
from vpn_check.alarms import habit
from vpn_check.alarms.absence import absent
from vpn_check.alarms.course import Course, Turn
from vpn_check.alarms.growth import NOTHING, Growth, growth
from vpn_check.alarms.habit import Ways, ways_of
from vpn_check.alarms.raising import Subject, turned
from vpn_check.alarms.recent import GOOD, UNKNOWN
from vpn_check.alarms.scene import NOT_TOLD, Scene, Sight
from vpn_check.alarms.sight import judge
from vpn_check.model.finding import Status
from vpn_check.model.memory import TunnelMemory
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.model.alarm import Alarm, Change
    from vpn_check.model.observation import TunnelId, TunnelObservation

FORGET = timedelta(days=30)
"""An idle tunnel that was away for so long is forgotten."""
FORGET_BRIEF = timedelta(days=2)
"""One that was known for less than `_LONG_KNOWN` before it went: dynamic peers come and do not come again."""
_LONG_KNOWN = timedelta(days=8)
UNTOLD = Tally(unknown=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """What one poll made of one tunnel.

    `memory` None: it is forgotten. `began`: a bad spell begins with this poll; `calm`: before it, all was well for
    long.
    """

    memory: TunnelMemory | None
    tally: Tally
    bad: bool
    turn: Turn | None = None
    said: tuple[Alarm, Change] | None = None
    began: bool = False
    calm: bool = False


def not_told(before: TunnelMemory, hold: HoldDown) -> TunnelMemory:
    """The tunnel after a poll that tells nothing of it."""
    return replace(before, recent=(before.recent + UNKNOWN)[-hold.window :])


def step(
    tunnel: TunnelId, before: TunnelMemory | None, seen: TunnelObservation | None, scene: Scene, device: str,
    open_alarms: Mapping[str, Alarm],
) -> Stepped:
    """Judge one tunnel of a device that answered. `seen` None: it is not in what the device told."""
    at = scene.at
    grown = growth(before, seen.counters, scene.restart) if seen is not None else NOTHING
    ways = ways_of(before.habit) if before is not None else Ways(since=at)
    course = courses.of_tunnel(before) if before is not None else Course(since=at)
    held, calm, spell = course.status, course.uneasy_since is None, course.bad_since
    sight = _sight(tunnel, before, seen, grown, ways, scene)
    turn = _turn(course, sight, scene, tunnel.peer)
    said = None
    if turn is not None:
        said = turned(Subject(device=device, tunnel=tunnel), course, turn, held, at, finding=sight.finding,
                      before=open_alarms.get(course.alarm or ""), gone=sight.gone)
    rekeyed = seen is not None and before is not None and not grown.reset and bool(
        before.spis and seen.spis - before.spis)
    memory = None if sight.gone or _over(course, ways, scene, seen) else _memory(
        tunnel, before, seen, sight, grown, ways, course, at)
    return Stepped(memory=memory, tally=_tally(sight, grown, rekeyed=rekeyed), bad=sight.bad, turn=turn, said=said,
                   began=sight.bad and spell is None, calm=calm)


def _sight(
    tunnel: TunnelId, before: TunnelMemory | None, seen: TunnelObservation | None, grown: Growth, ways: Ways,
    scene: Scene,
) -> Sight:
    if seen is not None:
        return judge(before, seen, grown, ways, scene)
    if not scene.seen.whole:
        return NOT_TOLD
    habit.watch(ways, scene.at, scene.last)
    return absent(before, tunnel, ways, scene)


def _turn(course: Course, sight: Sight, scene: Scene, peer: str | None) -> Turn | None:
    if sight.gone:
        courses.clear(course, scene.at)
        return Turn.CLEARED
    if sight.letter == UNKNOWN:
        courses.tells_nothing(course, scene.hold)
        return None
    if sight.letter == GOOD:
        return courses.good(course, scene.at, scene.hold, well_at=scene.at if sight.well else course.good_at)
    sure = sight.seen is Status.CRITICAL or sight.cause != "unknown"   # else a second look is what would tell
    return courses.bad(course, sight.seen, sight.cause, scene.at, scene.hold, began=sight.began,
                       lasted=sight.lasted, first=scene.first and sure,
                       maintenance=scene.maintenance or peer in scene.resting)


def _over(course: Course, ways: Ways, scene: Scene, seen: TunnelObservation | None) -> bool:
    """Whether a tunnel that is idle and away is to be forgotten."""
    if seen is not None or course.alarm is not None or course.bad_since is not None or ways.away_since is None:
        return False
    long_known = ways.away_since - ways.since >= _LONG_KNOWN
    return scene.at - ways.away_since >= (FORGET if long_known else FORGET_BRIEF)


def _memory(
    tunnel: TunnelId, before: TunnelMemory | None, seen: TunnelObservation | None, sight: Sight, grown: Growth,
    ways: Ways, course: Course, at: datetime,
) -> TunnelMemory:
    counted = seen is not None and bool(seen.counters)
    told = sight is not NOT_TOLD
    if seen is not None and seen.up is not None:
        spis = seen.spis if seen.up else frozenset[int]()
    else:
        spis = (seen.spis if seen is not None else frozenset()) or (before.spis if before is not None else frozenset())
    totals: Mapping[str, int] = before.totals if before is not None else {}
    if counted and seen is not None:
        totals = {name: totals.get(name, 0) + grown.counters.get(name, 0) for name in {**totals, **seen.counters}}
    return TunnelMemory(
        id=tunnel, habit=ways.kept(), status=course.status, cause=course.cause, since=course.since,
        recent=course.recent, seen_at=at if told else before.seen_at if before is not None else None,
        good_at=course.good_at, bad_since=course.bad_since, good_in_a_row=course.good_in_a_row,
        counters={**(before.counters if before is not None else {}), **seen.counters} if counted and seen is not None
        else before.counters if before is not None else {},
        counted_at=at if counted else before.counted_at if before is not None else None,
        totals=totals, spis=spis,
        traits=seen.traits if sight.well and seen is not None else before.traits if before is not None else {},
        alarm=course.alarm, flapping=course.flapping, good_since=course.good_since, uneasy_since=course.uneasy_since,
        calm_at=course.calm_at, other=course.other, other_polls=course.other_polls,
        explained=before.explained if before is not None else None,
    )


def _tally(sight: Sight, grown: Growth, *, rekeyed: bool) -> Tally:
    found = grown.counters
    return Tally(
        healthy=int(sight.seen is Status.HEALTHY), warning=int(sight.seen is Status.WARNING),
        critical=int(sight.seen is Status.CRITICAL), unknown=int(sight.seen is Status.UNKNOWN),
        counted=int(bool(found)), encaps=found.get("encaps", 0), decaps=found.get("decaps", 0),
        send_errors=found.get("send_errors", 0), recv_errors=found.get("recv_errors", 0), rekeys=int(rekeyed),
        resets=int(grown.reset), cause="" if sight.seen is Status.HEALTHY else sight.cause,
    )
