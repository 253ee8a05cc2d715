"""How it stands by the last polls, without a poll."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.history.contract import HEALTHY, LOST
from tests.history.polls import START, poll

from vpn_check.history.keep import Keep
from vpn_check.history.store import History
from vpn_check.jobs.poll.last import last_known
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from pathlib import Path

QUARTER = timedelta(minutes=15)


def test_an_answer_of_the_future_is_not_known_to_be_new(tmp_path: Path) -> None:
    with History.open(str(tmp_path / "history.db")) as history:
        history.record(poll("r1", 0, {1: HEALTHY}, at=START + timedelta(days=365)))
        report = last_known(history, ["r1"], START, QUARTER)

    assert report.status is Status.UNKNOWN


def test_a_device_in_maintenance_that_does_not_answer_is_as_its_polls_say(tmp_path: Path) -> None:
    with History.open(str(tmp_path / "history.db")) as history:
        for name in ("r1", "r2"):
            history.record(poll(name, 0, {1: HEALTHY}))
        history.record(poll("r2", 30, {1: HEALTHY}))
        now = START + timedelta(minutes=31)
        states = [last_known(history, ["r1", "r2"], now, QUARTER, maintained=names).status for names in ((), {"r1"})]

    assert states == [Status.UNKNOWN, Status.HEALTHY]


def test_a_clock_that_ran_a_year_ahead_stops_the_tidying_for_no_year(tmp_path: Path) -> None:
    with History.open(str(tmp_path / "history.db")) as history:
        history.tidy(START + timedelta(days=365), Keep())
        history.record(poll("r1", 0, {1: HEALTHY}))
        history.record(poll("r1", 1, {1: LOST}))
        tidied = history.tidy(START + timedelta(days=3), Keep())

    assert tidied.polls_rolled == 2
