"""Whether a device's clock can be believed: its log lines and certificates rest on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vpn_check.model.checkup import Step, ok, skipped, warn

if TYPE_CHECKING:
    from vpn_check.model.transcript import CommandOutput

_CLOCK = re.compile(
    r"^\s*(?P<mark>[*.]?)(?P<time>\d{1,2}:\d\d:\d\d)(?:\.\d+)? (?P<zone>\S+) \w{3} (?P<day>\w{3} +\d{1,2} \d{4})\s*$",
    re.MULTILINE)
_UTC = {"UTC", "GMT", "Z"}
_TOLERANCE = timedelta(minutes=5)
_WIDEST = timedelta(hours=14, minutes=5)   # UTC+14 exists, UTC-12 on the other side
_GRID = timedelta(minutes=30)
_BESIDE_IT = tuple(timedelta(hours=hours, minutes=45) for hours in (5, 8, 12, 13))   # Nepal, Eucla, Chatham
_ADVICE = "Set up NTP (show ntp status, show ntp associations): log times and certificates depend on the clock."


def clock_step(output: CommandOutput) -> Step:
    """Compare the answer to `show clock` with the time at which it came.

    A zone is a name that somebody configured, so a difference of whole half hours (and those few offsets that are not)
    is taken for the zone's, except where the zone is UTC. More than five minutes off is a warning.
    """
    found = _CLOCK.search(output.text) if output.problem is None else None
    if found is None or output.received_at is None:
        why = str(output.problem) if output.problem is not None else "its form is not known"
        return skipped("clock", f"`show clock` tells nothing ({why})")
    try:
        shown = datetime.strptime(f"{found['time']} {' '.join(found['day'].split())} +0000", "%H:%M:%S %b %d %Y %z")
    except ValueError:
        return skipped("clock", "`show clock` tells nothing (its form is not known)")
    off = shown - output.received_at.astimezone(UTC)
    zoned = found["zone"].upper() not in _UTC
    left = _beside_the_grid(off) if zoned else abs(off)
    said = output.text.strip().splitlines()[0].strip()
    if left > _TOLERANCE or abs(off) > _WIDEST:
        side = "behind" if off < timedelta() else "ahead of"
        return warn("clock", f"{_words(off)} {side} this machine: {said}", _ADVICE)
    if found["mark"]:
        return ok("clock", f"right, but not synchronised: {said}", _ADVICE)
    zone = f"; the zone {found['zone']} is taken at its word" if zoned else ""
    return ok("clock", f"right: {said}{zone}")


def _beside_the_grid(off: timedelta) -> timedelta:
    rest = off % _GRID
    return min(rest, _GRID - rest, *(abs(off - zone) for zone in _BESIDE_IT))


def _words(off: timedelta) -> str:
    seconds = abs(int(off.total_seconds()))
    if seconds >= 172800:  # noqa: PLR2004  two days
        return f"{seconds // 86400} days"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min" if seconds >= 3600 else f"{seconds // 60} min"  # noqa: PLR2004  an hour
