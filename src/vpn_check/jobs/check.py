"""The main job: collect what a device says, read it, judge it. One device's failure is that device's outcome."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from vpn_check.collect.fleet import run
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.diagnose.recent import recent
from vpn_check.diagnose.verdict import diagnose
from vpn_check.errors import DeviceError, VpnCheckError
from vpn_check.inventory import ANY_PEER
from vpn_check.jobs import plaintext
from vpn_check.jobs.configured import configured
from vpn_check.jobs.reads import further_reads
from vpn_check.model.finding import DeviceFault, Diagnosis, Status
from vpn_check.model.sa import IkePhase
from vpn_check.model.snapshot import Topic
from vpn_check.parse.assemble import assemble
from vpn_check.parse.commands import resolve
from vpn_check.platforms.base import CONFIGURATION, LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.jump import Bastions
    from vpn_check.collect.lockout import LockOut
    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.device import Credentials, Device
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.transcript import Command, Transcript


class ReadConfig(StrEnum):
    """When the configuration of a device is read beside its SAs."""

    NEVER = "never"
    WHEN_WRONG = "when something is wrong"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the devices of one run share.

    `timeout` bounds every step of a device, `deadline` the device in all, both in seconds; None keeps the inventory's
    or the default. `settle`: seconds between two looks at an open negotiation; `interval`: between two looks at
    every counter, 0 for one look. `per_site`, `per_bastion`: how many
    devices of a site, or behind a bastion, may be asked at the same time. `read_config`: whether the configuration and
    the log are asked for as well, in a further session, to explain what is wrong. `signatures`: messages that a
    site adds. `since`: log lines older than so many seconds before the newest are left out.
    """

    credentials: Callable[[Device], Credentials]
    host_keys: HostKeys
    timeout: float | None = None
    deadline: float | None = None
    lock_out: LockOut | None = None
    bastions: Bastions | None = None
    peers: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    since: float | None = None
    settle: float = 10.0
    interval: float = 0.0
    per_site: int = 20
    per_bastion: int = 20
    read_config: ReadConfig = ReadConfig.NEVER
    wait: Callable[[float], None] = time.sleep

    def limits(self, device: Device) -> Limits:
        """The deadlines that hold for a device."""
        limits = Limits.of(self.timeout or device.timeout)
        return replace(limits, device=self.deadline) if self.deadline is not None else limits

    def gates(self, device: Device) -> dict[str, int]:
        """The site and the first bastion of a device, and how many may be behind each."""
        gates = {f"site {device.site}": self.per_site} if device.site else {}
        return gates | ({f"bastion {device.jump[0]}": self.per_bastion} if device.jump else {})


def check(devices: Sequence[Device], settings: Run, *, workers: int = 50,
          begun: Callable[[Device], None] = lambda _device: None) -> Iterator[Diagnosis]:
    """Diagnose devices as their results come. What failed on the way to a device is in its `errors`.

    Args:
        devices: whom to ask.
        settings: what they share.
        workers: how many at the same time.
        begun: is told each device when it is begun, in some thread.
    """
    work = partial(check_one, settings=settings)
    for device, outcome in run(devices, work, workers=workers, gates=settings.gates, begun=begun):
        diagnosis = outcome if isinstance(outcome, Diagnosis) else failed(device, outcome)
        yield replace(diagnosis, notes=(*diagnosis.notes, *plaintext.notes(device)))


def check_ends(here: Device, there: Device, settings: Run) -> tuple[Diagnosis, Diagnosis]:
    """Diagnose the two ends of a tunnel at the same time, each with a look at the other's configuration."""
    both = replace(settings, read_config=ReadConfig.ALWAYS)
    found = {diagnosis.device: diagnosis for diagnosis in check((here, there), both, workers=2)}
    ours, theirs = found[here.name], found[there.name]
    return _with_remote(here, ours, theirs, settings), _with_remote(there, theirs, ours, settings)


def _with_remote(device: Device, own: Diagnosis, other: Diagnosis, settings: Run) -> Diagnosis:
    if own.snapshot is None or own.snapshot.config is None or other.snapshot is None or other.snapshot.config is None:
        return own
    return _judged(device, settings, own.snapshot, confirmed=True, remotes=(other.snapshot,))


def failed(device: Device, error: VpnCheckError) -> Diagnosis:
    """The outcome of a device that could not be asked: unknown, with the step and what to do next."""
    return Diagnosis(
        device=device.name,
        status=Status.UNKNOWN,
        errors=(DeviceFault(step=error.step, code=error.code, message=str(error)),),
    )


def check_one(device: Device, settings: Run) -> Diagnosis:
    """Diagnose one device.

    With an interval the counters are read twice and their growth is judged. Without one, an IKE negotiation that is
    not finished is looked at twice before it is called stuck.

    Raises:
        DeviceError: the device could not be asked.
    """
    limits = settings.limits(device)
    end = time.monotonic() + limits.device + settings.interval
    first = _collect(device, settings, limits)
    diagnosis = judge(device, settings, first)
    pause = settings.interval or (settings.settle if _in_progress(diagnosis) else 0.0)
    seen = first
    if pause:
        settings.wait(pause)
        try:
            second = _collect(device, settings, limits.within(end - time.monotonic()))
        except DeviceError as error:
            return _with_fault(diagnosis, error, "Second look")
        before = tuple(o for o in first.outputs if not o.problem and resolve(o.command)[1] is Topic.IPSEC_SA)
        seen = replace(second, outputs=(*before, *second.outputs))
        diagnosis = judge(device, settings, seen, confirmed=True)
    if not _configuration_wanted(diagnosis, settings):
        return diagnosis
    try:
        asked = ask_configuration(device, settings, limits.within(end - time.monotonic()), LOG)
    except DeviceError as error:
        return _with_fault(diagnosis, error, "The configuration")
    return judge(device, settings, replace(seen, outputs=(*seen.outputs, *asked.outputs)), confirmed=bool(pause))


def _with_fault(diagnosis: Diagnosis, error: DeviceError, what: str) -> Diagnosis:
    fault = DeviceFault(step=error.step, code=error.code, message=f"{what}: {error}")
    return replace(diagnosis, errors=(*diagnosis.errors, fault))


def _configuration_wanted(diagnosis: Diagnosis, settings: Run) -> bool:
    if settings.read_config is ReadConfig.WHEN_WRONG:
        return diagnosis.status in {Status.CRITICAL, Status.WARNING}
    return settings.read_config is ReadConfig.ALWAYS


def ask_configuration(device: Device, settings: Run, limits: Limits, *also: Command) -> Transcript:
    """Ask for the configuration, then for the routes, counts and interfaces that it names: two sessions at most.

    Args:
        device: whom to ask.
        settings: what the devices of the run share.
        limits: how long it may take.
        also: commands that are asked for in the same session.

    Raises:
        DeviceError: no session came about.
    """
    end = time.monotonic() + limits.device
    first = _collect(device, settings, limits, (*CONFIGURATION, *also))
    config = configured(assemble(first)[0]).config
    further = further_reads(config) if config is not None else ()
    if not further:
        return first
    try:
        second = _collect(device, settings, limits.within(end - time.monotonic()), further)
    except DeviceError:   # the configuration itself is there; the rest only adds to it
        return first
    return replace(first, outputs=(*first.outputs, *second.outputs))


def _collect(device: Device, settings: Run, limits: Limits, commands: Sequence[Command] | None = None) -> Transcript:
    return collect(
        device,
        settings.credentials(device),
        host_keys=settings.host_keys,
        limits=limits,
        lock_out=settings.lock_out,
        bastions=settings.bastions,
        commands=commands,
    )


def judge(device: Device, settings: Run, transcript: Transcript, *, confirmed: bool = False) -> Diagnosis:
    """Diagnose what was collected from a device. `confirmed`: it had been looked at before."""
    snapshot = configured(replace(assemble(transcript)[0], name=device.name))
    if settings.since is not None and snapshot.log:
        snapshot = replace(snapshot, log=recent(snapshot.log, settings.since))
    return _judged(device, settings, snapshot, confirmed=confirmed)


def _judged(device: Device, settings: Run, snapshot: DeviceSnapshot, *, confirmed: bool,
            remotes: Sequence[DeviceSnapshot] = ()) -> Diagnosis:
    return diagnose(
        snapshot,
        asked=settings.peers,
        expected=[peer for peer in device.expected_up if peer != ANY_PEER],
        all_expected=ANY_PEER in device.expected_up,
        confirmed=confirmed,
        remotes=remotes,
        signatures=settings.signatures,
    )


def _in_progress(diagnosis: Diagnosis) -> bool:
    if diagnosis.snapshot is None:
        return False
    return any(
        verdict.status is Status.CRITICAL
        and verdict.cause.startswith("ike.")
        and any(sa.phase is IkePhase.NEGOTIATING for sa in tunnel.ike)
        for tunnel, verdict in zip(diagnosis.snapshot.tunnels, diagnosis.tunnels, strict=True)
    )
