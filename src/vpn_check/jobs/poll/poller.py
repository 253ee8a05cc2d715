"""A cycle of polls: look at each device, judge by what came before, write it down, say what is new."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING

from vpn_check.alarms.rollup import roll_up
from vpn_check.collect.fleet import run
from vpn_check.errors import VpnCheckError
from vpn_check.history.keep import Keep
from vpn_check.jobs.poll.judge import Before, Looked
from vpn_check.jobs.poll.keep import record_of
from vpn_check.jobs.poll.look import Looking
from vpn_check.jobs.poll.refusals import LastingLockOut
from vpn_check.model.finding import Status
from vpn_check.model.pollreport import CycleReport, DevicePoll, concerning
from vpn_check.report.notification import message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.jobs.check import Run
    from vpn_check.jobs.poll.remembered import Remembered
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.device import Device
    from vpn_check.model.maintenance import Windows
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.observation import DeviceObservation
    from vpn_check.notify.send import Notifier

_BASE_EVERY = timedelta(days=1)
"""How old the configuration may be that later ones are compared with."""
_EXPLAINED, _EXPLAINED_OF = 50, 5
"""Full collections of devices with something bad in one cycle: so many, or one in so many devices."""
_RENEWED, _RENEWED_OF = 5, 20
"""The same of devices where all is well, to compare later ones with."""

_IN_VAIN = 5
"""So many messages in a row that nobody took: the rest is left for the next cycle."""


class _Stopped(VpnCheckError):  # noqa: N818  named by what happened, as the errors in errors.py
    """The service is ending: this device is not begun any more."""

    step = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How polls are judged and kept.

    `hold`: how long something must last before it is raised, and be gone before it is cleared. `windows`: the
    maintenance windows of devices by name. `keep`: how long what is kept. `within`: what begins in such a span of time
    may have one cause; three polls, but not less than a quarter of an hour.
    """

    hold: HoldDown
    windows: Mapping[str, Windows] = field(default_factory=dict)
    keep: Keep = field(default_factory=Keep)
    within: timedelta = timedelta(minutes=15)


class Poller:
    """Polls some devices, cycle by cycle.

    Args:
        devices: whom to poll.
        settings: how they are reached.
        remembered: what is known from before.
        policy: how it is judged and kept.
        clock: the time, aware and in UTC.
        key: of the digests of credentials and of secrets in configurations.
        workers: how many devices at the same time.
        notifier: whom to tell of alarms; None: nobody.
        stop: when set, no further device is begun.
    """

    def __init__(self, devices: Sequence[Device], settings: Run, remembered: Remembered, *, policy: Policy,
                 clock: Callable[[], datetime], key: bytes, workers: int = 50, notifier: Notifier | None = None,
                 stop: Event | None = None) -> None:
        self.devices = tuple(devices)
        self.policy = policy
        self._settings = settings
        self._clock = clock
        self._key = key
        self._workers = workers
        self._notifier = notifier
        self._stop = stop or Event()
        self._remembered = remembered

    def cycle(self, done: Callable[[DevicePoll], None] = lambda _poll: None) -> CycleReport:
        """Poll every device once.

        Args:
            done: is told of each device when its result is kept.

        Raises:
            HistoryError: what is remembered cannot be read, and this process remembers nothing either.
        """
        cycle, began, held = uuid.uuid4().hex, self._clock(), self._remembered
        held.begin([device.name for device in self.devices])
        open_before = set(held.alarms)
        lock_out = LastingLockOut(held.refusals(), key=self._key, clock=self._clock)
        polls, pending, new = self._poll(cycle, lock_out, done)
        self._keep_refusals(lock_out)
        still = [alarm for alarm in held.alarms.values() if alarm.id in open_before]
        held.save(roll_up(still, new, held.memories, pending, self._clock(), within=self.policy.within))
        self._tell()
        held.tidy(self._clock(), self.policy.keep)
        alarms = tuple(held.alarms.values())
        return CycleReport(
            id=cycle, began=began, ended=self._clock(), polls=tuple(polls),
            raised=tuple(alarm for alarm in alarms if alarm.id not in open_before and alarm.root is None),
            cleared=tuple(alarm for alarm in alarms if alarm.cleared_at is not None and alarm.root is None),
            open=concerning((alarm for alarm in alarms if alarm.cleared_at is None),
                            {device.name for device in self.devices}),
            troubles=tuple(held.troubles),
        )  # fmt: skip

    def _poll(self, cycle: str, lock_out: LastingLockOut, done: Callable[[DevicePoll], None]
              ) -> tuple[list[DevicePoll], dict[str, tuple[tuple[str, ...] | None, ...]], list[Alarm]]:
        held = self._remembered
        looking = Looking(settings=replace(self._settings, lock_out=lock_out), hold=self.policy.hold,
                          clock=self._clock, key=self._key, base_due=_base_due,
                          may_explain=_Budget(max(_EXPLAINED, len(self.devices) // _EXPLAINED_OF)).take,
                          may_renew=_Budget(max(_RENEWED, len(self.devices) // _RENEWED_OF)).take)
        of_device: defaultdict[str, dict[str, Alarm]] = defaultdict(dict)
        for alarm in held.alarms.values():
            if alarm.device is not None:
                of_device[alarm.device][alarm.id] = alarm
        polls: list[DevicePoll] = []
        pending: dict[str, tuple[tuple[str, ...] | None, ...]] = {}
        new: list[Alarm] = []
        before = partial(self._before, of_device, self._resting())
        work = partial(self._look, looking, before)
        for device, looked in run(self.devices, work, workers=self._workers, gates=self._settings.gates):
            if isinstance(looked, _Stopped):
                continue
            if isinstance(looked, VpnCheckError):   # a surprise: what it hides must not pass for health
                held.troubles.append(str(looked))
                looked = looking.missed(device, before(device), looked, 0.0)   # noqa: PLW2901  in its place
            record = record_of(looked, held.memory(device.name), cycle=cycle, base_of=held.baseline)
            held.keep(record)
            self._keep_refusals(lock_out)
            pending[device.name] = looked.advance.pending
            new += record.alarms
            poll = DevicePoll(observation=record.observation, memory=record.memory,
                              maintenance=self._maintained(device, record.observation.at))
            polls.append(poll)
            done(poll)
        return polls, pending, new

    def _keep_refusals(self, lock_out: LastingLockOut) -> None:
        """At once: a poller that is killed and started again must not give a refused password again."""
        if lock_out.changed:
            lock_out.changed = False
            self._remembered.save_refusals(lock_out.refusals)

    def _resting(self) -> frozenset[str]:
        """Addresses of the devices that are in maintenance now."""
        now, memories = self._clock(), self._remembered.memories
        return frozenset(address for name, windows in self.policy.windows.items() if windows.covers(now)
                         if name in memories for address in memories[name].local_addresses)

    def _look(self, looking: Looking, before: Callable[[Device], Before], device: Device) -> Looked:
        if self._stop.is_set():
            raise _Stopped(f"{device.name} was not polled: the service is ending.")
        return looking.look(device, before(device))

    def _before(self, alarms: Mapping[str, dict[str, Alarm]], resting: frozenset[str], device: Device) -> Before:
        return Before(memory=self._remembered.memory(device.name), open_alarms=alarms.get(device.name, {}),
                      maintenance=self._maintained(device, self._clock()), resting=resting)

    def _maintained(self, device: Device, at: datetime) -> bool:
        windows = self.policy.windows.get(device.name)
        return windows is not None and windows.covers(at)

    def _tell(self) -> None:
        """Tell people what is new; what could not be said is said with the next cycle."""
        in_vain = 0
        for alarm, what in list(self._remembered.untold()):
            if in_vain >= _IN_VAIN:   # each try may take seconds: hundreds of alarms would stop the polls
                break
            if self._notifier is not None:
                members = [held for held in self._remembered.alarms.values() if held.root == alarm.id]
                title, body = message(alarm, what, members=members)
                failures = self._notifier.send(title, body, alarm.status if what == "raised" else Status.HEALTHY)
                self._remembered.troubles += failures
                if len(failures) == self._notifier.services:   # nobody was told
                    in_vain += 1
                    continue
                in_vain = 0
            self._remembered.told(alarm, what)


class _Budget:
    """So many times yes; asked from many threads."""

    def __init__(self, times: int) -> None:
        self._left = times
        self._lock = Lock()

    def take(self) -> bool:
        """Whether there is one left; takes it."""
        with self._lock:
            self._left -= 1
            return self._left >= 0


def _base_due(memory: DeviceMemory | None, seen: DeviceObservation) -> bool:
    """Whether a configuration is to be read to compare later ones with: all is well, and there is none, or an old one.

    Where a firewall says that its configuration was modified, or another release runs, it is read anew.
    """
    if seen.fault is not None or memory is None or any(tunnel.bad_since for tunnel in memory.tunnels):
        return False
    if memory.config_at is None or seen.at - memory.config_at >= _BASE_EVERY:
        return memory.evidence_at is None or seen.at - memory.evidence_at >= _BASE_EVERY
    modified = memory.traits.get("modified") != seen.traits.get("modified", memory.traits.get("modified"))
    released = memory.traits.get("release") != seen.traits.get("release", memory.traits.get("release"))
    return modified or released
