"""Time stamps as printed -> numbers that can be compared: which line is older, how much time lies between two.

Devices print dates without a year, uptimes, or a clock alone; clocks jump and stamps are missing. So times help to
order and to say how long something took, and never decide what belongs together.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MONTHS = {
    "Jan": 0,
    "Feb": 1,
    "Mar": 2,
    "Apr": 3,
    "May": 4,
    "Jun": 5,
    "Jul": 6,
    "Aug": 7,
    "Sep": 8,
    "Oct": 9,
    "Nov": 10,
    "Dec": 11,
}
_DATE = re.compile(r"([A-Z][a-z]{2}) +([0-9]{1,2}) (?:([0-9]{4}) )?([0-9]{1,2}):([0-9]{2}):([0-9]{2})([.,][0-9]+)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})([.,][0-9]+)?")
_CLOCK = re.compile(r"([0-9]{1,3}):([0-9]{2}):([0-9]{2})([.,][0-9]+)?")
_UPTIME = re.compile(r"(?:([0-9]+)[yY])?(?:([0-9]+)[wW])?(?:([0-9]+)[dD])?(?:([0-9]+)[hH])?")
_MONTH = 31 * 86400  # seconds; long enough that a later date is a greater number
_YEAR = 12 * _MONTH


@lru_cache(maxsize=4096)
def seconds(stamp: str) -> float | None:
    """A stamp as seconds of some epoch of its own form; None where it is none. Only stamps of one form compare."""
    if (found := _DATE.match(stamp)) is not None and found[1] in _MONTHS:
        year = int(found[3] or 0)
        return year * _YEAR + _MONTHS[found[1]] * _MONTH + int(found[2]) * 86400 + _clock(*found.groups()[3:])
    if (found := _ISO.match(stamp)) is not None:
        days = int(found[1]) * _YEAR + (int(found[2]) - 1) * _MONTH + int(found[3]) * 86400
        return days + _clock(*found.groups()[3:])
    if (found := _CLOCK.match(stamp)) is not None:
        return _clock(*found.groups())
    if stamp and (found := _UPTIME.fullmatch(stamp)) is not None:
        years, weeks, days, hours = (int(group or 0) for group in found.groups())
        return years * 365 * 86400.0 + weeks * 7 * 86400 + days * 86400 + hours * 3600
    return None


def _clock(hours: str, minutes: str, rest: str, fraction: str | None) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + int(rest) + float(f"0.{fraction[1:]}" if fraction else 0)
