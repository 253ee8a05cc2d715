"""The database of the poll command is killed at any moment: no poll is lost or counted twice, and polling goes on."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.integration.postgres import running_server
from tests.poll.service import Service, is_whole

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 6
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def test_a_database_that_is_killed_at_any_moment_has_whole_polls_and_the_poller_goes_on(tmp_path: Path) -> None:
    dice = Random(7)
    with running_server() as server, Service(tmp_path, server.new_database()) as service:
        service.start()
        service.polled_after(service.begun)
        seen = is_whole(service)
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.0, 2.5))
            server.kill()
            time.sleep(dice.uniform(0.0, 2.5))
            server.start()
        service.polled_after(datetime.now(UTC))
        assert service.runs   # the same process, not another one
        assert service.stop() == 0
        assert is_whole(service) >= seen + KILLS
        assert "Traceback" not in service.log


def test_poller_and_database_may_be_killed_both(tmp_path: Path) -> None:
    dice = Random(8)
    with running_server() as server, Service(tmp_path, server.new_database()) as service:
        service.start()
        service.polled_after(service.begun)
        for turn in range(KILLS):
            time.sleep(dice.uniform(0.0, 1.5))
            if turn % 2:
                server.kill()
            service.kill()
            server.start()
            service.start()
        service.polled_after(datetime.now(UTC))
        assert service.stop() == 0
        assert is_whole(service) > 0
