"""What goes through a tunnel as time passes, in closed form: any moment can be asked for, in any order.

Times are seconds since the beginning of the world, which is a Monday's midnight; they may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0
_OPENS, _CLOSES = 8 * HOUR, 18 * HOUR
BURST, EVERY, AWAKE = 600.0, 4 * HOUR, 2100.0
"""On demand: traffic runs for `BURST` seconds, `EVERY` so often; SAs are there for `AWAKE` seconds from its begin."""
_NEWS = 60.0


class Habit(StrEnum):
    """When traffic runs.

    steady: always. office: on weekdays from eight to six; keepalives that no counter shows hold the tunnel up. on
    demand: a while every four hours; the SAs go in between. one way: much goes out all the time, and a little comes
    back once an hour.
    """

    STEADY = "steady"
    OFFICE = "office"
    ON_DEMAND = "on demand"
    ONE_WAY = "one way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Packets a second while traffic runs, out and back; `shift` moves the bursts of a tunnel on demand, in seconds."""

    habit: Habit
    out: float
    back: float
    shift: float = 0.0

    def sent(self, since: float, until: float) -> float:
        """Packets that want to go out between two moments."""
        return self.out * (self._busy(until) - self._busy(since))

    def received(self, since: float, until: float) -> float:
        """Packets that would come back between two moments."""
        if self.habit is Habit.ONE_WAY:
            return self.back * (_news(until) - _news(since))
        return self.back * (self._busy(until) - self._busy(since))

    def bursts(self, since: float, until: float) -> int:
        """How many times a tunnel on demand was woken up between two moments."""
        if self.habit is not Habit.ON_DEMAND:
            return 0
        return int((until - self.shift) // EVERY - (since - self.shift) // EVERY)

    def asks(self, at: float) -> bool:
        """Whether somebody wants the tunnel up at a moment."""
        return self.next_ask(at) <= at

    def next_ask(self, at: float) -> float:
        """The first moment from `at` on at which somebody wants the tunnel up: keepalives do, all the time."""
        into = (at - self.shift) % EVERY
        return at - into + EVERY if self.habit is Habit.ON_DEMAND and into >= BURST else at

    def woken(self, at: float) -> float:
        """When the present or last burst of a tunnel on demand began."""
        return at - (at - self.shift) % EVERY

    def _busy(self, at: float) -> float:
        """Seconds of traffic up to a moment."""
        if self.habit is Habit.OFFICE:
            week, rest = divmod(at, WEEK)
            day, clock = divmod(rest, DAY)
            open_for = _CLOSES - _OPENS
            return (week * 5 + min(day, 5)) * open_for + (min(max(clock - _OPENS, 0), open_for) if day < 5 else 0)
        if self.habit is Habit.ON_DEMAND:
            turn, into = divmod(at - self.shift, EVERY)
            return turn * BURST + min(into, BURST)
        return at


def _news(at: float) -> float:
    """Seconds of the little that comes back, once an hour."""
    hour, into = divmod(at, HOUR)
    return hour * _NEWS + min(into, _NEWS)
