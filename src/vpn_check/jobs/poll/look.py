"""One look at one device: the cheap commands first, everything where a verdict changes. Runs in a worker's thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from vpn_check.alarms.advance import Advance, advance
from vpn_check.alarms.growth import delta, started
from vpn_check.alarms.hold import HoldDown
from vpn_check.collect.live import collect
from vpn_check.diagnose.verdict import diagnose
from vpn_check.errors import DeviceError, VpnCheckError
from vpn_check.inventory import ANY_PEER
from vpn_check.jobs.check import ask_configuration
from vpn_check.jobs.configured import configured
from vpn_check.jobs.decisive import decisive
from vpn_check.jobs.poll.observe import booted_at, observe, unanswered
from vpn_check.jobs.poll.sharpen import from_full, from_memory, located
from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.observation import COUNTERS
from vpn_check.model.sa import IkePhase
from vpn_check.model.transcript import Command, Subject, Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.base import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from vpn_check.jobs.check import Run
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.device import Device
    from vpn_check.model.finding import Diagnosis
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.observation import DeviceObservation
    from vpn_check.model.snapshot import DeviceSnapshot

_EVIDENCE = {Subject.DROPS, Subject.OVERLAY, Subject.LOG}
"""What a full collection asks besides the SAs and the configuration: where causes are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of a device before the look.

    `maintenance`: nothing is raised for it now. `resting`: addresses of devices in maintenance: nor for tunnels there.
    """

    memory: DeviceMemory | None
    open_alarms: Mapping[str, Alarm]
    maintenance: bool = False
    resting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """A full collection: everything that was said, and what was made of it."""

    at: datetime
    transcript: Transcript
    snapshot: DeviceSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of a look. `plain` is what the cheap commands alone showed, `seen` with what was found out besides."""

    plain: DeviceObservation
    seen: DeviceObservation
    advance: Advance
    full: Full | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How looks are made in a cycle.

    `clock` gives the time, aware. `may_explain` says whether a full collection may be made now to explain what is bad:
    a fleet that loses its hub must not be asked for all its configurations at once. `may_renew`: the same to renew what
    later configurations are compared with, where that is due by `base_due` and all is well.
    """

    settings: Run
    hold: HoldDown
    clock: Callable[[], datetime]
    may_explain: Callable[[], bool]
    may_renew: Callable[[], bool]
    base_due: Callable[[DeviceMemory | None, DeviceObservation], bool]
    turn: Lock = field(default_factory=Lock)
    """Held while answers are read and judged: a hundred threads that compute at once only hinder each other."""

    def look(self, device: Device, before: Before) -> Looked:
        """Look at a device. What fails on the way to it is an observation, too."""
        begun = time.monotonic()
        limits = self.settings.limits(device)
        end = begun + limits.device
        memory = before.memory
        try:
            transcript, at = self._collect(device, limits), self.clock()
            with self.turn:
                diagnosis = self._judge(device, transcript, memory, at)
            if memory is None and _open_negotiation(diagnosis) and self.settings.settle:
                self.settings.wait(self.settings.settle)   # no earlier poll says whether the negotiation hangs
                transcript, at = self._collect(device, limits.within(end - time.monotonic())), self.clock()
                with self.turn:
                    diagnosis = self._judge(device, transcript, memory, at, confirmed=True)
        except VpnCheckError as error:
            return self.missed(device, before, error, time.monotonic() - begun)
        seconds = time.monotonic() - begun
        with self.turn:
            plain = located(observe(device, diagnosis, at, seconds), memory)
            seen = from_memory(plain, memory)
            step = self._advance(before, seen)
        if plain.fault is not None or not self._wanted(step, memory, seen):
            return Looked(plain=plain, seen=seen, advance=step)
        try:
            full = self._ask_all(device, transcript, limits.within(end - time.monotonic()))
        except DeviceError:   # the poll itself stands; the next one asks again
            return Looked(plain=plain, seen=seen, advance=step)
        with self.turn:
            found = self._diagnose(device, self._grown(full.snapshot, memory, full.at), memory, confirmed=True)
        seen = from_full(plain, found, step.memory)
        return Looked(plain=plain, seen=seen, advance=self._advance(before, seen), full=full)

    def missed(self, device: Device, before: Before, error: VpnCheckError, seconds: float) -> Looked:
        """A look of which nothing came but this error, after so many seconds: nothing is known of the tunnels."""
        fault = DeviceFault(step=error.step, code=error.code, message=str(error))
        seen = unanswered(device, fault, self.clock(), seconds)
        return Looked(plain=seen, seen=seen, advance=self._advance(before, seen))

    def _wanted(self, step: Advance, memory: DeviceMemory | None, seen: DeviceObservation) -> bool:
        """Whether everything is to be asked now: first of all where something is bad."""
        if any(tunnel.bad_since is not None for tunnel in step.memory.tunnels):
            return (step.wants_evidence or _unexplained(step.memory)) and self.may_explain()
        return (step.wants_evidence or self.base_due(memory, seen)) and self.may_renew()

    def _advance(self, before: Before, seen: DeviceObservation) -> Advance:
        return advance(before.memory, seen, self.hold, maintenance=before.maintenance, open_alarms=before.open_alarms,
                       resting=before.resting)

    def _collect(self, device: Device, limits: object) -> Transcript:
        settings = self.settings
        return collect(device, settings.credentials(device), host_keys=settings.host_keys, limits=limits,  # type: ignore[arg-type]
                       lock_out=settings.lock_out, bastions=settings.bastions, choose=Platform.polls)

    def _judge(self, device: Device, transcript: Transcript, memory: DeviceMemory | None, at: datetime, *,
               confirmed: bool = False) -> Diagnosis:
        snapshot = self._grown(replace(assemble(transcript)[0], name=device.name), memory, at)
        return self._diagnose(device, snapshot, memory, confirmed=confirmed)

    def _diagnose(self, device: Device, snapshot: DeviceSnapshot, memory: DeviceMemory | None, *,
                  confirmed: bool) -> Diagnosis:
        seen_bad = memory is not None and any(tunnel.bad_since is not None for tunnel in memory.tunnels)
        return diagnose(
            snapshot,
            expected=[peer for peer in device.expected_up if peer != ANY_PEER],
            all_expected=ANY_PEER in device.expected_up,
            confirmed=confirmed or seen_bad,
            signatures=self.settings.signatures,
        )

    @staticmethod
    def _grown(snapshot: DeviceSnapshot, memory: DeviceMemory | None, at: datetime) -> DeviceSnapshot:
        """The snapshot with the growth of each tunnel's counters since the poll before."""
        if memory is None:
            return snapshot
        held = {tunnel.id.key: tunnel for tunnel in memory.tunnels}
        restart = started(memory, booted_at(snapshot, at))
        deltas = {}
        for tunnel in snapshot.tunnels:
            before = held.get(tunnel.key)
            counters = {name: value for name in COUNTERS if (value := getattr(tunnel.counters, name)) is not None}
            grown = delta(before, counters, at, restart)
            if grown is not None:
                deltas[tunnel.key] = grown
        return replace(snapshot, deltas=deltas)

    def _ask_all(self, device: Device, first: Transcript, limits: object) -> Full:
        platform = PLATFORMS[first.platform] if first.platform is not None else None
        more = [command for command in platform.reads() if not command.polled] if platform is not None else []
        more += [Command(text=asked.text, needed=False, seconds=asked.seconds, size=asked.size)
                 for asked in (platform.case if platform is not None else ())
                 if asked.about in _EVIDENCE and not asked.long and "{peer}" not in asked.text]
        known = replace(device, platform=first.platform)
        answers = ask_configuration(known, self.settings, limits, *more)  # type: ignore[arg-type]
        transcript = replace(first, outputs=(*first.outputs, *answers.outputs))
        judged = replace(transcript, outputs=decisive(transcript.outputs))
        snapshot = configured(replace(assemble(judged)[0], name=device.name))
        return Full(at=self.clock(), transcript=transcript, snapshot=snapshot)


def _unexplained(memory: DeviceMemory) -> bool:
    """Whether something is bad of which the full evidence was not collected yet."""
    return any(tunnel.bad_since is not None and tunnel.explained is None for tunnel in memory.tunnels)


def _open_negotiation(diagnosis: Diagnosis) -> bool:
    if diagnosis.snapshot is None:
        return False
    return any(verdict.status is Status.CRITICAL and any(sa.phase is IkePhase.NEGOTIATING for sa in tunnel.ike)
               for tunnel, verdict in zip(diagnosis.snapshot.tunnels, diagnosis.tunnels, strict=True))
