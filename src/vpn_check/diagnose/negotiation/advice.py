"""Findings that no single message makes: weak algorithms in use, and what a ping sweep says of the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.path_mtu import ORDINARY, ROOM_FOR_IPSEC, Sweep, Sweeps
from vpn_check.model.finding import Finding, Remedy, Severity

if TYPE_CHECKING:
    from vpn_check.diagnose.negotiation.gains import Gains
    from vpn_check.diagnose.negotiation.quoting import Quoting

_MODERN = Remedy(
    text=(
        "Plan a move to AES-GCM or AES-256 with SHA-256 or better and group 14, 19 or higher, on both peers in the same"
        " maintenance window; IKEv2 where both can."
    ),
    commands=("show crypto isakmp policy", "show crypto ipsec transform-set"),
)
_CLAMP = Remedy(
    text="Keep packets below the limit: clamp the TCP MSS on the inside or tunnel interface.",
    changes=("ip tcp adjust-mss 1360", "ip mtu 1400"),
)


def weak_crypto_findings(gains: Gains, quoting: Quoting) -> list[Finding]:
    """One finding a peer for weak algorithms that were accepted; what was merely offered is the peer's affair."""
    findings = []
    for peer, weak in gains.weak.items():
        summary = f"Algorithms agreed with {peer or 'the peer'} are no longer considered safe: {', '.join(weak.names)}."
        findings.append(
            Finding(
                cause="config.weak-crypto",
                severity=Severity.INFO,
                confidence=0.95,
                peer=peer,
                summary=" ".join([summary, *weak.notes]),
                evidence=quoting.evidence(weak.messages, most=8),
                causes=("policies and transform sets from a time when these were the choice",),
                remedies=(_MODERN,),
                references=("S5", "S6", "S29"),
            )
        )
    return findings


def path_mtu_findings(sweeps: Sweeps, quoting: Quoting) -> list[Finding]:
    """What pings with DF set found of the path, one finding a destination."""
    return [_path_mtu(sweep, quoting) for sweep in sweeps.refused()]


def _path_mtu(sweep: Sweep, quoting: Quoting) -> Finding:
    carries, stops = sweep.carries, sweep.stops_at
    if carries is None:
        severity, confidence = Severity.WARNING, 0.7
        summary = (
            f"The path to {sweep.destination} drops {stops}-byte packets that must not be fragmented: its MTU is below"
            f" {stops}; no size that passes was tried."
        )
    elif carries >= ORDINARY:
        severity, confidence = Severity.INFO, 0.9
        summary = (
            f"The path to {sweep.destination} carries ordinary packets: path MTU at least {carries} and below {stops}"
            " (DF set). Repeat the sweep through the tunnel, where IPsec takes 50 to 80 bytes."
        )
    else:
        severity = Severity.INFO if carries >= ROOM_FOR_IPSEC else Severity.WARNING
        confidence = 0.85
        summary = (
            f"Packets to {sweep.destination} pass with {carries} bytes and fail with {stops} (DF set): path MTU at"
            f" least {carries} and below {stops}; larger ones need a clamped MSS or fragmentation."
        )
    lines = [*sweep.refused[stops or 0], *(sweep.passed[carries] if carries is not None else ())]
    return Finding(
        cause="traffic.mtu",
        severity=severity,
        confidence=confidence,
        summary=summary,
        evidence=quoting.evidence(lines, most=6),
        causes=(
            "IPsec, GRE or PPPoE headers on the path leave less room than the interface MTU says",
            "a device on the path drops the ICMP message that would have told the sender",
        ),
        remedies=(_CLAMP,) if severity is not Severity.INFO or (carries or 0) < ORDINARY else (),
        references=("S35", "Cisco 25885"),
    )
