"""What is followed no more, and yet stands in a history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.history.contract import HEALTHY
from tests.history.polls import START, alarm, poll, tunnel_id

from vpn_check.history.keep import Keep
from vpn_check.history.store import History
from vpn_check.model.finding import Status
from vpn_check.report.notification import message

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


def test_an_alarm_of_a_device_that_nobody_polls_any_more_ends_after_a_week_and_is_not_told_to_be_well(
    tmp_path: Path) -> None:
    week = 7 * 24 * 60
    with History.open(str(tmp_path / "history.db")) as history:
        history.record(poll("gone", 0, {1: HEALTHY}, alarms=(alarm("of gone", device="gone"),)))
        history.record(poll("here", 0, {1: HEALTHY}, alarms=(alarm("of here", device="here"),)))
        for minute in (week - 120, week + 120):
            history.record(poll("here", minute, {1: HEALTHY}))
            history.tidy(START + timedelta(minutes=minute), Keep())
            still = [one.id for one in history.open_alarms()]
            assert still == (["of gone", "of here"] if minute < week else ["of here"])
        ended = next(one for one, what in history.unsent() if what == "cleared")
        memories = history.memories(["gone", "here"])

    assert (ended.id, ended.gone) == ("of gone", True)
    assert "healthy" not in message(ended, "cleared")[0]
    assert list(memories) == ["here"]
