"""Alarms that have one cause are rolled up under one: a hub, an uplink, a site, a device that is down.

A root is made where all that meets in one place fails within a short time and nothing of it works; what is still held
down counts for the decision, so that the root stands at the first raise and the others join it when they are raised. It
is cleared when its last member is: members that stay bad after the others keep it open, and it says how many they are,
rather than being raised a second time as alarms of their own. The alarm of a device or of a tunnel that is the root of
others ends by itself; what still fails then is released, or joins another root.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from vpn_check.alarms.board import Board
from vpn_check.alarms.ends import End, at_once, ends
from vpn_check.alarms.fleet import survey
from vpn_check.alarms.kin import families
from vpn_check.alarms.roots import ROOTS, made, remaining, worded
from vpn_check.model.alarm import AlarmKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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
    for head, others in families(board.loose(fleet), fleet, within):
        board.roll_under(board.now(head), others)
    _release(board, fleet)
    _settle(board, at)
    return tuple(board.altered())


def _join(board: Board, fleet: Fleet, within: timedelta) -> None:
    """Put what fits an open root under it: it begins with it, or nothing works there yet."""
    loose = board.loose(fleet)
    roots = [root for root in board.open() if root.kind in ROOTS] if loose else []
    touched = ends(loose, fleet, also=roots)
    for root in roots:
        place = End.of(root)
        near = [case for case in touched.get(place, ()) if case.alarm is not None and board.stands_alone(case.alarm)]
        if near and place.works(fleet, near):
            near = [case for case in near if abs(case.began - root.began) <= within]
        if near:
            grown = board.roll_under(root, _raised(near))
            board.put(worded(grown, board.members(grown), _cases_of(grown, fleet), fleet))


def _cases_of(root: Alarm, fleet: Fleet) -> list[Case]:
    """What fails under a root: its members, and what may become one."""
    place, names = End.of(root), set(root.members)
    return [case for case in fleet.cases
            if (case.alarm.id in names if case.alarm is not None else place.touches(case, fleet))]


def _make(board: Board, fleet: Fleet, at: datetime, within: timedelta, *, kinds: frozenset[AlarmKind]) -> None:
    """Make roots, the one that explains most first, until none explains what is left."""
    free = {(case.device, case.key): case for case in (*board.loose(fleet), *_held_down(board, fleet))}
    places = {place: cases for place, cases in ends(free.values(), fleet).items() if place.kind in kinds}
    ranks = [_rank(place, len(cases)) for place, cases in places.items() if place.enough(cases)]
    heapify(ranks)
    while ranks:
        rank = heappop(ranks)
        place = End(AlarmKind(rank[2]), rank[3])
        cases = at_once([case for case in places[place] if (case.device, case.key) in free], within)
        if _rank(place, len(cases)) > rank:   # others took some of its cases, or they did not begin together
            heappush(ranks, _rank(place, len(cases)))
        elif place.enough(cases) and any(case.alarm is not None for case in cases) and not place.works(fleet, cases):
            root = board.roll_under(made(place, cases, fleet, at), _raised(cases))
            board.put(worded(root, board.members(root), cases, fleet))
            for case in places[place]:
                if case.alarm is None or not board.stands_alone(case.alarm):
                    free.pop((case.device, case.key), None)


def _rank(place: End, count: int) -> tuple[int, bool, str, str]:
    """The more cases the lower; of equal ones an uplink before the addresses of its device."""
    return (-count, place.kind is not AlarmKind.UPLINK, place.kind.value, place.subject)


def _raised(cases: Iterable[Case]) -> list[Alarm]:
    return [case.alarm for case in cases if case.alarm is not None]


def _held_down(board: Board, fleet: Fleet) -> list[Case]:
    """Cases that are not raised yet, and will not join a root that is open."""
    held = [case for case in fleet.cases if case.alarm is None]
    roots = [root for root in board.open() if root.kind in ROOTS] if held else []
    touched = ends(held, fleet, also=roots)
    joining = {(case.device, case.key) for root in roots for case in touched.get(End.of(root), ())}
    return [case for case in held if (case.device, case.key) not in joining]


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
