"""The tunnel's own habit: what is usual for it is no alarm.

A span, without packets or without SAs, is unusual only where the tunnel was watched through eight days, each hour of
the week once, and the span is longer than ten minutes and than three times the longest of its kind. A span that was
raised teaches at most a doubling of what was known: so a habit that was misjudged is learnt in a few steps, and one
long outage does not blind the watch. One-way traffic that was raised teaches nothing: the next outage of its kind must
be seen as soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.model.memory import Habit

if TYPE_CHECKING:
    from datetime import datetime

WATCHED_HOURS = 8 * 24
SHORTEST = 600.0   # seconds
TIMES = 3
YOUNG = 24 * 3600.0   # seconds
YOUNG_POLLS = 5
"""One-way traffic of a tunnel that is known for less than a day is told after so many polls in a row."""
_LOST = 3
_NEARLY = 0.9


@dataclass(slots=True, kw_only=True)
class Ways:
    """The fields of a habit that one poll moves on, within one call of `advance`."""

    since: datetime
    polls: int = 0
    moving: int = 0
    longest_quiet: float = 0.0
    quiet_since: datetime | None = None
    longest_away: float = 0.0
    away_since: datetime | None = None
    one_way: int = 0
    one_way_now: int = 0
    alone: int = 0
    hours: int = 0

    def kept(self) -> Habit:
        """The habit to remember."""
        return Habit(since=self.since, polls=self.polls, moving=self.moving, longest_quiet=self.longest_quiet,
                     quiet_since=self.quiet_since, longest_away=self.longest_away, away_since=self.away_since,
                     one_way=self.one_way, one_way_now=self.one_way_now, alone=self.alone, hours=self.hours)


def ways_of(habit: Habit) -> Ways:
    """The habit so far."""
    return Ways(since=habit.since, polls=habit.polls, moving=habit.moving, longest_quiet=habit.longest_quiet,
                quiet_since=habit.quiet_since, longest_away=habit.longest_away, away_since=habit.away_since,
                one_way=habit.one_way, one_way_now=habit.one_way_now, alone=habit.alone, hours=habit.hours)


def watch(ways: Ways, at: datetime, last: datetime | None) -> None:
    """One more poll told how the tunnel is; `last`: the one before that did.

    Where polls were lost in between, it may have been back unseen: a span without SAs ends with the last that told.
    """
    if last is None or last.timestamp() // 3600 != at.timestamp() // 3600:
        ways.hours += 1
    if last is not None and ways.away_since is not None and ways.polls > _LOST:
        usual = (last - ways.since) / ways.polls
        if at - last > _LOST * usual:
            _end_away(ways, last, raised=False)
    ways.polls += 1


def stays_away(ways: Ways, at: datetime) -> None:
    """It has no SAs."""
    if ways.away_since is None:
        ways.away_since = at
    ways.one_way_now = 0


def is_there(ways: Ways, at: datetime, *, still: bool | None, raised: bool) -> None:
    """It has SAs and nothing is wrong with it. `raised`: an alarm is open for it."""
    _end_away(ways, at, raised=raised)
    if still is False:
        ways.moving += 1
        _end_quiet(ways, at, raised=raised)
        ways.one_way = ways.one_way if raised else max(ways.one_way, ways.one_way_now)
        ways.one_way_now = 0
    elif still and ways.quiet_since is None:
        ways.quiet_since = at


def is_bad(ways: Ways, at: datetime, *, raised: bool) -> None:
    """Something is wrong with it: what it does now is not its habit, what it did until now was."""
    _end_away(ways, at, raised=raised)
    _end_quiet(ways, at, raised=raised)
    ways.one_way_now = 0


def goes_one_way(ways: Ways, raise_after: int, at: datetime, *, raised: bool) -> bool:
    """Much goes one way, nothing the other: whether answers were usual, and it is more than passed by itself before."""
    _end_away(ways, at, raised=raised)
    _end_quiet(ways, at, raised=raised)
    ways.one_way_now += 1
    ways.alone += not raised
    answered = ways.moving >= YOUNG_POLLS and ways.moving >= ways.alone - ways.one_way_now
    if not answered:   # one that goes one way by nature was never seen otherwise
        return False
    needed = YOUNG_POLLS if (at - ways.since).total_seconds() < YOUNG else raise_after
    return ways.one_way_now > max(ways.one_way, needed - raise_after)


def always_answered(ways: Ways, at: datetime) -> bool:
    """Whether, for a day at least, answers came in every span in which much was sent."""
    return ways.one_way == 0 and (at - ways.since).total_seconds() >= YOUNG and ways.moving >= _NEARLY * ways.polls


def unusual(ways: Ways, since: datetime | None, longest: float, at: datetime) -> bool:
    """Whether a span that began then and lasts is longer than the tunnel's habit explains."""
    if since is None or ways.hours < WATCHED_HOURS:
        return False
    span = (at - since).total_seconds()
    watched_before = ways.hours - span / 3600 >= WATCHED_HOURS   # the span itself teaches nothing
    return watched_before and span >= SHORTEST and span > TIMES * longest


def _end_away(ways: Ways, at: datetime, *, raised: bool) -> None:
    if ways.away_since is not None:
        ways.longest_away = _learnt(ways.longest_away, (at - ways.away_since).total_seconds(), raised=raised)
        ways.away_since = None


def _end_quiet(ways: Ways, at: datetime, *, raised: bool) -> None:
    if ways.quiet_since is not None:
        ways.longest_quiet = _learnt(ways.longest_quiet, (at - ways.quiet_since).total_seconds(), raised=raised)
        ways.quiet_since = None


def _learnt(longest: float, span: float, *, raised: bool) -> float:
    return max(longest, min(span, max(2 * longest, SHORTEST)) if raised else span)
