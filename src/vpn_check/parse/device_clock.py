"""How old a device's message is, by the device's own clock: never by ours, which may differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = re.compile(r"(?P<time>\d{1,2}:\d\d:\d\d(?:\.\d+)?) (?P<zone>[A-Za-z0-9+-]+) [A-Z][a-z]{2} "
                    r"(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<year>\d{4})")
_STAMP = re.compile(r"(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?:(?P<year>\d{4}) )?"
                    r"(?P<time>\d{1,2}:\d\d:\d\d(?:[.,]\d+)?)(?: ?(?P<zone>[A-Z]{2,5}))?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)")
_UPTIME_STAMP = re.compile(r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?")
_UPTIME_PARTS = re.compile(r"(\d+) (year|week|day|hour|hr|min|minute|sec|second)s?\b")
_SECONDS = {"year": 31_536_000, "week": 604_800, "day": 86_400, "hour": 3_600, "hr": 3_600, "minute": 60, "min": 60,
            "second": 1, "sec": 1}
_WORLD = {"UTC", "GMT", "Z"}
_HEAD = 80
_AHEAD = timedelta(minutes=1)
"""A stamp may be a little later than the clock, which was read before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceClock:
    """A device's time at one moment.

    `now` has no zone of its own: it is what the device shows. `zone` is the zone's word. `local_stamps`: messages are
    stamped in that zone (ASA, PIX); IOS stamps in UTC unless told otherwise, so that a stamp without a zone tells its
    age only where the clock shows UTC as well.
    """

    now: datetime
    zone: str
    uptime: timedelta | None = None
    local_stamps: bool = False

    def age(self, stamp: str) -> timedelta | None:
        """How long ago a message with this stamp was written; None where that is not certain."""
        stamp = stamp.strip(" *.:")
        if _ISO.fullmatch(stamp):
            moment = datetime.fromisoformat(stamp.replace(" ", "T"))
            return self._since(moment.astimezone(UTC).replace(tzinfo=None)) if self.zone in _WORLD else None
        found = _STAMP.fullmatch(stamp)
        if found is not None:
            zone = found["zone"] or (self.zone if self.local_stamps else "UTC")
            same = zone == self.zone or {zone, self.zone} <= _WORLD
            return self._since(self._moment(found)) if same else None
        if _UPTIME_STAMP.fullmatch(stamp) and self.uptime is not None and self.uptime < timedelta(days=1):
            hours, minutes, seconds = (int(part) for part in re.split(r"[:.,]", stamp)[:3])
            age = self.uptime - timedelta(hours=hours, minutes=minutes, seconds=seconds)
            return max(age, timedelta()) if age > -_AHEAD else None
        return None

    def age_of_line(self, line: str) -> timedelta | None:
        """How long ago a line was written, by the first stamp in it; None where it has none, or that is not certain."""
        stamp = stamp_of(line)
        return None if stamp is None else self.age(stamp)

    def _moment(self, found: re.Match[str]) -> datetime | None:
        if found["month"] not in _MONTHS:
            return None
        for year in (int(found["year"]),) if found["year"] else (self.now.year, self.now.year - 1):
            try:
                moment = _at(year, found["month"], int(found["day"]), found["time"])
            except ValueError:
                continue
            if found["year"] or moment - self.now <= _AHEAD:
                return moment
        return None

    def _since(self, moment: datetime | None) -> timedelta | None:
        if moment is None or moment - self.now > _AHEAD:
            return None
        return max(self.now - moment, timedelta())


def stamp_of(line: str) -> str | None:
    """The first time stamp of a line, as printed; None where it has none."""
    head = line[:_HEAD]
    for pattern in (_ISO, _STAMP, _UPTIME_STAMP):
        found = pattern.search(head)
        if found is not None:
            return found.group()
    return None


def read_clock(text: str, *, uptime: str | None = None, local_stamps: bool = False) -> DeviceClock | None:
    """Read a device's clock.

    Args:
        text: the time as `show clock` prints it.
        uptime: how long the device has been up, as `show version` prints it.
        local_stamps: whether messages are stamped in the clock's own zone.

    Returns:
        The clock; None where the text does not tell the time.
    """
    found = _CLOCK.search(text)
    if found is None or found["month"] not in _MONTHS:
        return None
    seconds = uptime_seconds(uptime or "")
    up = timedelta(seconds=seconds) if seconds is not None else None
    return DeviceClock(now=_at(int(found["year"]), found["month"], int(found["day"]), found["time"]),
                       zone=found["zone"], uptime=up, local_stamps=local_stamps)


def uptime_seconds(text: str) -> int | None:
    """Seconds of an uptime as `show version` prints it (`1 week, 2 days`, `12 days 3 hours`); None where it is none."""
    parts = _UPTIME_PARTS.findall(text)
    return sum(int(number) * _SECONDS[unit] for number, unit in parts) if parts else None


def _at(year: int, month: str, day: int, time: str) -> datetime:
    hours, minutes, seconds = (int(part) for part in re.split(r"[:.,]", time)[:3])
    return datetime(year, _MONTHS.index(month) + 1, day, hours, minutes, seconds)  # noqa: DTZ001  the device's own
