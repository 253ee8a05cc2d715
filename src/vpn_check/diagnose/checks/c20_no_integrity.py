"""Encryption without integrity: packets can be changed on the way unseen.

A transform with ESP encryption and neither an HMAC nor an AEAD cipher (GCM) nor AH protects nothing against
manipulation, and anti-replay depends on integrity. Advice to take the authenticator away is unsafe.
Source: config-checks C20; RFC 4303; against S8 and S24.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import Generation, TransformSet, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_OWN = ("gcm", "gmac", "ccm")


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the transform sets that a map entry or a profile uses."""
    config = audit.config
    used = {name for held in config.crypto_maps for entry in held.entries for name in entry.transform_sets}
    used |= {name for profile in config.ipsec_profiles for name in profile.transform_sets}
    for held in config.transform_sets:
        encrypted = [word for word in held.esp if word != "null" and not any(mark in word for mark in _OWN)]
        if held.name in used and held.version != 2 and encrypted and not held.integrity and not held.ah:  # noqa: PLR2004  IKEv2
            yield _finding(config.generation, held)


def _finding(generation: Generation, held: TransformSet) -> Finding:
    word = "crypto ipsec ikev1 transform-set" if generation is Generation.ASA84 else "crypto ipsec transform-set"
    good = "esp-sha256-hmac" if generation.router else "esp-sha-hmac"
    return Finding(
        cause="config.weak-crypto",
        check="C20",
        severity=Severity.INFO,
        confidence=0.95,
        summary=f"The transform set {held.name} encrypts without integrity protection: packets can be changed on the "
        "way unseen.",
        evidence=quote(*held.at()),
        side=Side.HERE,
        causes=("the authenticator was taken out against replay or integrity messages: that advice is unsafe",),
        remedies=(Remedy(text="Add an authenticator at both ends; better, change to AES-GCM with IKEv2.",
                         commands=("show running-config crypto ipsec",) if generation.firewall
                         else ("show crypto ipsec transform-set",),
                         changes=(f"{word} {held.name} {' '.join(held.words)} {good}",), disruptive=True),),
        caveats=("UNSAFE advice in circulation: removing the HMAC to silence replay errors (S8, S24).",),
        references=("RFC 4303", "S8", "S24"),
    )
