"""From a look to what is written: the record of the poll, the evidence without secrets, what was explained."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from vpn_check.jobs.poll import changed
from vpn_check.jobs.poll.sharpen import ABSENT
from vpn_check.model.memory import Explained
from vpn_check.model.pollrecord import Baseline, Kept, PollRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from vpn_check.jobs.poll.judge import Looked
    from vpn_check.model.alarm import Alarm, Difference
    from vpn_check.model.memory import DeviceMemory, TunnelMemory


def record_of(looked: Looked, before: DeviceMemory | None, *, cycle: str,
              base_of: Callable[[str], Baseline | None]) -> PollRecord:
    """What a look leaves behind.

    Args:
        looked: the look.
        before: what was known before it.
        cycle: the id of the cycle.
        base_of: the stored baseline of a device; asked only where something is to be compared.
    """
    step, seen = looked.advance, looked.seen
    memory, evidence, baseline = step.memory, None, None
    if looked.full is not None:
        evidence, now = looked.full.kept, looked.full.now
        base = base_of(seen.device)
        memory = _explained(looked, memory, before, evidence, base, now)
        memory = replace(memory, evidence_at=evidence.at)
        if now is not None and all(tunnel.bad_since is None for tunnel in memory.tunnels):
            baseline, memory = now, replace(memory, config_at=evidence.at)
    memory = replace(memory, tunnels=tuple(_forgotten(tunnel) for tunnel in memory.tunnels))
    told = {tunnel.id.key: tunnel.explained for tunnel in memory.tunnels}
    return PollRecord(
        cycle=cycle, observation=seen, memory=memory, tallies=step.tallies, changes=step.changes,
        alarms=tuple(_with_explanation(alarm, told) for alarm in step.alarms), evidence=evidence, baseline=baseline,
    )  # fmt: skip


def _explained(looked: Looked, memory: DeviceMemory, before: DeviceMemory | None, evidence: Kept,
               base: Baseline | None, now: Baseline | None) -> DeviceMemory:
    """The memory in which each tunnel that is bad has what the full collection said of it."""
    plain = {tunnel.id.key: tunnel for tunnel in looked.plain.tunnels}
    seen = {tunnel.id.key: tunnel for tunnel in looked.seen.tunnels}
    held = {tunnel.id.key: tunnel for tunnel in before.tunnels} if before is not None else {}

    @cache   # the same for all tunnels of a hub that were last well in the same poll: configurations are long
    def of_device(good_at: datetime) -> tuple[Difference, ...]:
        return changed.of_device(before, looked.seen, good_at, base, now) if before is not None else ()

    def told(tunnel: TunnelMemory) -> TunnelMemory:
        key = tunnel.id.key
        if tunnel.bad_since is None or (tunnel.explained is not None and tunnel.alarm is not None):
            return tunnel
        earlier, found = held.get(key), seen.get(key)
        differences: tuple[Difference, ...] = ()
        if before is not None and earlier is not None and earlier.good_at is not None:
            differences = (*changed.of_tunnel(earlier, plain.get(key), looked.seen), *of_device(earlier.good_at))
        cause, finding = (found.cause, found.finding) if found is not None else (tunnel.cause, None)
        return replace(tunnel, explained=Explained(plain=plain[key].cause if key in plain else ABSENT, cause=cause,
                                                   finding=finding, changed=differences, evidence=evidence.id))

    return replace(memory, tunnels=tuple(told(tunnel) for tunnel in memory.tunnels))


def _forgotten(tunnel: TunnelMemory) -> TunnelMemory:
    """What explained a bad spell goes with it; not while its alarm is open: a flapping tunnel is explained once."""
    over = tunnel.explained is not None and tunnel.bad_since is None and tunnel.alarm is None
    return replace(tunnel, explained=None) if over else tunnel


def _with_explanation(alarm: Alarm, explained: Mapping[tuple[str, ...], Explained | None]) -> Alarm:
    told = explained.get(alarm.tunnel) if alarm.tunnel is not None else None
    if told is None or alarm.evidence is not None:
        return alarm
    return replace(alarm, changed=told.changed, evidence=told.evidence)
