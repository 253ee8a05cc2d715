"""Reading the letters of the last polls: `.` good, `w` warning, `c` critical, `?` not known."""

from __future__ import annotations

from vpn_check.alarms.hold import UNREST

GOOD, WARNING, CRITICAL, UNKNOWN = ".", "w", "c", "?"


def bad_in_a_row(recent: str) -> int:
    """How many bad polls stand at the end; those not known neither count nor break the row."""
    known = recent.replace(UNKNOWN, "")
    return len(known) - (known.rfind(GOOD) + 1)


def bad_of_late(recent: str, clear_after: int) -> int:
    """How many of the last polls (`UNREST`) were bad, back to when it was last good for so long that it was over."""
    known = recent.replace(UNKNOWN, "")
    over = known.rfind(GOOD * clear_after)
    late = (known if over < 0 else known[over + clear_after :])[-UNREST:]
    return len(late) - late.count(GOOD)


def changes(recent: str) -> int:
    """How often it went from good to bad or back."""
    known = recent.replace(UNKNOWN, "").replace(WARNING, CRITICAL)
    return known.count(GOOD + CRITICAL) + known.count(CRITICAL + GOOD)
