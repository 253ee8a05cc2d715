"""Run the checks over a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vpn_check.diagnose.audit import Audit, Site
from vpn_check.diagnose.checks import CHECKS
from vpn_check.model.finding import Diagnosis, Finding, Severity, Status
from vpn_check.model.snapshot import DeviceSnapshot


def audit(snapshot: DeviceSnapshot, remotes: Iterable[DeviceSnapshot] = (), *, told: bool = True) -> list[Finding]:
    """All findings of all checks about the configuration of a device, the most severe first; none without one.

    Args:
        snapshot: the device, with its configuration.
        remotes: possible other ends of its tunnels.
        told: the user said that they are; else only addresses can tell which entries belong together.
    """
    asked = _asked(snapshot, remotes, told=told)
    if asked is None:
        return []
    found = [finding for check in CHECKS.values() for finding in check(asked) if finding.evidence]
    found.sort(key=lambda finding: (finding.severity.rank, -finding.confidence))
    return found


def audit_alone(snapshot: DeviceSnapshot, remotes: Sequence[DeviceSnapshot] = (), *, told: bool = True) -> Diagnosis:
    """The audit as an answer of its own: healthy where no check warns."""
    config = snapshot.config
    if config is None or not config.seen:
        return Diagnosis(device=snapshot.name, status=Status.UNKNOWN, snapshot=snapshot)
    findings = audit(snapshot, remotes, told=told)
    warned = any(finding.severity is not Severity.INFO for finding in findings)
    verdict = findings[0] if warned else None
    return Diagnosis(
        device=snapshot.name,
        status=Status.WARNING if warned else Status.HEALTHY,
        snapshot=snapshot,
        verdict=verdict,
        findings=tuple(findings),
        notes=tuple(_notes(snapshot, remotes, findings, told=told)),
    )


def _asked(snapshot: DeviceSnapshot, remotes: Iterable[DeviceSnapshot], *, told: bool) -> Audit | None:
    if snapshot.config is None:
        return None
    others = tuple(Site(remote, remote.config) for remote in remotes if remote.config is not None)
    return Audit(here=Site(snapshot, snapshot.config), remotes=others, told=told)


def _notes(
    snapshot: DeviceSnapshot, remotes: Sequence[DeviceSnapshot], findings: Sequence[Finding], *, told: bool
) -> Iterable[str]:
    config, asked = snapshot.config, _asked(snapshot, remotes, told=told)
    if config is None or asked is None:
        return
    if not any(finding.severity is not Severity.INFO for finding in findings):
        given = "configuration" if config.whole else "text given"
        yield f"The {given} shows nothing that would keep a tunnel down ({len(CHECKS)} checks)."
    if not config.whole:
        yield "This is a part of a configuration: what is missing from it is not called missing."
    if told:
        paired = {pairing.there.name for pairing in asked.pairings()}
        for site in asked.remotes:
            if site.name not in paired:
                yield f"No crypto map entry here names {site.name}, or none there names us: the two were not compared."
    if config.unknown:
        count = len(config.unknown)
        yield f"{config.statements} statements, {count} of them about other things than VPNs, or not understood."
