"""Both ends of a tunnel together: what each could not say alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.context import Context
from vpn_check.diagnose.ends import overlay, sync, traffic, words
from vpn_check.diagnose.ends.pairing import pairs
from vpn_check.diagnose.reasoning import explain
from vpn_check.model.finding import Diagnosis, Finding, Status, TunnelVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.tunnel import Tunnel

_REPLACED = {"traffic.no-return", "traffic.not-encrypted", "traffic.none", "unknown", "overlay.nhrp"}


def join(here: Diagnosis, others: Sequence[Diagnosis]) -> Diagnosis:
    """The diagnosis of a device in the light of what was captured at the other end of its tunnels.

    Findings that both ends together decide take the place of those that one end could only assume.
    """
    for there in others:
        here = _join(here, there)
    return here


def _join(here: Diagnosis, there: Diagnosis) -> Diagnosis:
    if here.snapshot is None or there.snapshot is None:
        return here
    ours, theirs = Context(snapshot=here.snapshot), Context(snapshot=there.snapshot)
    joint: list[Finding] = []
    for pair in pairs(here.snapshot, there.snapshot):
        for judge in (overlay.judge, traffic.judge, sync.judge):
            found = judge(pair, ours, theirs, there.device)
            if found is not None:
                joint.append(found)
                break
    joint += words.told(here, there)
    if not joint:
        return here
    settled = {finding.about for finding in joint}
    kept = [finding for finding in here.findings if not _settled(finding, settled)]
    findings = sorted([*joint, *kept], key=lambda finding: (finding.severity.rank, -finding.confidence))
    verdicts = tuple(_verdict(tunnel, verdict, joint)
                     for tunnel, verdict in zip(here.snapshot.tunnels, here.tunnels, strict=True))
    status = Status.worst([here.status, *(finding.severity.status for finding in joint)])
    return replace(here, status=status, verdict=findings[0], findings=tuple(findings), tunnels=verdicts,
                   reasoning=explain(findings[0], ours))


def _settled(finding: Finding, settled: set[tuple[str, ...] | None]) -> bool:
    """Whether a finding of one end only assumed what both ends decide."""
    if finding.signature is not None:
        return False
    return finding.cause == "healthy" or (finding.about in settled and (
        finding.cause in _REPLACED or finding.cause in words.OPEN))


def _verdict(tunnel: Tunnel, verdict: TunnelVerdict, joint: Sequence[Finding]) -> TunnelVerdict:
    for finding in joint:
        if finding.about == tunnel.key:
            return TunnelVerdict(status=finding.severity.status, cause=finding.cause)
    return verdict
