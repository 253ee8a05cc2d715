"""Maintenance windows by the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vpn_check.model.maintenance import Windows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "inside", "outside"),
    [
        ("daily 01:00-01:30 UTC", "2026-05-05T01:29", "2026-05-05T01:30"),
        ("daily 01:00-01:30", "2026-05-05T01:00", "2026-05-05T00:59"),
        ("Sun 02:00-04:00 Europe/Berlin", "2026-07-05T00:30", "2026-07-05T02:00"),   # summer: UTC+2
        ("Sun 02:00-04:00 Europe/Berlin", "2026-01-04T02:30", "2026-01-04T00:59"),   # winter: UTC+1
        ("Sun 02:00-04:00 Europe/Berlin", "2026-01-04T01:00", "2026-01-05T01:00"),   # not on Monday
        ("Fri 23:00-02:00", "2026-01-03T01:59", "2026-01-03T02:00"),                 # Saturday morning
        ("Fri 23:00-02:00", "2026-01-02T23:00", "2026-01-02T01:00"),                 # not Friday morning
        ("Mon-Fri 22:00-23:00", "2026-01-05T22:30", "2026-01-04T22:30"),
        ("Sat-Mon 22:00-23:00", "2026-01-04T22:30", "2026-01-06T22:30"),
        ("sat,SUN 00:00-24:00", "2026-01-04T23:59", "2026-01-05T00:00"),
        ("2026-12-01T22:00/2026-12-02T04:00", "2026-12-02T03:59", "2026-12-02T04:00"),
        ("2026-07-01T22:00/2026-07-02T04:00 Europe/Berlin", "2026-07-01T20:00", "2026-07-02T02:00"),
    ],
)
def test_a_window_covers_what_it_says(word: str, inside: str, outside: str) -> None:
    windows = Windows.parse(word)
    assert windows.covers(at(inside))
    assert not windows.covers(at(outside))
    assert windows.until(at(outside)) is None


@pytest.mark.parametrize(
    "word",
    ["", "01:00-02:00", "Sunday 02:00-04:00", "Mon 25:00-26:00", "Mon 01:00-01:00", "Mon 24:00-02:00",
     "Mon-Tue-Wed 1:00", "daily 01:00-02:00 Europe/Nowhere", "daily 01:00-02:00 ../../etc/passwd",
     "2026-12-02T22:00/2026-12-01T04:00", "2026-13-02T22:00/2026-14-01T04:00", "Mon 01:00 - 02:00"],
)
def test_what_is_no_window_is_refused_with_what_is_allowed(word: str) -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        Windows.parse([word])


def test_the_night_on_which_the_clock_skips_an_hour_has_a_shorter_window() -> None:
    windows = Windows.parse("Sun 01:30-03:30 Europe/Berlin")   # 2026-03-29: 02:00 CET is 03:00 CEST
    assert windows.until(at("2026-03-29T00:30")) == at("2026-03-29T01:30")
    assert not windows.covers(at("2026-03-29T01:30"))


def test_the_hour_that_the_clock_shows_twice_is_covered_twice() -> None:
    windows = Windows.parse("Sun 02:00-03:00 Europe/Berlin")   # 2026-10-25: 03:00 CEST is 02:00 CET
    midnight = at("2026-10-25T00:00")
    covered = [minute for minute in range(24 * 60) if windows.covers(midnight + timedelta(minutes=minute))]
    assert covered == list(range(120))
    short = Windows.parse("Sun 02:15-02:30 Europe/Berlin")
    assert short.covers(at("2026-10-25T00:20"))
    assert short.covers(at("2026-10-25T01:20"))


def test_maintenance_ends_when_windows_that_follow_each_other_end() -> None:
    windows = Windows.parse(["daily 22:00-24:00", "daily 00:00-02:00", "daily 01:00-03:00"])
    assert windows.until(at("2026-01-05T22:30")) == at("2026-01-06T03:00")
    assert Windows.parse("daily 00:00-24:00").until(at("2026-01-05T22:30")) is None
    assert Windows().until(at("2026-01-05T22:30")) is None
