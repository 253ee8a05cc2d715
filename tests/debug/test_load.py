"""A load over the limit: nothing on, or all off at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.debug.conftest import Desk, device

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 60


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_all_is_off_within_two_seconds_of_the_first_reading_over_the_limit(
    platform: PlatformName, desk: Callable[..., Desk],
) -> None:
    at = desk(device(platform, play={"cpu_on": 71, "cpu_after": 1.0}))
    answer = at.debug("--duration", "30")

    body = answer.document
    assert body["ended"] == "cpu"
    assert body["cpu"][-1]["five_seconds"] == 71
    debugs = at.lab.debugs("r1")
    crossed = next(at for at, load in debugs.loads if load >= LIMIT)
    last_off = max(change.at for change in debugs.changes if not change.on and not change.what.startswith("condition"))
    assert last_off - crossed < 2
    assert at.ours_on() == []
    assert body["proof"]["off"]


def test_a_load_that_rises_with_the_output_ends_it(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"cpu_per_line": 1.0}))
    body = at.debug("--duration", "30").document
    assert body["ended"] == "cpu"
    assert body["cpu"][0]["five_seconds"] < LIMIT <= body["cpu"][-1]["five_seconds"]
    assert at.ours_on() == []


def test_a_device_that_no_longer_answers_counts_as_over_the_limit(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"trouble": "hang", "strikes": "debug crypto ipsec"}))
    answer = at.debug("--duration", "30", "--timeout", "5")
    assert answer.document["proof"]["off"]
    assert answer.document["ended"] == "failed"
    assert at.ours_on() == []


def test_the_limit_is_the_users(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"cpu": 20}))
    assert at.debug("--duration", "0.5", "--cpu-limit", "15").document["ended"] == "refused"
