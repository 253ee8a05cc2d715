"""What is followed no more, and yet stands in a history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.history.contract import HEALTHY
from tests.history.polls import START, poll, tunnel_id

from vpn_check.history.store import History
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from pathlib import Path


def test_a_tunnel_that_was_forgotten_keeps_its_name_and_no_longer_makes_the_state_of_its_device_unknown(
    tmp_path: Path) -> None:
    with History.open(str(tmp_path / "history.db")) as history:
        history.record(poll("r1", 0, {1: HEALTHY, 2: HEALTHY, 3: HEALTHY}))
        last = poll("r1", 1, {1: HEALTHY, 3: HEALTHY})
        history.record(replace(last, memory=poll("r1", 1, {1: HEALTHY}).memory))   # 3 is judged, and forgotten by it
        answer = history.ask(devices=None, peer=None, since=START, until=START + timedelta(hours=1))

    left = {tunnel.id for tunnel in answer.tunnels if tunnel.left_at is not None}
    assert left == {tunnel_id(2), tunnel_id(3)}
    assert [tunnel.sum.polls for tunnel in answer.tunnels] == [2, 1, 2]
    assert answer.status is Status.HEALTHY
