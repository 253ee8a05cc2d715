"""What a poller remembers while its database is away."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.history.polls import START, alarm, poll

from vpn_check.history.store import History
from vpn_check.jobs.poll.remembered import Remembered
from vpn_check.model.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vpn_check.model.pollrecord import PollRecord

REFUSED = (Refusal(print="of a password", device="r1", count=1, at=START, next_try=START + timedelta(hours=1)),)


@contextmanager
def away(place: Path) -> Iterator[None]:
    """Nobody else can write the database meanwhile."""
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def process(place: Path) -> Iterator[Remembered]:
    """A poller's memory."""
    with History.open(str(place), patience=0.1) as history:
        yield Remembered(history)


def cycle(remembered: Remembered, record: PollRecord) -> list[tuple[str, str]]:
    """Poll; returns what people are told."""
    remembered.begin(["r1"])
    remembered.keep(record)
    said: list[tuple[str, str]] = [(about.id, what) for about, what in remembered.untold()]
    for about, what in list(remembered.untold()):
        remembered.told(about, what)
    return said


def test_what_an_earlier_process_told_is_not_told_again_while_the_database_is_away(tmp_path: Path) -> None:
    place = tmp_path / "history.db"
    with process(place) as first:
        told = [cycle(first, poll("r1", 1, {}, alarms=(alarm("old"),)))]
    with process(place) as second:
        told.append(cycle(second, poll("r1", 2, {})))
        with away(place):
            told.append(cycle(second, poll("r1", 3, {}, alarms=(alarm("new"),))))
        told.append(cycle(second, poll("r1", 4, {})))

    assert told == [[("old", "raised")], [], [("new", "raised")], []]


def test_a_refused_password_is_remembered_while_the_database_is_away_and_after(tmp_path: Path) -> None:
    place = tmp_path / "history.db"
    with process(place) as first:
        cycle(first, poll("r1", 1, {}))
        with away(place):
            cycle(first, poll("r1", 2, {}))
            first.save_refusals(REFUSED)
            cycle(first, poll("r1", 3, {}))
            meanwhile = first.refusals()
        cycle(first, poll("r1", 4, {}))
    with process(place) as second:
        after = second.refusals()

    assert meanwhile == REFUSED
    assert after == REFUSED


def test_a_database_that_refuses_ends_no_cycle_and_what_it_refused_is_written_later(tmp_path: Path) -> None:
    place = tmp_path / "history.db"
    with process(place) as remembered, closing(sqlite3.connect(place, isolation_level=None)) as other:
        cycle(remembered, poll("r1", 1, {}))
        other.execute("ALTER TABLE poll RENAME TO elsewhere")
        cycle(remembered, poll("r1", 2, {}))
        cycle(remembered, poll("r1", 3, {}))
        troubles, waits = remembered.troubles, remembered.waits
        other.execute("ALTER TABLE elsewhere RENAME TO poll")
        cycle(remembered, poll("r1", 4, {}))
        count = other.execute("SELECT count(*) FROM poll").fetchone()[0]

    assert "no such table" in troubles[0]
    assert waits
    assert (count, remembered.waits, remembered.troubles) == (4, False, [])
