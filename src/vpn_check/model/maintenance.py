"""Maintenance windows: spans of planned work, by the wall clock of a place.

`daily 01:00-01:30 UTC`, `Sun 02:00-04:00 Europe/Berlin`, `Mon-Fri 22:00-23:30`, `Sat,Sun 00:00-24:00`, or once:
`2026-12-01T22:00/2026-12-02T04:00 Europe/Berlin`. Without a place the times are UTC. A window that ends before it
begins passes midnight. An hour that the clock shows twice belongs to the window both times; one that it skips shortens
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_WEEKLY = re.compile(rf"(?P<days>[A-Za-z,-]+) +(?P<start>{_CLOCK})-(?P<end>{_CLOCK})(?: +(?P<zone>\S+))?")
_ONCE = re.compile(r"(?P<start>[0-9-]{10}T[0-9:]{5})/(?P<end>[0-9-]{10}T[0-9:]{5})(?: +(?P<zone>\S+))?")
_ALLOWED = (
    "write `daily 01:00-01:30 UTC`, `Sun 02:00-04:00 Europe/Berlin`, `Mon-Fri 22:00-23:30` "
    "or `2026-12-01T22:00/2026-12-02T04:00`"
)
_WHOLE_DAY = 24 * 60
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """A window on days of the week (0: Monday) from one minute of the day to another."""

    days: frozenset[int]
    start: int
    end: int
    zone: ZoneInfo

    def until(self, at: datetime) -> datetime | None:
        """When the window that covers this time ends; None where none does."""
        today = at.astimezone(self.zone).date()
        ends = [end for day in (today - timedelta(days=1), today) if day.weekday() in self.days
                for begin, end in [self._span(day)] if begin <= at < end]
        return max(ends, default=None)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        later = self.end if self.end > self.start else self.end + _WHOLE_DAY
        return _wall(day, self.start, self.zone, fold=0), _wall(day, later, self.zone, fold=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A window between two moments."""

    start: datetime
    end: datetime

    def until(self, at: datetime) -> datetime | None:
        """As of `Weekly`."""
        return self.end if self.start <= at < self.end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The maintenance windows of a device. Made by `Windows.parse`."""

    windows: tuple[Weekly | Once, ...] = ()

    @classmethod
    def parse(cls, words: str | Iterable[str]) -> Windows:
        """Read one window or several. Raises ValueError that says what is allowed."""
        return cls(windows=tuple(parse(word) for word in ([words] if isinstance(words, str) else words)))

    def covers(self, at: datetime) -> bool:
        """Whether it is a time of maintenance."""
        return any(window.until(at) is not None for window in self.windows)

    def until(self, at: datetime) -> datetime | None:
        """When the maintenance that is on at this time ends, over windows that follow each other without a gap.

        None where there is none, or no end of it.
        """
        end = None
        for _ in range(_MOST):
            ends = [until for window in self.windows if (until := window.until(end or at)) is not None]
            if not ends:
                return end
            end = max(ends)
        return None


def parse(word: str) -> Weekly | Once:
    """Read one window. Raises ValueError that says what is allowed."""
    text = word.strip()
    weekly, once = _WEEKLY.fullmatch(text), _ONCE.fullmatch(text)
    if weekly is not None:
        start, end = _minute(weekly["start"]), _minute(weekly["end"])
        if start in {end, _WHOLE_DAY}:
            raise ValueError(f"maintenance window {word!r} has no length: {_ALLOWED}")
        return Weekly(days=_days(weekly["days"], word), start=start, end=end, zone=_zone(weekly["zone"], word))
    if once is not None:
        zone = _zone(once["zone"], word)
        try:
            start_at, end_at = (datetime.fromisoformat(once[name]).replace(tzinfo=zone) for name in ("start", "end"))
        except ValueError as error:
            raise ValueError(f"maintenance window {word!r}: {error}; {_ALLOWED}") from None
        begin, finish = start_at.astimezone(UTC), end_at.replace(fold=1).astimezone(UTC)
        if finish <= begin:
            raise ValueError(f"maintenance window {word!r} ends before it begins: {_ALLOWED}")
        return Once(start=begin, end=finish)
    raise ValueError(f"maintenance window {word!r} is not understood: {_ALLOWED}")


def _days(words: str, whole: str) -> frozenset[int]:
    if words.lower() == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in words.lower().split(","):
        ends = part.split("-")
        if len(ends) > 2 or any(end not in _DAYS for end in ends):  # noqa: PLR2004  from a day to a day
            raise ValueError(f"maintenance window {whole!r}: {part!r} is no day: {_ALLOWED}")
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        found |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return frozenset(found)


def _zone(name: str | None, whole: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"maintenance window {whole!r}: {name!r} is no time zone known here, write one as `Europe/Berlin`"
        ) from None


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _wall(day: date, minute: int, zone: ZoneInfo, *, fold: int) -> datetime:
    days, rest = divmod(minute, _WHOLE_DAY)
    clock = time(rest // 60, rest % 60, fold=fold)
    return datetime.combine(day + timedelta(days=days), clock, tzinfo=zone).astimezone(UTC)
