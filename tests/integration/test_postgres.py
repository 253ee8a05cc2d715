"""The history in PostgreSQL: all that it does in SQLite, and a server that is killed while polls are written."""

from __future__ import annotations

import time
from random import Random
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.history.contract import HEALTHY, Contract
from tests.history.polls import START, poll
from tests.history.whole import is_whole
from tests.history.writer import DEVICES, KEEP, record
from tests.integration.postgres import PASSWORD, Server, running_server

from vpn_check.errors import HistoryError, HistoryUnavailable
from vpn_check.history.store import History

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.integration
POLLS = 300
KILLS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


class TestPostgres(Contract):
    @pytest.fixture
    def place(self, server: Server) -> str:
        return server.new_database()


def test_a_server_that_is_killed_again_and_again_has_whole_polls_and_the_poller_goes_on(server: Server) -> None:
    place = server.new_database()
    random = Random(3)
    done = 0

    def harm() -> None:
        for kill in range(1, KILLS + 1):
            while done < kill * POLLS // (KILLS + 1):
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.02))   # at any moment of a transaction
            server.kill()
            time.sleep(random.uniform(0, 0.5))
            server.start()

    harming = Thread(target=harm)
    with History.open(place, patience=60) as history:
        harming.start()
        for number in range(POLLS):
            for device in DEVICES:
                assert history.record(record(device, number)), (number, device)
            if number % 40 == 0:
                history.tidy(record("spoke", number).observation.at, KEEP)
            done = number
        harming.join()
    assert is_whole(place) == POLLS * len(DEVICES)


def test_a_server_that_is_away_for_too_long_is_named_and_the_same_history_works_when_it_is_back(server: Server) -> None:
    place = server.new_database()
    with History.open(place, patience=1) as history:
        assert history.record(poll("r1", 0, {1: HEALTHY}))
        server.kill()
        try:
            begun = time.monotonic()
            with pytest.raises(HistoryUnavailable) as told:
                history.record(poll("r1", 1, {1: HEALTHY}))
            assert 0.5 < time.monotonic() - begun < 10
            with pytest.raises(HistoryUnavailable):
                history.memories(["r1"])
            with pytest.raises(HistoryUnavailable) as at_start:
                History.open(place, patience=1)
        finally:
            server.start()
        for error in (told, at_start):
            assert "127.0.0.1" in str(error.value)
            says_no_password(error.value)
        assert history.record(poll("r1", 1, {1: HEALTHY}))
        assert history.ask(devices=None, peer=None, since=START, until=START.replace(hour=1)).tunnels[0].sum.polls == 2


def test_a_wrong_password_is_an_error_at_once_that_does_not_say_it(server: Server) -> None:
    place = server.new_database().replace("s3cret", "wr0ng")
    with pytest.raises(HistoryError, match="refuses the log-in") as told:
        History.open(place)
    assert not isinstance(told.value, HistoryUnavailable)
    says_no_password(told.value, "wr0ng@of/the:lab")
    says_no_password(told.value, "wr0ng%40of%2Fthe%3Alab")


def test_a_database_that_is_not_there_is_named(server: Server) -> None:
    with pytest.raises(HistoryError, match="There is no database") as told:
        History.open(server.url("nowhere"))
    says_no_password(told.value)


def test_processes_that_make_the_tables_at_the_same_moment_all_succeed(server: Server) -> None:
    place = server.new_database()
    opened: list[History] = []
    workers = [Thread(target=lambda: opened.append(History.open(place))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for history in opened:
        history.close()
    assert len(opened) == len(workers)


def says_no_password(error: BaseException | None, password: str = PASSWORD) -> None:
    while error is not None:
        assert password not in f"{error} {error!r} {error.args}"
        error = error.__cause__ or error.__context__
