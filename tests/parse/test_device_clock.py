"""How old a message is, by the device's own clock, or not certain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vpn_check.parse.device_clock import read_clock, stamp_of

UTC_CLOCK = "*12:00:00.000 UTC Wed Nov 25 2026"
CET_CLOCK = "12:00:00.000 CET Wed Nov 25 2026"


@pytest.mark.parametrize(("clock", "local", "stamp", "seconds"), [
    (UTC_CLOCK, False, "Nov 25 11:58:00.123", 120),
    (UTC_CLOCK, False, "*Nov 25 11:58:00.123", 120),
    (UTC_CLOCK, False, "Nov 25 2026 11:58:00", 120),
    (UTC_CLOCK, False, "Nov 25 11:58:00.123 UTC", 120),
    (UTC_CLOCK, False, "Nov 25 12:00:30", 0),             # written while the clock was asked
    (UTC_CLOCK, False, "Dec 31 23:00:00", 28_386_000),    # of last year: it is never in the future
    (UTC_CLOCK, False, "2026-11-25T11:58:00.000Z", 120),
    (UTC_CLOCK, False, "Nov 25 11:58:00.123 CET", None),  # another zone than the clock's: not certain
    (CET_CLOCK, False, "Nov 25 11:58:00.123", None),      # IOS stamps in UTC unless told otherwise: not certain
    (CET_CLOCK, True, "Nov 25 11:58:00", 120),            # the ASA stamps in the zone of its clock
    (CET_CLOCK, False, "Nov 25 11:58:00.123 CET", 120),
    (CET_CLOCK, False, "2026-11-25T11:58:00Z", None),
    (UTC_CLOCK, False, "1d00h", None),
    (UTC_CLOCK, False, "Foo 25 11:58:00", None),
    (UTC_CLOCK, False, "Feb 30 11:58:00", None),
    (UTC_CLOCK, False, "", None),
])
def test_age(clock: str, *, local: bool, stamp: str, seconds: int | None) -> None:
    held = read_clock(clock, local_stamps=local)
    assert held is not None
    assert held.age(stamp) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_stamp_that_counts_from_the_start_of_the_device() -> None:
    young = read_clock(UTC_CLOCK, uptime="2 hours, 5 minutes")
    old = read_clock(UTC_CLOCK, uptime="3 weeks, 2 hours, 5 minutes")
    assert young is not None
    assert old is not None
    assert young.age("01:58:00") == timedelta(minutes=7)
    assert young.age("09:58:00") is None   # longer than it has been up
    assert old.age("01:58:00") is None     # the count began anew, nobody knows how often


@pytest.mark.parametrize(("line", "stamp"), [
    ("*Nov 25 11:58:00.123: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message", "Nov 25 11:58:00.123"),
    ("<189>123: r1: *Nov 25 11:58:00.123 UTC: ISAKMP:(0): x", "Nov 25 11:58:00.123 UTC"),
    ("Nov 25 2026 11:58:00: %ASA-3-713903: Group", "Nov 25 2026 11:58:00"),
    ("01:58:00: ISAKMP (0:1): x", "01:58:00"),
    ("ISAKMP:(0): no stamp", None),
])
def test_the_stamp_of_a_line(line: str, stamp: str | None) -> None:
    assert stamp_of(line) == stamp


@pytest.mark.parametrize("text", ["", "no clock", "12:00:00 UTC Wed Foo 25 2026"])
def test_no_clock(text: str) -> None:
    assert read_clock(text) is None
