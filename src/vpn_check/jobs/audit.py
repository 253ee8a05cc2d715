"""The configuration checks alone: over captured text, or over devices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.checks.run import audit_alone
from vpn_check.errors import InputError
from vpn_check.jobs.analyze import read
from vpn_check.model.finding import DeviceFault, Diagnosis, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.jobs.analyze import Read
    from vpn_check.model.device import PlatformName
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
