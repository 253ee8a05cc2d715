"""Times and spans as people and scripts read them. Every time is UTC, and says so."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_FEW = 10
"""From so many units on, the smaller unit beside them says nothing any more."""


def iso(at: datetime | None) -> str | None:
    """ISO 8601 with a `Z`, to the second; None stays None."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(at: datetime) -> str:
    """`2026-01-31 03:12:40 UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def clock(at: datetime, beside: datetime | None = None) -> str:
    """`2026-01-31 03:12:40`, or `03:12:40` alone where `beside` is of the same day."""
    own = at.astimezone(UTC)
    same_day = beside is not None and beside.astimezone(UTC).date() == own.date()
    return own.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M:%S")


def lasted(seconds: float) -> str:
    """A span in its two largest units: `40 s`, `12 min`, `3 h 05 min`, `2 d 4 h`, `31 d`."""
    whole = max(round(seconds), 0)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes} min {rest:02} s" if rest and minutes < _FEW else f"{minutes} min"
    if whole < _DAY:
        hours, rest = divmod(whole, _HOUR)
        return f"{hours} h {rest // _MINUTE:02} min" if rest >= _MINUTE else f"{hours} h"
    days, rest = divmod(whole, _DAY)
    return f"{days} d {rest // _HOUR} h" if rest >= _HOUR and days < _FEW else f"{days} d"
