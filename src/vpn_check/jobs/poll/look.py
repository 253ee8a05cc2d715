"""One look at one device: the cheap commands first, everything where a verdict changes. Runs in a worker's thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from vpn_check.collect.live import collect
from vpn_check.errors import DeviceError, VpnCheckError
from vpn_check.jobs.check import ask_configuration
from vpn_check.jobs.poll.judge import Answers, Before, Looked, judge, judge_all, missed
from vpn_check.model.finding import DeviceFault
from vpn_check.model.transcript import Command, Subject, Transcript
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.base import Platform

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.collect.limits import Limits
    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.observation import DeviceObservation

_EVIDENCE = {Subject.DROPS, Subject.OVERLAY, Subject.LOG}
"""What a full collection asks besides the SAs and the configuration: where causes are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How looks are made in a cycle.

    `clock` gives the time, aware. `may_explain` says whether a full collection may be made now to explain what is bad:
    a fleet that loses its hub must not be asked for all its configurations at once. `may_renew`: the same to renew what
    later configurations are compared with, where that is due by `base_due` and all is well. `key`: of the digests of
    secrets.
    """

    settings: Run
    hold: HoldDown
    clock: Callable[[], datetime]
    key: bytes
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
        try:
            given = self._answers(device, before, self._collect(device, limits), begun)
            with self.turn:
                looked = judge(given, waits=bool(self.settings.settle))
            if looked is None:
                self.settings.wait(self.settings.settle)   # no earlier poll says whether the negotiation hangs
                again = self._collect(device, limits.within(end - time.monotonic()))
                given = self._answers(device, before, again, begun)
                with self.turn:
                    looked = judge(given, confirmed=True)
        except VpnCheckError as error:
            return self.missed(device, before, error, time.monotonic() - begun)
        if looked is None or looked.plain.fault is not None or not self._wanted(looked, before.memory):
            return looked or self.missed(device, before, DeviceError(f"{device.name}: no verdict."), given.seconds)
        try:
            everything = self._ask_all(device, given.transcript, limits.within(end - time.monotonic()))
        except DeviceError:   # the poll itself stands; the next one asks again
            return looked
        full = self._answers(device, before, everything, begun)
        with self.turn:
            return judge_all(full, looked)

    def missed(self, device: Device, before: Before, error: VpnCheckError, seconds: float) -> Looked:
        """A look of which nothing came but this error, after so many seconds."""
        fault = DeviceFault(step=error.step, code=error.code, message=str(error))
        return missed(device, before, fault, self.clock(), seconds, self.hold)

    def _answers(self, device: Device, before: Before, transcript: Transcript, begun: float) -> Answers:
        return Answers(device=device, before=before, transcript=transcript, at=self.clock(),
                       seconds=time.monotonic() - begun, hold=self.hold, key=self.key,
                       signatures=self.settings.signatures)

    def _wanted(self, looked: Looked, before: DeviceMemory | None) -> bool:
        """Whether everything is to be asked now: first of all where something is bad."""
        step = looked.advance
        if any(tunnel.bad_since is not None for tunnel in step.memory.tunnels):
            return (step.wants_evidence or _unexplained(step.memory)) and self.may_explain()
        return (step.wants_evidence or self.base_due(before, looked.seen)) and self.may_renew()

    def _collect(self, device: Device, limits: Limits) -> Transcript:
        settings = self.settings
        return collect(device, settings.credentials(device), host_keys=settings.host_keys, limits=limits,
                       lock_out=settings.lock_out, bastions=settings.bastions, choose=Platform.polls)

    def _ask_all(self, device: Device, first: Transcript, limits: Limits) -> Transcript:
        platform = PLATFORMS[first.platform] if first.platform is not None else None
        more = [command for command in platform.reads() if not command.polled] if platform is not None else []
        more += [Command(text=asked.text, needed=False, seconds=asked.seconds, size=asked.size)
                 for asked in (platform.case if platform is not None else ())
                 if asked.about in _EVIDENCE and not asked.long and "{peer}" not in asked.text]
        answers = ask_configuration(replace(device, platform=first.platform), self.settings, limits, *more)
        return replace(first, outputs=(*first.outputs, *answers.outputs))


def _unexplained(memory: DeviceMemory) -> bool:
    """Whether something is bad of which the full evidence was not collected yet."""
    return any(tunnel.bad_since is not None and tunnel.explained is None for tunnel in memory.tunnels)
