"""One poll of one device, judged by what came before: memory and observation in, memory and alarms out.

Bad is a tunnel that is critical or warning, and a device that cannot be asked or does not tell how its tunnels are.
Such a poll says nothing about the tunnels: it neither clears nor raises their alarms nor breaks a row of bad polls, and
counts as unknown. `course` says when something is raised and cleared, `habit` and `absence` what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from vpn_check.alarms.absence import falls_or_fails, is_peer_only
from vpn_check.alarms.course import Course, Turn, bad, good, of_device
from vpn_check.alarms.fold import fold
from vpn_check.alarms.growth import started
from vpn_check.alarms.raising import Subject, turned
from vpn_check.alarms.scene import Scene
from vpn_check.alarms.step import UNTOLD, not_told, step
from vpn_check.alarms.wording import silent_device
from vpn_check.model.finding import Status
from vpn_check.model.memory import DeviceMemory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.alarms.step import Stepped
    from vpn_check.model.alarm import Alarm, Change
    from vpn_check.model.memory import TunnelMemory
    from vpn_check.model.observation import DeviceObservation
    from vpn_check.model.tally import Tally

ALL_AT_ONCE = 3
"""So many busy tunnels that vanish in one poll, with no other left, are no coincidence."""
NO_ALARMS: Mapping[str, Alarm] = MappingProxyType({})
EVIDENCE_AGAIN = timedelta(hours=1)
"""What comes and goes has its evidence collected at most so often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What a poll made of a device.

    `memory` is to be kept and handed in with the next poll. `tallies`: the poll in numbers, by `Tunnel.key`. `alarms`:
    those that are new, changed or cleared by it, whole state each. `pending`: tunnels (None: the device) that this poll
    saw bad and that are not raised. `wants_evidence`: it is worth collecting everything now; the job sets
    `memory.evidence_at` when it did.
    """

    memory: DeviceMemory
    tallies: Mapping[tuple[str, ...], Tally]
    changes: tuple[Change, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    pending: tuple[tuple[str, ...] | None, ...] = ()
    wants_evidence: bool = False


@dataclass(slots=True, kw_only=True)
class _Poll:
    """What gathers while the tunnels of a device are gone through."""

    tunnels: list[TunnelMemory] = field(default_factory=list)
    tallies: dict[tuple[str, ...], Tally] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    pending: list[tuple[str, ...] | None] = field(default_factory=list)
    evidence: bool = False

    def say(self, said: tuple[Alarm, Change] | None) -> None:
        if said is not None:
            self.alarms.append(said[0])
            self.changes.append(said[1])


def advance(
    before: DeviceMemory | None, seen: DeviceObservation, hold: HoldDown, *, maintenance: bool = False,
    open_alarms: Mapping[str, Alarm] = NO_ALARMS, resting: frozenset[str] = frozenset(),
) -> Advance:
    """Judge one poll of a device.

    Args:
        before: the memory that the last poll left; None: the device was never polled. Then there is no history that a
            hold-down could protect, and what is bad is raised at once.
        seen: what this poll saw.
        hold: the patience.
        maintenance: the device is worked on: nothing is raised; what is good again is cleared.
        open_alarms: alarms by id; one that is missing is made anew as far as the memory knows it.
        resting: addresses of devices that are worked on: a tunnel that leads to one of them is in maintenance too.
    """
    poll = _Poll()
    known = before.tunnels if before is not None else ()
    course = of_device(before) if before is not None else Course(since=seen.at)
    missing = _missing(known, seen)
    told = seen.fault is None and (seen.whole or (bool(_told(seen)) and not missing))
    _device(poll, course, seen, hold, told=told, missing=missing, known=len(known), first=before is None,
            maintenance=maintenance, open_alarms=open_alarms)
    if seen.fault is not None:
        poll.tunnels = [not_told(tunnel, hold) for tunnel in known]
        poll.tallies = {tunnel.id.key: UNTOLD for tunnel in known}
    else:
        scene = _scene(before, seen, hold, maintenance=maintenance, resting=resting)
        _tunnels(poll, known, scene, before.evidence_at if before is not None else None, open_alarms)
        poll.evidence = (poll.evidence or before is None) and not maintenance
    return Advance(
        memory=_memory(poll, before, seen, course, told=told), tallies=poll.tallies, changes=tuple(poll.changes),
        alarms=tuple(poll.alarms), pending=tuple(poll.pending), wants_evidence=poll.evidence,
    )


def _missing(known: tuple[TunnelMemory, ...], seen: DeviceObservation) -> int:
    """How many tunnels that were there are not told, where the table was not read to its end."""
    if seen.fault is not None or seen.whole:
        return 0
    now = _told(seen)
    return sum(tunnel.id.key not in now and tunnel.habit.away_since is None for tunnel in known)


def _told(seen: DeviceObservation) -> set[tuple[str, ...]]:
    """The tunnels of which the poll tells how they are: that a peer is listed says nothing of its flows."""
    return {tunnel.id.key for tunnel in seen.tunnels if tunnel.status is not Status.UNKNOWN}


def _device(
    poll: _Poll, course: Course, seen: DeviceObservation, hold: HoldDown, *, told: bool, missing: int, known: int,
    first: bool, maintenance: bool, open_alarms: Mapping[str, Alarm],
) -> None:
    """Judge whether the device can be asked."""
    held, finding = course.status, None
    if told:
        turn = good(course, seen.at, hold, well_at=seen.at)
    else:
        finding = silent_device(seen, missing, known)
        turn = bad(course, Status.UNKNOWN, "unknown", seen.at, hold, first=first, maintenance=maintenance)
    if turn is not None:
        poll.say(turned(Subject(device=seen.device), course, turn, held, seen.at, finding=finding,
                        before=open_alarms.get(course.alarm or "")))
        poll.evidence = turn is Turn.CLEARED
    if not told and course.alarm is None:
        poll.pending.append(None)


def _scene(
    before: DeviceMemory | None, seen: DeviceObservation, hold: HoldDown, *, maintenance: bool, resting: frozenset[str]
) -> Scene:
    """What all tunnels of this poll have in common."""
    up_peers = frozenset(tunnel.id.peer for tunnel in seen.tunnels if tunnel.up)
    there = any(one.up or (one.up is None and not is_peer_only(one.id)) for one in seen.tunnels)
    known = before.tunnels if before is not None and seen.whole and not there else ()
    lost = sum(not is_peer_only(tunnel.id) and falls_or_fails(tunnel) for tunnel in known)
    return Scene(
        seen=seen, hold=hold, last=before.answered_at if before is not None else None,
        restart=started(before, seen.booted_at), expected=frozenset(seen.expected_up) - {"*"},
        all_expected="*" in seen.expected_up, up_peers=up_peers,
        listed_peers=frozenset(tunnel.id.peer for tunnel in seen.tunnels if not is_peer_only(tunnel.id)),
        first=before is None, maintenance=maintenance, resting=resting, emptied=lost if lost >= ALL_AT_ONCE else 0,
    )


def _tunnels(
    poll: _Poll, known: tuple[TunnelMemory, ...], scene: Scene, evidence_at: datetime | None,
    open_alarms: Mapping[str, Alarm],
) -> None:
    """Judge the tunnels of a device that answered."""
    due = evidence_at is None or scene.at - evidence_at >= EVIDENCE_AGAIN
    for tunnel, was, now in fold(known, scene.seen):
        done = step(tunnel, was, now, scene, scene.seen.device, open_alarms)
        poll.tallies[tunnel.key] = done.tally
        poll.say(done.said)
        if done.memory is not None:
            poll.tunnels.append(done.memory)
            if done.bad and done.memory.alarm is None:
                poll.pending.append(tunnel.key)
        poll.evidence = poll.evidence or _worth_evidence(done, evidence_at, due=due)


def _worth_evidence(done: Stepped, evidence_at: datetime | None, *, due: bool) -> bool:
    """Whether it is worth collecting everything: a spell begins, what is held changes or ends; not at each flap."""
    if done.began:
        return done.calm or due
    if done.turn is Turn.RAISED and done.said is not None:
        return evidence_at is None or evidence_at < done.said[0].began
    if done.turn is None:
        return False
    return due or not (done.memory is not None and done.memory.flapping)


def _memory(
    poll: _Poll, before: DeviceMemory | None, seen: DeviceObservation, course: Course, *, told: bool
) -> DeviceMemory:
    answered = seen.fault is None
    settled = before is None or (answered and not poll.pending)
    return DeviceMemory(
        device=seen.device, status=course.status, since=course.since, recent=course.recent,
        answered_at=seen.at if told else before.answered_at if before is not None else None,
        bad_since=course.bad_since, good_in_a_row=course.good_in_a_row, alarm=course.alarm,
        booted_at=seen.booted_at or (before.booted_at if before is not None else None),
        traits=seen.traits if settled or before is None else before.traits,
        local_addresses=seen.local_addresses or (before.local_addresses if before is not None else frozenset()),
        site=seen.site or (before.site if before is not None else None),
        evidence_at=before.evidence_at if before is not None else None,
        config_at=before.config_at if before is not None else None,
        tunnels=tuple(poll.tunnels), flapping=course.flapping, good_since=course.good_since,
        uneasy_since=course.uneasy_since, calm_at=course.calm_at,
        traits_at=seen.at if settled or before is None else before.traits_at,
    )
