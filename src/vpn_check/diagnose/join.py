"""What the configuration says becomes part of the diagnosis: it explains what the tunnels show, or warns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.sa_state import flows_both_ways
from vpn_check.model.finding import Finding, Severity, Status, TunnelVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.config import DeviceConfig
    from vpn_check.model.tunnel import Tunnel

_PHASE_1 = frozenset({"ike.negotiation-failed", "ike.peer-unreachable", "ike.no-attempt", "unknown",
                      "ike.psk-mismatch", "ike.config-mode-xauth"})
"""The last two only as guesses from a state: what a line of the log says is not replaced."""
_PHASE_2 = frozenset({"ipsec.no-sa", "ike.no-attempt", "unknown"})
_OUTBOUND = frozenset({"traffic.not-encrypted", "ike.no-attempt", "traffic.send-errors", "unknown"})

_EXPLAINS: dict[str, frozenset[str]] = {
    "config.incomplete": _PHASE_1 | _PHASE_2,
    "config.nat-exemption": _OUTBOUND,
    "config.acl-not-mirrored": _PHASE_2 | {"traffic.not-encrypted", "traffic.no-return", "traffic.recv-errors"},
    "config.acl-overlap": _PHASE_2 | _OUTBOUND,
    "config.route-missing": _OUTBOUND,
    "config.permit-vpn-bypass": frozenset({"traffic.not-encrypted"}),
    "ipsec.crypto-map-order": _PHASE_2 | _OUTBOUND,
    "ipsec.crypto-map-not-applied": _PHASE_1 | _PHASE_2,
    "ipsec.transform-mismatch": _PHASE_2,
    "ipsec.pfs-mismatch": _PHASE_2,
    "ipsec.local-address-invalid": _PHASE_1 | _PHASE_2,
    "ike.policy-mismatch": _PHASE_1,
    "ike.psk-mismatch": _PHASE_1,
    "ike.no-key-for-peer": _PHASE_1,
    "ike.identity-mismatch": _PHASE_1,
    "ike.version-mismatch": _PHASE_1,
    "ike.nat-t": _PHASE_1 | {"traffic.no-return", "traffic.not-encrypted"},
    "ike.config-mode-xauth": _PHASE_1,
    "traffic.esp-blocked": frozenset({"traffic.no-return", "traffic.recv-errors"}),
    "traffic.mtu": frozenset({"traffic.send-errors"}),
}
"""Which vague findings of the tunnels a cause found in the configuration explains."""


Peers = Callable[[Finding], frozenset[str]]
"""The peers that a finding about a configuration speaks of."""


def join(
    findings: list[Finding],
    audited: Sequence[Finding],
    tunnels: Sequence[Tunnel],
    verdicts: list[TunnelVerdict],
    config: DeviceConfig,
) -> tuple[list[Finding], list[TunnelVerdict]]:
    """Add the findings of the configuration checks to those of the tunnels and the log."""
    out, judged = list(findings), list(verdicts)
    peers = _peers_by_entry(config)
    for finding in audited:
        whom = peers(finding)
        held = [vague for vague in out if _explains(finding, vague, whom)]
        if not held:
            out.append(_beside(finding, whom, tunnels, judged))
            continue
        joined = finding
        for vague in held:
            out.remove(vague)
            joined = _absorb(joined, vague)
            judged = [
                replace(verdict, cause=joined.cause) if tunnel.key == vague.about else verdict
                for tunnel, verdict in zip(tunnels, judged, strict=True)
            ]
        out.append(joined)
    return out, judged


def _peers_by_entry(config: DeviceConfig) -> Peers:
    """A finding names its peer; where its entry has several, it names the entry."""
    several = {
        f"crypto map {entry.map} {entry.sequence}": frozenset(peer.text for peer in entry.peers)
        for _, entry in config.static_entries()
        if len(entry.peers) > 1
    }

    def peers(finding: Finding) -> frozenset[str]:
        if finding.peer is not None:
            return frozenset({finding.peer})
        said = finding.summary.lower()
        named = [held for word, held in several.items() if re.search(rf"{re.escape(word.lower())}(?![\w.])", said)]
        return named[0] if len(named) == 1 else frozenset()

    return peers


def _explains(finding: Finding, vague: Finding, peers: frozenset[str]) -> bool:
    """Whether what the configuration lacks is why the tunnel is as it is."""
    if finding.severity is Severity.INFO or vague.severity is Severity.INFO or vague.signature or vague.check:
        return False
    return vague.peer in peers and vague.cause in _EXPLAINS.get(finding.cause, frozenset())


def _absorb(finding: Finding, vague: Finding) -> Finding:
    return replace(
        finding,
        severity=min(finding.severity, vague.severity, key=lambda severity: severity.rank),
        summary=f"{finding.summary} {vague.summary}",
        evidence=tuple(dict.fromkeys((*finding.evidence, *vague.evidence))),
        peer=finding.peer or vague.peer,
        tunnel=finding.tunnel or vague.tunnel,
        about=finding.about or vague.about,
    )


def _beside(
    finding: Finding, peers: frozenset[str], tunnels: Sequence[Tunnel], verdicts: Sequence[TunnelVerdict]
) -> Finding:
    """A finding about a peer whose tunnels all carry traffic both ways is worth knowing, and no more."""
    own = [
        (tunnel, verdict)
        for tunnel, verdict in zip(tunnels, verdicts, strict=True)
        if str(tunnel.peer) in peers
    ]
    works = [tunnel for tunnel, verdict in own if verdict.status is Status.HEALTHY]
    if finding.severity is Severity.INFO or len(works) < len(own) or not any(flows_both_ways(held) for held in works):
        return finding
    return replace(
        finding,
        severity=Severity.INFO,
        confidence=min(finding.confidence, 0.5),
        summary=f"{finding.summary} The tunnel carries traffic both ways all the same.",
    )
