"""From a look to what is written: the record of the poll, the evidence without secrets, what was explained."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from vpn_check.jobs.poll import changed
from vpn_check.jobs.poll.fingerprint import config_lines
from vpn_check.jobs.poll.sharpen import ABSENT
from vpn_check.model.memory import Explained
from vpn_check.model.pollrecord import Baseline, Kept, PollRecord
from vpn_check.parse.clean import display
from vpn_check.redact.redactor import Redactor, Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from vpn_check.jobs.poll.look import Full, Looked
    from vpn_check.model.alarm import Alarm, Difference
    from vpn_check.model.memory import DeviceMemory, TunnelMemory
    from vpn_check.model.transcript import CommandOutput

_CONFIG = "show running-config"
_WITHHELD = "(withheld: a secret is still seen in this answer after redaction)"


def record_of(looked: Looked, before: DeviceMemory | None, *, cycle: str, key: bytes,
              base_of: Callable[[str], Baseline | None]) -> PollRecord:
    """What a look leaves behind.

    Args:
        looked: the look.
        before: what was known before it.
        cycle: the id of the cycle.
        key: of the digests of secrets.
        base_of: the stored baseline of a device; asked only where something is to be compared.
    """
    step, seen = looked.advance, looked.seen
    memory, evidence, baseline = step.memory, None, None
    if looked.full is not None:
        evidence = _kept(looked.full, seen.device, _why(looked, before))
        now = _baseline(looked.full, seen.device, key)
        base = base_of(seen.device)
        memory = _explained(looked, memory, before, evidence, base, now)
        memory = replace(memory, evidence_at=looked.full.at)
        if now is not None and all(tunnel.bad_since is None for tunnel in memory.tunnels):
            baseline, memory = now, replace(memory, config_at=looked.full.at)
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


def _why(looked: Looked, before: DeviceMemory | None) -> str:
    if before is None:
        return "first poll"
    bad = [tunnel.id.name for tunnel in looked.advance.memory.tunnels if tunnel.bad_since is not None]
    return f"something is wrong: {'; '.join(bad[:3])}{' ...' if bad[3:] else ''}" if bad else "all is well again"


def _kept(full: Full, device: str, why: str) -> Kept:
    redactor = Redactor(Wishes(), tidy=display)
    answers = [output for output in full.transcript.outputs if output.text]
    for output in answers:
        redactor.learn(output.text)
    texts = tuple((output.command, _shown(redactor, output)) for output in answers)
    digest = hashlib.sha256(f"{device}\0{full.at.isoformat()}".encode()).hexdigest()[:12]
    return Kept(id=digest, device=device, at=full.at, why=why, platform=full.transcript.platform, outputs=texts)


def _shown(redactor: Redactor, output: CommandOutput) -> str:
    text = redactor.redact(output.text)
    return _WITHHELD if redactor.survivors(text) else text


def _baseline(full: Full, device: str, key: bytes) -> Baseline | None:
    text = next((output.text for output in full.transcript.outputs
                 if output.command == _CONFIG and output.problem is None), None)
    if text is None:
        return None
    routes = full.snapshot.shown.routes if full.snapshot.shown is not None else ()
    facts = {f"route to {route.asked}": " ".join(word for word in (str(route.prefix), route.next_hop, route.interface)
                                                 if word) for route in routes if route.asked}
    facts |= {f"route to {absent.asked}": "none" for absent in
              (full.snapshot.shown.no_routes if full.snapshot.shown is not None else ())}
    return Baseline(device=device, at=full.at, lines=config_lines(text.splitlines(), key), facts=facts)
