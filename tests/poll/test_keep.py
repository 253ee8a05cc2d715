"""What a look leaves behind of a large device."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.poll.script import START

from vpn_check.alarms.advance import advance
from vpn_check.alarms.hold import HoldDown
from vpn_check.jobs.poll.changed import of_device
from vpn_check.jobs.poll.fingerprint import config_lines
from vpn_check.jobs.poll.judge import Full, Looked
from vpn_check.jobs.poll.keep import record_of
from vpn_check.model.finding import Status
from vpn_check.model.observation import DeviceObservation, TunnelId, TunnelObservation
from vpn_check.model.pollrecord import Baseline, Kept

KEY = b"of this test"
MANY = 3000


def hub(minute: int, *, up: bool) -> DeviceObservation:
    """What a hub with many tunnels shows."""
    status, cause = (Status.HEALTHY, "healthy") if up else (Status.CRITICAL, "ike.negotiation-failed")
    peers = [f"100.64.{number // 250}.{number % 250 + 1}" for number in range(MANY)]
    tunnels = tuple(TunnelObservation(id=TunnelId(key=("", "VPN", "", "10.0.0.0", peer, peer), name=peer, peer=peer),
                                      status=status, cause=cause, up=up) for peer in peers)
    return DeviceObservation(device="hub", at=START + timedelta(minutes=minute), status=status, whole=True,
                             tunnels=tunnels)


def test_what_changed_on_a_hub_is_looked_for_once_and_not_for_each_of_its_tunnels() -> None:
    lines = [f"crypto map VPN {number} match address A{number}" for number in range(MANY)]
    memory = advance(None, hub(0, up=True), HoldDown()).memory
    seen = hub(1, up=False)
    now = Baseline(device="hub", at=seen.at, lines=config_lines([*lines, "no crypto isakmp enable"], KEY), facts={})
    full = Full(kept=Kept(id="e", device="hub", at=seen.at, why="", platform=None, outputs=()), now=now)
    looked = Looked(plain=seen, seen=seen, advance=advance(memory, seen, HoldDown()), full=full)
    base = Baseline(device="hub", at=START, lines=config_lines(lines, KEY), facts={})

    record = record_of(looked, memory, cycle="c", base_of=lambda _device: base)

    told = [tunnel.explained.changed for tunnel in record.memory.tunnels if tunnel.explained is not None]
    assert len(told) == MANY
    assert {(one.what, one.before, one.after) for changed in told for one in changed} == {
        ("configuration", "", "no crypto isakmp enable")}
    assert len({id(one) for changed in told for one in changed}) == 1


def test_when_something_was_last_seen_unchanged_is_told_although_another_tunnel_was_down_and_not_raised() -> None:
    memory = advance(None, hub(0, up=True), HoldDown()).memory
    memory = replace(memory, traits={"release": "15.2"}, tunnels=memory.tunnels[:2])
    one, other = (replace(hub(0, up=False), tunnels=hub(0, up=False).tunnels[number:number + 1]) for number in (0, 1))
    good = replace(hub(0, up=True), tunnels=hub(0, up=True).tunnels[:2])
    for minute in (1, 2, 3):   # worked on: seen bad, and not raised
        seen = replace(good, at=START + timedelta(minutes=minute), traits={"release": "15.4"},
                       tunnels=(*one.tunnels, good.tunnels[1]))
        memory = advance(memory, seen, HoldDown(), resting=frozenset({str(one.tunnels[0].id.peer)})).memory
    seen = replace(seen, at=START + timedelta(minutes=4), tunnels=(good.tunnels[0], *other.tunnels))

    (told,) = of_device(memory, seen, START + timedelta(minutes=3), None, None)

    assert (told.before, told.after) == ("15.2", "15.4")
    assert (told.seen_before, told.seen_after) == (START, seen.at)
