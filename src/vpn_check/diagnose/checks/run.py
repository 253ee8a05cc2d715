"""Run the checks over a configuration."""

from __future__ import annotations

from collections.abc import Iterable

from vpn_check.diagnose.audit import Audit, Site
from vpn_check.diagnose.checks import CHECKS
from vpn_check.model.finding import Finding
from vpn_check.model.snapshot import DeviceSnapshot


def audit(snapshot: DeviceSnapshot, remotes: Iterable[DeviceSnapshot] = ()) -> list[Finding]:
    """All findings of all checks about the configuration of a device, the most severe first; none without one."""
    if snapshot.config is None:
        return []
    others = tuple(Site(remote, remote.config) for remote in remotes if remote.config is not None)
    asked = Audit(here=Site(snapshot, snapshot.config), remotes=others)
    found = [finding for check in CHECKS.values() for finding in check(asked) if finding.evidence]
    found.sort(key=lambda finding: (finding.severity.rank, -finding.confidence))
    return found
