"""The course of one subject, a tunnel or a device, over its polls: when it is raised, changed and cleared.

Raised after `raise_after` bad polls in a row; also where one more than that of the last ten were bad (it flips at each
poll), or where it went to and fro `flap_count` times within the window. Cleared after `clear_after` good polls in a
row; what is flapping only when fewer than half of `flap_count` changes remain in the window, or it was good for half of
the window, so that it does not chatter. A poll that tells nothing moves nothing. What is worse than the open alarm, or
has another cause, must be seen `raise_after` times in a row before the alarm is changed; what is milder `clear_after`
times.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from vpn_check.alarms.recent import CRITICAL, GOOD, UNKNOWN, bad_in_a_row, bad_of_late, changes
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.model.memory import DeviceMemory, TunnelMemory


class Turn(Enum):
    """What a poll makes of a course."""

    RAISED = auto()
    CHANGED = auto()
    FLAPPING = auto()
    CLEARED = auto()


@dataclass(slots=True, kw_only=True)
class Course:
    """The fields of a memory that one poll moves on; the only thing here that changes, within one call of `advance`."""

    status: Status = Status.UNKNOWN
    cause: str = ""
    since: datetime
    recent: str = ""
    good_at: datetime | None = None
    bad_since: datetime | None = None
    good_in_a_row: int = 0
    good_since: datetime | None = None
    uneasy_since: datetime | None = None
    calm_at: datetime | None = None
    other: str = ""
    other_polls: int = 0
    alarm: str | None = None
    flapping: bool = False

    @property
    def good_before(self) -> datetime | None:
        """The last good poll before the present state began."""
        return self.calm_at if self.since == self.uneasy_since else self.good_at


def of_tunnel(memory: TunnelMemory) -> Course:
    """The course of a tunnel so far."""
    return Course(status=memory.status, cause=memory.cause, since=memory.since, recent=memory.recent,
                  good_at=memory.good_at, bad_since=memory.bad_since, good_in_a_row=memory.good_in_a_row,
                  good_since=memory.good_since, uneasy_since=memory.uneasy_since, calm_at=memory.calm_at,
                  other=memory.other, other_polls=memory.other_polls, alarm=memory.alarm, flapping=memory.flapping)


def of_device(memory: DeviceMemory) -> Course:
    """The course of a device so far: whether it can be asked. It has one cause only."""
    return Course(status=memory.status, cause="unknown", since=memory.since, recent=memory.recent,
                  good_at=memory.answered_at, bad_since=memory.bad_since, good_in_a_row=memory.good_in_a_row,
                  good_since=memory.good_since, uneasy_since=memory.uneasy_since, calm_at=memory.calm_at,
                  alarm=memory.alarm, flapping=memory.flapping)


def tells_nothing(course: Course, hold: HoldDown) -> None:
    """A poll from which it is not known how the subject is."""
    course.recent = (course.recent + UNKNOWN)[-hold.window :]


def good(course: Course, at: datetime, hold: HoldDown, *, well_at: datetime | None) -> Turn | None:
    """A poll that saw the subject good. `well_at`: the time of the last poll that saw it not only good, but working."""
    course.recent = (course.recent + GOOD)[-hold.window :]
    if not course.good_in_a_row:
        course.good_since = at
    course.good_in_a_row += 1
    course.bad_since = None
    course.good_at = well_at
    course.other, course.other_polls = "", 0
    over = course.good_in_a_row >= hold.clear_after
    if course.alarm is None:
        if course.status is Status.UNKNOWN:
            course.status, course.since = Status.HEALTHY, at
        if over:
            course.uneasy_since = course.calm_at = None
        return None
    calm = 2 * course.good_in_a_row >= hold.window or 2 * changes(course.recent) < hold.flap_count
    if over and (calm or not course.flapping):
        clear(course, course.good_since or at)
        return Turn.CLEARED
    return _flaps(course, hold)


def clear(course: Course, since: datetime) -> None:
    """The state is healthy again since then; the id of the alarm is left for the caller to take."""
    course.status, course.cause, course.since = Status.HEALTHY, "healthy", since
    course.bad_since = course.uneasy_since = course.calm_at = None
    course.other, course.other_polls = "", 0
    course.flapping = False


def bad(
    course: Course, status: Status, cause: str, at: datetime, hold: HoldDown, *,
    began: datetime | None = None, lasted: bool = False, first: bool = False, maintenance: bool = False,
) -> Turn | None:
    """A poll that saw the subject bad.

    Args:
        course: is moved on.
        status: warning, critical, or unknown for a device.
        cause: the code.
        at: when.
        hold: the patience.
        began: when it began, where that was before this poll.
        lasted: it was bad through the whole span since the poll before, which so counts as well.
        first: there was no poll before: no history that a hold-down could protect.
        maintenance: nothing is raised or changed now.
    """
    if course.uneasy_since is None:
        course.uneasy_since, course.calm_at = began or at, course.good_at
    if course.bad_since is None:
        course.bad_since = began or at
    course.good_in_a_row, course.good_since = 0, None
    letter = UNKNOWN if maintenance else "w" if status is Status.WARNING else CRITICAL
    course.recent = (course.recent + letter)[-hold.window :]
    if maintenance:
        course.other, course.other_polls = "", 0
        return None
    if course.alarm is None:
        since = _raised_since(course, hold, first=first, lasted=lasted)
        if since is None:
            return None
        course.status, course.cause, course.since = status, cause, since
        course.flapping = changes(course.recent) >= hold.flap_count
        return Turn.RAISED
    return _confirmed(course, status, cause, hold) or _flaps(course, hold)


def _raised_since(course: Course, hold: HoldDown, *, first: bool, lasted: bool) -> datetime | None:
    """Since when it is bad, if it is to be raised now."""
    if first or bad_in_a_row(course.recent) + lasted >= hold.raise_after:
        return course.bad_since
    if bad_of_late(course.recent, hold.clear_after) > hold.raise_after or changes(course.recent) >= hold.flap_count:
        return course.uneasy_since
    return None


def _confirmed(course: Course, status: Status, cause: str, hold: HoldDown) -> Turn | None:
    """Whether an open alarm is to be changed: its status or cause was otherwise for long enough."""
    if status is course.status and cause == course.cause:
        course.other, course.other_polls = "", 0
        return None
    seen = f"{status.value} {cause}"
    worse = status is Status.CRITICAL and course.status is Status.WARNING
    goes_on = seen == course.other or (worse and course.other.startswith(status.value))
    course.other, course.other_polls = seen, course.other_polls + 1 if goes_on else 1
    milder = status is Status.WARNING and course.status is Status.CRITICAL
    if course.other_polls < (hold.clear_after if milder else hold.raise_after):
        return None
    course.status, course.cause = status, cause
    course.other, course.other_polls = "", 0
    return Turn.CHANGED


def _flaps(course: Course, hold: HoldDown) -> Turn | None:
    if course.flapping or changes(course.recent) < hold.flap_count:
        return None
    course.flapping = True
    return Turn.FLAPPING
