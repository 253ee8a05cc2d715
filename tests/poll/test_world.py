"""The simulated world is read rightly by the diagnosis: healthy where all is well, bad where something is wrong."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.poll.look import ALL, look, verdict_of
from tests.poll.script import START, Event, Kind
from tests.poll.traffic import Habit
from tests.poll.world import HUB, World

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from datetime import datetime

DEVICES = ("ios1", "xe1", "asa1")
NOON = START + timedelta(days=1, hours=12)
POLL = timedelta(minutes=5)
OUTAGES = (Kind.UNREACHABLE, Kind.REFUSED, Kind.BLOCKED, Kind.CONFIG_CHANGED)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def steady(*script: Event) -> World:
    return World(1, script, habits=(Habit.STEADY,), tunnels=3)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("commands", [None, ALL], ids=["cheap", "all"])
def test_a_world_where_nothing_happens_is_healthy_at_every_poll(
    device: str, commands: tuple[str, ...] | None
) -> None:
    world = World(1)
    every = timedelta(minutes=14) if commands is None else timedelta(hours=3)   # rekeys are met at any phase
    polls = timedelta(days=1) // every
    bad = {}
    for now in (START + timedelta(days=4) + every * turn for turn in range(polls)):   # a Friday
        found = look(world, device, now, before=POLL, **({} if commands is None else {"commands": commands}))
        one_way = [tunnel.peer for tunnel in world.machines[device].tunnels if tunnel.traffic.habit is Habit.ONE_WAY]
        wrong = [(tunnel.peer, verdict) for tunnel, verdict in
                 zip(found.snapshot.tunnels if found.snapshot else (), found.tunnels, strict=True)
                 if verdict.status is not Status.HEALTHY and str(tunnel.peer) not in one_way]
        if wrong or found.snapshot is None or found.snapshot.unparsed or found.snapshot.gaps:
            bad[now] = (wrong, found.snapshot.unparsed if found.snapshot else (), found.verdict)
    assert bad == {}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", OUTAGES)
def test_an_outage_is_seen_for_as_long_as_it_lasts_and_not_longer(device: str, kind: Kind) -> None:
    world = steady(Event(at=NOON, until=NOON + minutes(60), kind=kind, device=device, tunnel=1))
    peer = world.machines[device].tunnels[1].peer
    assert status(world, device, NOON - minutes(1), peer) is Status.HEALTHY
    for later in (6, 11, 31, 59):
        assert status(world, device, NOON + minutes(later), peer) in {Status.CRITICAL, Status.WARNING}, later
    assert status(world, device, NOON + minutes(66), peer) is Status.HEALTHY
    others = {tunnel.peer for tunnel in world.machines[device].tunnels} - {peer}
    assert {status(world, device, NOON + minutes(30), other) for other in others} == {Status.HEALTHY}


def status(world: World, device: str, now: datetime, peer: str, before: timedelta = POLL) -> Status | None:
    """What a poll says of a tunnel; a flow that an ASA no longer shows has none."""
    found = verdict_of(look(world, device, now, before=before), peer)
    return found.status if found is not None else None


@pytest.mark.parametrize("device", DEVICES)
def test_a_hub_or_a_provider_that_fails_strikes_all_that_depend_on_it(device: str) -> None:
    hub = steady(Event(at=NOON, until=NOON + minutes(60), kind=Kind.HUB_DOWN, peer=HUB))
    provider = steady(Event(at=NOON, until=NOON + minutes(60), kind=Kind.ISP_DOWN, device=device))
    peers = [tunnel.peer for tunnel in hub.machines[device].tunnels]
    assert [status(hub, device, NOON + minutes(20), peer) is Status.CRITICAL for peer in peers] == [True, False, False]
    assert [status(provider, device, NOON + minutes(20), peer) for peer in peers] == [Status.CRITICAL] * 3


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("kind", [Kind.RELOADED, Kind.RECREATED, Kind.CLEARED, Kind.IKE_REKEYED])
def test_what_is_no_outage_is_none_at_any_moment(device: str, kind: Kind) -> None:
    world = steady(Event(at=NOON, until=NOON + minutes(4), kind=kind, device=device)
                   if kind is Kind.RELOADED else Event(at=NOON, kind=kind, device=device))
    for seconds in range(5, 900, 25):
        now = NOON + timedelta(seconds=seconds)
        if world.answers(device, now):
            found = look(world, device, now, before=POLL)
            assert {verdict.status for verdict in found.tunnels} == {Status.HEALTHY}, (seconds, found.verdict)


@pytest.mark.parametrize("device", DEVICES)
def test_counters_go_on_over_rekeys_and_begin_anew_where_the_flow_does(device: str) -> None:
    world = steady(Event(at=NOON, kind=Kind.RECREATED, device=device, tunnel=1))

    def seen(now: datetime) -> tuple[int, frozenset[int]]:
        found = look(world, device, now)
        assert found.snapshot is not None
        tunnel = next(tunnel for tunnel in found.snapshot.tunnels
                      if str(tunnel.peer) == world.machines[device].tunnels[1].peer)
        return tunnel.counters.encaps or 0, frozenset(sa.spi for sa in tunnel.sas if sa.spi)

    looks = [seen(NOON - timedelta(hours=10) + POLL * turn) for turn in range(120)]
    assert [count for count, _ in looks] == sorted(count for count, _ in looks)
    assert len({spis for _, spis in looks}) >= 2   # it was rekeyed on the way
    assert seen(NOON + minutes(5))[0] < looks[-1][0]


@pytest.mark.parametrize("device", DEVICES)
def test_a_configuration_differs_by_its_changed_line_while_the_change_lasts(device: str) -> None:
    world = steady(Event(at=NOON, until=NOON + minutes(60), kind=Kind.CONFIG_CHANGED, device=device, tunnel=2))

    def lines(now: datetime) -> set[str]:
        return set(world.at(now)[device]["show running-config"].splitlines())

    before, during, after = (lines(NOON + minutes(later)) for later in (-5, 5, 65))
    assert before == after
    assert len(during - before) <= 1 <= len(before ^ during) <= 2


def test_flapping_goes_up_and_down_every_other_poll() -> None:
    world = steady(Event(at=NOON, until=NOON + minutes(60), kind=Kind.FLAPPING, device="ios1", tunnel=0))
    seen = [status(world, "ios1", NOON + minutes(3) + POLL * turn, HUB) is Status.CRITICAL for turn in range(12)]
    assert seen == [True, False] * 6


def test_a_device_that_is_down_or_restarts_does_not_answer() -> None:
    world = steady(Event(at=NOON, until=NOON + minutes(10), kind=Kind.DEVICE_DOWN, device="asa1"),
                   Event(at=NOON, until=NOON + minutes(4), kind=Kind.RELOADED, device="xe1"))
    assert [world.answers(name, NOON + minutes(3)) for name in DEVICES] == [True, False, False]
    assert [world.answers(name, NOON + minutes(5)) for name in DEVICES] == [True, True, False]
    assert "uptime is 6 minutes" in world.at(NOON + minutes(10))["xe1"]["show version"]


def test_the_same_seed_makes_the_same_world_and_another_one_another() -> None:
    assert World(1).at(NOON) == World(1).at(NOON)
    assert World(1).at(NOON) != World(2).at(NOON)


def test_a_device_with_twenty_tunnels_takes_a_few_milliseconds() -> None:
    world = World(1, devices=("ios1",), tunnels=20)
    begun = time.process_time()
    for turn in range(20):
        world.at(NOON + POLL * turn)
    assert (time.process_time() - begun) / 20 < 0.010
