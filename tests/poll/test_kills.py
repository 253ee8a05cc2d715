"""The poller is killed at any moment: no poll is half-written, none is counted twice, and polling goes on."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.poll.service import Service, is_whole

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("kills", "polls"), [(6, 0), pytest.param(60, 200, marks=[
    pytest.mark.soak, pytest.mark.timeout(1200)])])
def test_a_poller_that_is_killed_at_any_moment_leaves_whole_polls(tmp_path: Path, kills: int, polls: int) -> None:
    dice = Random(kills)
    with Service(tmp_path, str(tmp_path / "history.db")) as service:
        service.start()
        service.polled_after(service.begun)
        seen = is_whole(service)
        while kills > 0 or is_whole(service) < polls:
            time.sleep(dice.uniform(0.0, 1.2))
            service.kill()
            kills -= 1
            service.start()
            time.sleep(dice.uniform(0.5, 1.0))   # until it has begun
        service.polled_after(datetime.now(UTC))
        assert service.stop() == 0
        assert is_whole(service) > seen
        assert "Traceback" not in service.log
