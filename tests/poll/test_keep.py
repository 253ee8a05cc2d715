"""What a look leaves behind of a large device, in a time that the other devices of a cycle can wait."""

from __future__ import annotations

import time
from datetime import timedelta

from tests.poll.script import START

from vpn_check.alarms.advance import advance
from vpn_check.alarms.hold import HoldDown
from vpn_check.jobs.poll.fingerprint import config_lines
from vpn_check.jobs.poll.keep import record_of
from vpn_check.jobs.poll.look import Full, Looked
from vpn_check.model.finding import Status
from vpn_check.model.observation import DeviceObservation, TunnelId, TunnelObservation
from vpn_check.model.pollrecord import Baseline
from vpn_check.model.snapshot import DeviceSnapshot
from vpn_check.model.transcript import CommandOutput, Transcript

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
    answer = CommandOutput(command="show running-config", text="\n".join([*lines, "no crypto isakmp enable"]),
                           received_at=seen.at)
    full = Full(at=seen.at, transcript=Transcript(device="hub", platform=None, outputs=(answer,)),
                snapshot=DeviceSnapshot(name="hub", platform=None))
    looked = Looked(plain=seen, seen=seen, advance=advance(memory, seen, HoldDown()), full=full)
    base = Baseline(device="hub", at=START, lines=config_lines(lines, KEY), facts={})

    begun = time.monotonic()
    record = record_of(looked, memory, cycle="c", key=KEY, base_of=lambda _device: base)

    assert time.monotonic() - begun < 3
    told = [tunnel.explained.changed for tunnel in record.memory.tunnels if tunnel.explained is not None]
    assert len(told) == MANY
    assert {(one.what, one.before, one.after) for changed in told for one in changed} == {
        ("configuration", "", "no crypto isakmp enable")}
