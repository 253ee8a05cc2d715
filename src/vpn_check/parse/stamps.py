"""Time stamps of log lines, as IOS and ASA print them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STAMP = re.compile(
    r"^\s*(?:<\d{1,3}>)?(?:\d{1,10}: )?(?:[\w.-]{1,64}: )?(?P<stamp>[*.]?(?:"
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s{1,2}(?P<day>\d{1,2})\s(?:(?P<year>\d{4})\s)?(?P<time>\d\d:\d\d:\d\d)(?:\.(?P<part>\d{1,6}))?"
    r"|(?P<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,]\d{1,6})?"
    r"|(?P<since>(?:\d{1,3}[wydh]){2}|\d{1,3}:\d\d:\d\d(?:\.\d+)?)(?=:)))"
)
_AHEAD = timedelta(days=1)


def stamp_of(text: str, now: datetime) -> tuple[datetime | None, str]:
    """When a log line was written, and its stamp as printed; None where that is no date.

    Args:
        text: the line.
        now: when it was collected. A stamp without a year is of the last twelve months before. Stamps without a time
            zone are taken as UTC: only their order and distance matter.
    """
    found = _STAMP.match(text)
    if found is None:
        return None, ""
    stamp = found["stamp"].strip()
    try:
        if found["iso"]:
            return datetime.fromisoformat(found["iso"]).replace(tzinfo=UTC), stamp
        if found["month"]:
            return _dated(found, now), stamp
    except ValueError:  # a 31st of February
        return None, stamp
    return None, stamp


def _dated(found: re.Match[str], now: datetime) -> datetime:
    hour, minute, second = map(int, found["time"].split(":"))
    part = int((found["part"] or "0").ljust(6, "0"))
    year = int(found["year"]) if found["year"] else now.year
    at = datetime(year, _MONTHS.index(found["month"]) + 1, int(found["day"]), hour, minute, second, part, UTC)
    if not found["year"] and at > now + _AHEAD:
        at = at.replace(year=year - 1)
    return at
