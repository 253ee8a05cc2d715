"""The configuration checks alone: over captured text, or over devices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.checks.run import audit_alone
from vpn_check.errors import InputError, VpnCheckError
from vpn_check.jobs.analyze import read
from vpn_check.jobs.configured import configured
from vpn_check.model.finding import DeviceFault, Diagnosis, Severity, Status
from vpn_check.model.snapshot import Topic
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.jobs.analyze import Read
    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device, PlatformName
    from vpn_check.model.snapshot import DeviceSnapshot

_NO_CONFIGURATION = (
    "No configuration was recognised. Give the output of `show running-config`, or parts of it "
    "(crypto map, access lists, tunnel-groups, NAT, routes)."
)


def audit_texts(
    paths: Sequence[str],
    remote: Sequence[str] = (),
    *,
    stdin: bytes | None = None,
    platform: PlatformName | None = None,
) -> tuple[list[Diagnosis], list[Diagnosis]]:
    """Check the configurations of this end, compared with those of the other end where one is named; and those alone.

    Without a named other end, devices given together are compared where their addresses say that they are peers.

    Raises:
        InputError: a path does not exist.
    """
    own = read(paths, stdin=stdin, platform=platform)
    others = read(remote, stdin=stdin) if remote else []
    if not others:
        return [_audited(held, [other for other in own if other is not held], told=False) for held in own], []
    return [_audited(held, others) for held in own], [_audited(held, ()) for held in others]


def audit_devices(
    devices: Sequence[Device],
    settings: Run,
    *,
    workers: int = 50,
    begun: Callable[[Device], None] = lambda _device: None,
) -> list[Diagnosis]:
    """Ask devices for their configurations and check them, each against the others where their addresses say so.

    What failed on the way to a device is in its `errors`.
    """
    from vpn_check.collect.fleet import run  # noqa: PLC0415  captured text needs no SSH
    from vpn_check.jobs.check import ask_configuration, failed  # noqa: PLC0415  same

    def ask(device: Device) -> DeviceSnapshot:
        transcript = ask_configuration(device, settings, settings.limits(device))
        return configured(replace(assemble(transcript)[0], name=device.name))

    outcomes = dict(run(devices, ask, workers=workers, gates=settings.gates, begun=begun))
    known = {device: found for device, found in outcomes.items() if not isinstance(found, VpnCheckError)}
    found: list[Diagnosis] = []
    for device in devices:
        outcome = outcomes[device]
        if isinstance(outcome, VpnCheckError):
            found.append(failed(device, outcome))
        else:
            others = [snapshot for other, snapshot in known.items() if other != device]
            found.append(_refused(audited(outcome, others, told=False), outcome))
    return found


def concerning(diagnosis: Diagnosis, peers: Sequence[str]) -> Diagnosis:
    """The audit with only what concerns these peers, or the device as a whole."""
    findings = tuple(finding for finding in diagnosis.findings if finding.peer is None or finding.peer in peers)
    warned = any(finding.severity is not Severity.INFO for finding in findings)
    status = Status.HEALTHY if diagnosis.status is Status.WARNING and not warned else diagnosis.status
    return replace(diagnosis, findings=findings, verdict=findings[0] if warned else None, status=status)


def _refused(diagnosis: Diagnosis, snapshot: DeviceSnapshot) -> Diagnosis:
    """Say why there is no configuration, where the device said so."""
    gap = next((gap for gap in snapshot.gaps if gap.topic is Topic.CONFIG), None)
    if gap is None or diagnosis.status is not Status.UNKNOWN:
        return diagnosis
    message = f"`show running-config`: {gap.reason}. Log in with a user that may read it, or give the text to `audit`."
    return replace(diagnosis, errors=(DeviceFault(step="command", message=message),))


def audited(snapshot: DeviceSnapshot, others: Sequence[DeviceSnapshot], *, told: bool) -> Diagnosis:
    """The audit of one device as an answer, or the error that there is no configuration."""
    diagnosis = audit_alone(replace(snapshot, tunnels=(), unparsed=()), others, told=told)
    if diagnosis.status is Status.UNKNOWN:
        return replace(diagnosis, errors=(DeviceFault(step=InputError.step, message=_NO_CONFIGURATION),))
    return diagnosis


def _audited(own: Read, others: Sequence[Read], *, told: bool = True) -> Diagnosis:
    capture = own.capture
    if own.snapshot is None:
        return Diagnosis(device=capture.name, status=Status.UNKNOWN, errors=capture.faults)
    diagnosis = audited(own.snapshot, [held.snapshot for held in others if held.snapshot is not None], told=told)
    notes = (*diagnosis.notes, *(f"Not read: {name}." for name in capture.skipped))
    status = Status.worst([diagnosis.status, Status.UNKNOWN]) if capture.faults else diagnosis.status
    return replace(diagnosis, errors=(*diagnosis.errors, *capture.faults), notes=notes, status=status)
