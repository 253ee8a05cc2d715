"""Outages of the simulated world, and what people must be told of each: raised once, soon, and cleared once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.poll.script import Kind
from tests.poll.traffic import EVERY, Habit

from vpn_check.model.alarm import AlarmKind

if TYPE_CHECKING:
    from tests.poll.script import Event
    from tests.poll.stage import Told
    from tests.poll.world import World

    from vpn_check.model.alarm import Alarm

POLL = timedelta(minutes=5)
DETECTED_WITHIN = 2
"""Polls after its begin until an outage is raised."""
LATER = {Kind.FLAPPING: 6}
"""The same for one that is away at every other poll, and for what only the counters show: in the span in which it
began, answers have come."""
CLEARED_WITHIN = 8
"""Polls after its end until it is cleared: five good ones, and one or two that still see what failed before the end."""
_OUTAGES = {Kind.UNREACHABLE, Kind.REFUSED, Kind.BLOCKED, Kind.CONFIG_CHANGED, Kind.FLAPPING, Kind.HUB_DOWN,
            Kind.ISP_DOWN, Kind.DEVICE_DOWN}
_ABOUT = {Kind.HUB_DOWN: AlarmKind.PEER, Kind.ISP_DOWN: AlarmKind.UPLINK, Kind.DEVICE_DOWN: AlarmKind.DEVICE}
_SHORT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something that people were told wrongly, or not at all."""

    what: str
    about: str

    def __repr__(self) -> str:
        return f"{self.what}: {self.about}"


def complaints(world: World, told: Told, unheard: tuple[Event, ...] = ()) -> list[Complaint]:
    """What is wrong with what was told of the world's script.

    Args:
        world: the world.
        told: what was told.
        unheard: outages of which nobody wants to hear: in a maintenance window.
    """
    left = list(told.raised)
    found = []
    for event in world.script:
        if event.kind not in _OUTAGES or event in unheard or (event.until or event.at) - event.at <= _SHORT:
            continue
        own = [alarm for alarm in left if _is_of(alarm, event, world)]
        left = [alarm for alarm in left if alarm not in own]
        cleared = [alarm for alarm in told.cleared if alarm.id in {one.id for one in own}]
        found += _of_outage(event, own, cleared, _patience(event, world))
    found += [Complaint(what="raised for nothing", about=_word(alarm)) for alarm in left]
    twice = [alarm for alarm in told.cleared if sum(alarm.id == other.id for other in told.cleared) > 1]
    return found + [Complaint(what="cleared more than once", about=_word(alarm)) for alarm in twice]


def _patience(event: Event, world: World) -> timedelta:
    """How long after its end an outage may stand: of a tunnel on demand it is only known when it is asked for again."""
    tunnels = [(name, tunnel) for name, machine in world.machines.items() for tunnel in machine.tunnels]
    struck = [tunnel for name, tunnel in tunnels if event.strikes(name, tunnel.number, tunnel.peer)]
    asleep = event.kind is not Kind.DEVICE_DOWN and any(one.traffic.habit is Habit.ON_DEMAND for one in struck)
    return CLEARED_WITHIN * POLL * (3 if event.kind is Kind.FLAPPING else 1) + timedelta(seconds=EVERY if asleep else 0)


def _of_outage(event: Event, raised: list[Alarm], cleared: list[Alarm], patience: timedelta) -> list[Complaint]:
    word = f"{event.kind.name} {event.device or event.peer} {event.tunnel} at {event.at:%a %d %H:%M:%S}"
    if len(raised) != 1:
        return [Complaint(what=f"raised {len(raised)} times", about=f"{word} {[_word(alarm) for alarm in raised]}")]
    alarm, found = raised[0], []
    if alarm.raised_at - event.at > LATER.get(event.kind, DETECTED_WITHIN) * POLL:
        found.append(Complaint(what=f"raised late, at {alarm.raised_at:%H:%M:%S}", about=word))
    if len(cleared) != 1 or cleared[0].cleared_at is None or event.until is None:
        return [*found, Complaint(what=f"cleared {len(cleared)} times", about=word)]
    if not timedelta(0) <= cleared[0].cleared_at - event.until <= patience:
        found.append(Complaint(what=f"cleared at {cleared[0].cleared_at:%H:%M:%S}", about=word))
    return found


def _is_of(alarm: Alarm, event: Event, world: World) -> bool:
    if event.until is None or not event.at <= alarm.began <= event.until + POLL:
        return False
    about = _ABOUT.get(event.kind, AlarmKind.TUNNEL)
    if alarm.kind is not about:
        return False
    if about is AlarmKind.PEER:
        return event.peer in {alarm.peer, alarm.subject}
    if alarm.device not in {event.device, None} or event.device not in {alarm.device, alarm.subject}:
        return False
    return about is not AlarmKind.TUNNEL or alarm.peer == world.machines[event.device].tunnels[event.tunnel or 0].peer


def _word(alarm: Alarm) -> str:
    return (f"{alarm.kind} {alarm.device} {alarm.subject} {alarm.cause}, began {alarm.began:%a %d %H:%M:%S}, "
            f"raised {alarm.raised_at:%H:%M:%S}: {alarm.summary}")
