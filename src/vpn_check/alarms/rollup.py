"""Alarms that have one cause are rolled up under one: a hub, an uplink, a site, a device that is down.

A root is made where all that meets in one place fails within a short time and nothing of it works; what is still held
down counts for the decision, so that the root stands at the first raise and the others join it when they are raised. It
is cleared when its last member is: members that stay bad after the others keep it open, and it says how many they are,
rather than being raised a second time as alarms of their own. Only the alarm of a device that answers again ends by
itself; what still fails then is released, or joins another root.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.alarms.board import Board
from vpn_check.alarms.ends import End, at_once, ends
from vpn_check.alarms.fleet import survey
from vpn_check.alarms.roots import ROOTS, made, remaining, worded
from vpn_check.model.alarm import AlarmKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from vpn_check.alarms.fleet import Case, Fleet
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.memory import DeviceMemory

WITHIN = timedelta(minutes=15)
"""Three polls of five minutes."""


def roll_up(
    alarms_open: Sequence[Alarm], new: Sequence[Alarm], devices: Mapping[str, DeviceMemory],
    cycle_pending: Mapping[str, tuple[tuple[str, ...] | None, ...]], at: datetime, *, within: timedelta = WITHIN,
) -> tuple[Alarm, ...]:
    """Roll up what belongs together.

    Args:
        alarms_open: all that were open before this cycle, roots among them.
        new: those that this cycle made, changed or cleared, whole state.
        devices: what is remembered of the polled devices, after this cycle.
        cycle_pending: by device, what is bad and not raised (`Advance.pending`).
        at: now.
        within: what begins in such a span of time may have one cause: three polls.

    Returns:
        Alarms to save over those given: roots that were made, changed or cleared, members with their `root`. A member
        whose `root` is None again was released, and is to be told of as an alarm of its own.
    """
    if not alarms_open and not new:
        return ()
    board = Board((*alarms_open, *new))
    fleet = survey(board.open(), devices, cycle_pending)
    _join(board, fleet, within)
    _make(board, fleet, at, within, kinds=frozenset({AlarmKind.SITE}))
    _under_devices(board, fleet)
    _make(board, fleet, at, within, kinds=frozenset({AlarmKind.PEER, AlarmKind.UPLINK}))
    _release(board, fleet)
    _settle(board, at)
    return tuple(board.altered())


def _join(board: Board, fleet: Fleet, within: timedelta) -> None:
    """Put what fits an open root under it: it begins with it, or nothing works there yet."""
    for root in board.open():
        if root.kind not in ROOTS:
            continue
        place = End.of(root)
        near = [case for case in board.loose(fleet) if place.touches(case, fleet)]
        if near and place.works(fleet, near):
            near = [case for case in near if abs(case.began - root.began) <= within]
        if near:
            grown = board.roll_under(root, [case.alarm for case in near if case.alarm is not None])
            board.put(worded(grown, board.members(grown), _cases_of(grown, fleet), fleet))


def _cases_of(root: Alarm, fleet: Fleet) -> list[Case]:
    """What fails under a root: its members, and what may become one."""
    place, names = End.of(root), set(root.members)
    return [case for case in fleet.cases
            if (case.alarm.id in names if case.alarm is not None else place.touches(case, fleet))]


def _make(board: Board, fleet: Fleet, at: datetime, within: timedelta, *, kinds: frozenset[AlarmKind]) -> None:
    """Make roots, the one that explains most first, until none explains what is left."""
    working: set[End] = set()
    while loose := board.loose(fleet):
        free = loose + [case for case in fleet.cases if case.alarm is None and not _spoken_for(case, board, fleet)]
        found = [(place, at_once(cases, within)) for place, cases in ends(free, fleet).items()
                 if place.kind in kinds and place not in working]
        found = [(place, cases) for place, cases in found
                 if any(case.alarm is not None for case in cases) and place.enough(cases)]
        if not found:
            return
        place, cases = max(found, key=lambda one: (len(one[1]), one[0].kind is AlarmKind.UPLINK, one[0].subject))
        if place.works(fleet, cases):
            working.add(place)
            continue
        root = made(place, cases, fleet, at)
        root = board.roll_under(root, [case.alarm for case in cases if case.alarm is not None])
        board.put(worded(root, board.members(root), cases, fleet))


def _spoken_for(case: Case, board: Board, fleet: Fleet) -> bool:
    """Whether a case that is not raised yet will join an open root."""
    return any(End.of(root).touches(case, fleet) for root in board.open() if root.kind in ROOTS)


def _under_devices(board: Board, fleet: Fleet) -> None:
    """Put the tunnels that lead to a device that does not answer under its alarm, where none of them works."""
    downs = {case.device: case.alarm for case in fleet.cases if case.key is None and case.alarm is not None}
    leading: dict[str, list[Alarm]] = {}
    for case in board.loose(fleet):
        owner = fleet.owner.get(case.peer or "")
        if case.key is not None and case.alarm is not None and owner in downs and owner != case.device:
            leading.setdefault(owner, []).append(case.alarm)
    for device, alarms in leading.items():
        if not fleet.good_to(fleet.addresses(device)):
            board.roll_under(board.now(downs[device]), alarms)


def _release(board: Board, fleet: Fleet) -> None:
    """What still fails although its root is over stands alone again; what is on its way back is left to be cleared."""
    for case in board.loose(fleet):
        if case.alarm is not None and case.alarm.root is not None:
            board.put(replace(board.now(case.alarm), root=None))


def _settle(board: Board, at: datetime) -> None:
    """Clear roots without open members; say of the others how many remain."""
    for root in board.open():
        if root.kind not in ROOTS:
            continue
        left = board.members(root)
        if not left:
            board.put(replace(root, cleared_at=at))
        elif (now := remaining(root, left)) != root:
            board.put(now)
