"""What the other end's own diagnosis names: its log often says what ours cannot know.

The end that refuses knows why; the other sees silence or a bare notification. A finding of the far end's log about us
is taken over where ours only says that something does not come up, with the sides exchanged.
Source: ike-states.md 1 (look at the responder).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.ends.pairing import addresses
from vpn_check.diagnose.ends.traffic import marked
from vpn_check.model.finding import Diagnosis, Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.snapshot import DeviceSnapshot

OPEN = {
    "unknown", "ike.negotiation-failed", "ike.no-attempt", "ike.peer-unreachable", "ike.psk-mismatch", "ipsec.no-sa",
    "traffic.no-return", "traffic.recv-errors", "traffic.none", "ike.policy-mismatch", "ike.dpd-peer-lost",
}
"""Causes that the state of one end suggests and the words of the other may replace."""
_SURE = 0.7
_OTHER_SIDE = {Side.HERE: Side.PEER, Side.PEER: Side.HERE}


def told(here: Diagnosis, there: Diagnosis) -> Iterator[Finding]:
    """Findings of the far end about us that name a cause which our own evidence leaves open."""
    if here.snapshot is None or there.snapshot is None:
        return
    verdict = here.verdict
    if verdict is not None and (verdict.cause not in OPEN or verdict.signature is not None):
        return
    for finding in there.findings:
        if finding.severity is Severity.INFO or finding.confidence < _SURE or finding.signature is None:
            continue
        if finding.cause.startswith(("ike.", "ipsec.", "overlay.", "traffic.inner", "config.")) and _about_us(
            finding, here.snapshot, there
        ):
            yield _turned(finding, verdict, there.device)


def _about_us(finding: Finding, here: DeviceSnapshot, there: Diagnosis) -> bool:
    """Whether the far end speaks of us: it names our address, or nobody, and knows no other peer."""
    ours = {str(address) for address in addresses(here)}
    if finding.peer is not None:
        known = {str(tunnel.peer) for tunnel in here.tunnels if tunnel.peer is not None}
        far = {str(address) for address in addresses(there.snapshot)} if there.snapshot is not None else set()
        return finding.peer in ours or (not ours and (not far or bool(far & known)))
    peers = {other.peer for other in there.findings if other.peer is not None}
    return len(peers - ours) == 0


def _turned(finding: Finding, verdict: Finding | None, far: str) -> Finding:
    own = verdict.evidence if verdict is not None else ()
    return replace(
        finding,
        peer=verdict.peer if verdict is not None else None,
        tunnel=verdict.tunnel if verdict is not None else None,
        about=verdict.about if verdict is not None else None,
        summary=f"The other end, {far}, says: {finding.summary}",
        evidence=(*marked(finding.evidence, far), *own),
        side=_OTHER_SIDE.get(finding.side, finding.side),
        remedies=tuple(_there(remedy) for remedy in finding.remedies),
    )


def _there(remedy: Remedy) -> Remedy:
    return replace(remedy, on_peer=not remedy.on_peer)
