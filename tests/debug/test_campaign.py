"""Killed, cut, hung, refused, flooded: in the end every debug of ours is off, and everybody else's is on."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.debug.campaign import TROUBLES, drawn, run

if TYPE_CHECKING:
    from pathlib import Path

LONG = int(os.environ.get("VPN_CHECK_SOAK_RUNS", "200"))
AT_ONCE = 4


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", range(len(TROUBLES)), ids=lambda seed: TROUBLES[seed])
def test_each_trouble_once(seed: int, tmp_path: Path) -> None:
    assert run(drawn(seed), tmp_path) == []


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_runs_in_trouble(tmp_path: Path) -> None:
    def one(seed: int) -> list[str]:
        folder = tmp_path / str(seed)
        folder.mkdir()
        return run(drawn(1000 + seed), folder)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [each for result in pool.map(one, range(LONG)) for each in result]

    assert wrong == []
