"""The diagnosis of the simulated world: one look, or one with the growth since an earlier one, as a poll has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.diagnose.verdict import diagnose
from vpn_check.jobs.configured import configured
from vpn_check.model.delta import between
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from datetime import datetime

    from tests.poll.world import World

    from vpn_check.model.finding import Diagnosis, TunnelVerdict
    from vpn_check.model.snapshot import DeviceSnapshot

SAS = ("show crypto isakmp sa", "show crypto ikev2 sa", "show crypto ipsec sa")
ALL = (*SAS, "show version", "show running-config", "show logging")


def look(world: World, device: str, now: datetime, *, before: timedelta | None = None,
         commands: tuple[str, ...] = SAS) -> Diagnosis:
    """Diagnose a device at a moment, with the growth of its counters since so long before."""
    snapshot = _snapshot(world, device, now, commands)
    if before is not None:
        earlier = {tunnel.key: tunnel for tunnel in _snapshot(world, device, now - before, SAS).tunnels}
        grown = {tunnel.key: between(earlier[tunnel.key], tunnel, before.total_seconds())
                 for tunnel in snapshot.tunnels if tunnel.key in earlier}
        snapshot = replace(snapshot, deltas={key: delta for key, delta in grown.items() if delta is not None})
    return diagnose(snapshot, confirmed=before is not None)


def _snapshot(world: World, device: str, now: datetime, commands: tuple[str, ...]) -> DeviceSnapshot:
    outputs = tuple(CommandOutput(command=command, text=text, received_at=now)
                    for command, text in world.at(now)[device].items() if command in commands)
    transcript = Transcript(device=device, platform=world.machines[device].platform, outputs=outputs)
    return configured(replace(assemble(transcript)[0], name=device))


def verdict_of(found: Diagnosis, peer: str) -> TunnelVerdict | None:
    """The verdict of the tunnel with a peer; None where the device shows nothing of it."""
    if found.snapshot is None:
        return None
    return next((verdict for tunnel, verdict in zip(found.snapshot.tunnels, found.tunnels, strict=True)
                 if str(tunnel.peer) == peer), None)
