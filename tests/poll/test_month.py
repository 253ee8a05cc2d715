"""The scenario clock: scripted faults over a lab, polled by real SSH; people hear of each outage once, and of no more.

The short form is half a day in which everything happens that the world knows; the long one (`make soak`) is a month
with outages drawn by lot.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.poll.lot import drawn
from tests.poll.outage import POLL, complaints
from tests.poll.script import START, Event, Kind
from tests.poll.stage import Stage
from tests.poll.traffic import Habit
from tests.poll.world import HUB, World

if TYPE_CHECKING:
    from pathlib import Path

TUESDAY = START + timedelta(days=1, hours=7)
DEVICES = ("ios1", "ios2", "xe1", "asa1")
HABITS = (Habit.STEADY, Habit.STEADY, Habit.OFFICE, Habit.ON_DEMAND, Habit.STEADY)


def after(hours: int, minutes: float = 0.0, seconds: float = 0.0) -> datetime:
    return TUESDAY + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def event(kind: Kind, device: str, tunnel: int | None, hours: int, minutes: float, lasts: float) -> Event:
    begin = after(hours, minutes)
    return Event(kind=kind, device=device, tunnel=tunnel, at=begin, until=begin + timedelta(minutes=lasts))


IN_MAINTENANCE = event(Kind.ISP_DOWN, "ios2", None, 7, 3, 40)
HALF_A_DAY = (
    event(Kind.UNREACHABLE, "ios1", 1, 1, 2, 40),
    event(Kind.UNREACHABLE, "xe1", 2, 1, 17, 40),
    event(Kind.UNREACHABLE, "asa1", 1, 1, 31, 40),
    event(Kind.REFUSED, "ios2", 1, 2, 1, 30),
    event(Kind.REFUSED, "asa1", 4, 2, 43, 30),
    event(Kind.BLOCKED, "xe1", 4, 2, 12, 30),
    event(Kind.BLOCKED, "ios1", 4, 2, 21, 30),
    event(Kind.CONFIG_CHANGED, "ios1", 1, 4, 2, 30),
    event(Kind.CONFIG_CHANGED, "xe1", 1, 4, 3, 30),
    event(Kind.CONFIG_CHANGED, "asa1", 1, 4, 4, 30),
    event(Kind.FLAPPING, "ios2", 4, 4, 2, 60),
    Event(kind=Kind.HUB_DOWN, peer=HUB, at=after(6, 2), until=after(6, 32)),
    IN_MAINTENANCE,
    event(Kind.ISP_DOWN, "ios1", None, 8, 2, 30),
    event(Kind.DEVICE_DOWN, "asa1", None, 8, 21, 30),
    event(Kind.DEVICE_DOWN, "xe1", None, 8, 3, 4),      # one poll is lost
    event(Kind.RELOADED, "ios2", None, 10, 3, 4),
    event(Kind.RELOADED, "asa1", None, 10, 8, 4),
    *(event(kind, device, None, 11, minutes, 0) for device, minutes in zip(DEVICES, (1, 7, 14, 22), strict=True)
      for kind in (Kind.CLEARED, Kind.IKE_REKEYED)),
    *(event(Kind.RECREATED, device, 1, 11, 43, 0) for device in DEVICES),
)


def test_half_a_day_of_faults_raises_each_outage_once_and_nothing_else(tmp_path: Path) -> None:
    world = World(1, HALF_A_DAY, devices=DEVICES, habits=HABITS)
    with Stage(world, tmp_path, maintenance={"ios2": "Tue 14:00-15:00"}) as stage:
        stage.begin(TUESDAY - timedelta(hours=26))
        for hour in range(1, 26):   # what is known for less than a day is judged with more patience
            stage.poll(TUESDAY - timedelta(hours=26 - hour))
        for turn in range(150):
            stage.poll(TUESDAY + POLL * turn)
    found = complaints(world, stage.told, unheard=(IN_MAINTENANCE,))
    assert not found, "\n".join(map(repr, found))
    assert stage.told.troubles == []
    changed = [alarm for alarm in stage.told.raised if any(one.what == "configuration" for one in alarm.changed)]
    assert len(changed) == 3   # each changed line is named, and no other


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_month_of_faults_raises_each_outage_once_and_nothing_else(tmp_path: Path) -> None:
    days = 31
    script = [one for one in drawn(2, days, DEVICES) if one.at > START + timedelta(hours=25)]
    world = World(2, script, devices=DEVICES, habits=HABITS)
    with Stage(world, tmp_path) as stage:
        stage.begin(START)
        for turn in range(1, days * 24 * 12):
            stage.poll(START + POLL * turn)
    found = complaints(world, stage.told)
    assert not found, "\n".join(map(repr, found))
    assert stage.told.troubles == []


def test_a_tunnel_on_demand_that_sleeps_at_the_very_first_poll_is_not_raised(tmp_path: Path) -> None:
    world = World(1, devices=("ios1",), habits=(Habit.ON_DEMAND,), tunnels=2)
    asleep = after(0)
    assert not any(tunnel.at((asleep - START).total_seconds()).pairs for tunnel in world.machines["ios1"].tunnels)
    with Stage(world, tmp_path) as stage:
        assert stage.poll(asleep).raised == ()
