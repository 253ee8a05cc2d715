"""Look at a device again and again over one log-in, until its verdict changes: after a fix, or while one is tried."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vpn_check.collect.live import Access, LiveSession
from vpn_check.errors import AuthenticationFailed, DeviceError, HostKeyError, PrivilegeError
from vpn_check.jobs.check import judge
from vpn_check.model.finding import Status
from vpn_check.model.sa import IkePhase
from vpn_check.model.snapshot import Topic
from vpn_check.model.transcript import Transcript
from vpn_check.parse.commands import resolve
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device
    from vpn_check.model.finding import Diagnosis
    from vpn_check.model.transcript import CommandOutput

_FINAL = (AuthenticationFailed, HostKeyError, PrivilegeError)   # trying again mends none of these, and may lock
_LONGEST = 60.0
STEADY = 2
"""Looks in a row that must agree before another verdict counts: a negotiation passes through states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look: the diagnosis, and what has come up since the look before."""

    diagnosis: Diagnosis
    events: tuple[str, ...] = ()
    changed: bool = False
    """The verdict is another one than at the first look, and has stayed so."""


def watch(device: Device, settings: Run, *, every: float) -> Iterator[Look]:
    """Look every so many seconds; ends with the look at which the verdict has changed.

    One log-in is kept open. Where it is lost, the device is logged in to again after a pause that grows; a refusal of
    the credentials or of the host key ends the watch at once.

    Raises:
        DeviceError: the first log-in failed, or a later one was refused.
    """
    before: tuple[CommandOutput, ...] = ()
    first: Diagnosis | None = None
    last: Diagnosis | None = None
    steady = 0
    for outputs in _outputs(device, settings, every):
        transcript = Transcript(device=device.name, platform=device.platform, outputs=(*before, *outputs))
        diagnosis = judge(device, settings, transcript, confirmed=last is not None)
        before = tuple(o for o in outputs if not o.problem and resolve(o.command)[1] is Topic.IPSEC_SA)
        events = tuple(_events(last, diagnosis)) if last is not None else ()
        first = first or diagnosis
        steady = steady + 1 if last is not None and _word(last) == _word(diagnosis) else 1
        settled = diagnosis.status is Status.HEALTHY or steady >= STEADY
        changed = _word(diagnosis) != _word(first) and settled
        last = diagnosis
        yield Look(diagnosis=diagnosis, events=events, changed=changed)
        if changed:
            return


def _word(diagnosis: Diagnosis) -> tuple[str, str | None]:
    return diagnosis.status.value, diagnosis.verdict.cause if diagnosis.verdict else None


def _outputs(device: Device, settings: Run, every: float) -> Iterator[tuple[CommandOutput, ...]]:
    pause, met = every, False
    while True:
        try:
            access = Access(host_keys=settings.host_keys, limits=replace(settings.limits(device), device=86400.0),
                            lock_out=settings.lock_out, bastions=settings.bastions)
            with LiveSession(device, settings.credentials(device), access) as live:
                met, pause = True, every
                while live.session.open:
                    yield tuple(live.session.run(command) for command in PLATFORMS[live.platform].reads()
                                if live.session.open)
                    if live.session.open:
                        settings.wait(every)
        except _FINAL:
            raise
        except DeviceError:
            if not met:
                raise
        settings.wait(pause)
        pause = min(pause * 2, _LONGEST)


def _events(before: Diagnosis, now: Diagnosis) -> Iterator[str]:
    """What came up, or went down, from one look to the next."""
    if before.snapshot is None or now.snapshot is None:
        return
    old = {tunnel.key: tunnel for tunnel in before.snapshot.tunnels}
    peers = {tunnel.peer for tunnel in before.snapshot.tunnels for sa in tunnel.ike if sa.phase is IkePhase.UP}
    told = set()
    for tunnel in now.snapshot.tunnels:
        if tunnel.peer not in peers and tunnel.peer not in told and any(sa.phase is IkePhase.UP for sa in tunnel.ike):
            told.add(tunnel.peer)
            yield f"IKE with {tunnel.peer} is up"
        held = old.get(tunnel.key)
        had = held is not None and bool(held.has_outbound)
        if tunnel.has_outbound and not had:
            yield f"IPsec SAs with {tunnel.peer} are up"
        if had and tunnel.has_outbound is False:
            yield f"IPsec SAs with {tunnel.peer} are gone"
        delta = now.snapshot.deltas.get(tunnel.key)
        if delta is not None and delta.encaps and delta.decaps and not _flowed(before, tunnel.key):
            yield f"traffic with {tunnel.peer} passes both ways (+{delta.encaps} out, +{delta.decaps} in)"


def _flowed(diagnosis: Diagnosis, key: tuple[str, ...]) -> bool:
    delta = diagnosis.snapshot.deltas.get(key) if diagnosis.snapshot is not None else None
    return delta is not None and bool(delta.encaps) and bool(delta.decaps)


def clock() -> str:
    """The host's time of day, for a line of the watch."""
    return time.strftime("%H:%M:%S")
