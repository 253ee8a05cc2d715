"""Phase 1 wants certificates, and none is enrolled; or the clock that decides about their validity is not set.

A policy with RSA signatures needs a trustpoint with a certificate. Without NTP the clock starts in the past after a
power loss, and every certificate is not valid yet.
Source: config-checks C33.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import quote
from vpn_check.model.finding import Evidence, Finding, Remedy, Severity, Side

_SIGNATURES = {"rsa-sig", "ecdsa-sig"}
_SMALLEST = 2048


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge policies, trustpoints and the clock, where the whole configuration is given."""
    config = audit.config
    if not config.whole:
        return
    signing = [policy for policy in config.ike_policies if policy.authentication in _SIGNATURES]
    keyed = [policy for policy in config.ike_policies if policy.authentication == "pre-share"]
    if signing and not config.trustpoints and not keyed and not config.keys and not config.tunnel_groups:
        lines = [line for policy in signing for line in policy.at("", "authentication")]
        yield _finding("No trustpoint is configured, and every IKE policy wants signatures: phase 1 has no certificate "
                       "to show.", quote(*lines), Severity.WARNING, 0.8,
                       ("show crypto ca certificates",) if config.firewall else ("show crypto pki certificates",))
    enrolled = [trustpoint for trustpoint in config.trustpoints if trustpoint.enrolled and trustpoint.enrollment]
    if signing and enrolled and not config.system.ntp_servers:
        lines = [line for trustpoint in enrolled for line in trustpoint.at("")]
        yield _finding("Certificates are used and no NTP server is configured: after a power loss the clock may make "
                       "all of them invalid.", quote(*lines[:3]), Severity.INFO, 0.6, ("show clock", "show ntp status"))
    small = [trustpoint for trustpoint in config.trustpoints if (trustpoint.rsa_bits or _SMALLEST) < _SMALLEST]
    for trustpoint in small:
        yield _finding(f"The trustpoint {trustpoint.name} has a key of {trustpoint.rsa_bits} bits: too short today.",
                       quote(*trustpoint.at("", "rsa_keypair")), Severity.INFO, 0.9, ("show crypto key mypubkey rsa",))


def _finding(summary: str, evidence: tuple[Evidence, ...], severity: Severity, confidence: float,
             commands: tuple[str, ...]) -> Finding:
    return Finding(
        cause="ike.certificate",
        check="C33",
        severity=severity,
        confidence=confidence,
        summary=summary,
        evidence=evidence,
        side=Side.HERE,
        causes=("the enrolment was not finished",),
        remedies=(Remedy(text="Look at the certificates and the clock; enrol where a certificate is missing.",
                         commands=commands),),
        references=("Cisco 117337",),
    )
