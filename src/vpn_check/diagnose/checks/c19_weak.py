"""Algorithms that are no longer considered safe stand in the configuration.

Advice, never the cause of an outage: what is in use is judged by the SAs. IOS-XE 17.11.1 and later refuse DES, 3DES,
MD5 and the groups 1, 2 and 5, so that a tunnel with them fails after an upgrade.
Source: config-checks C19; RFC 8221, 8247, 9395; Cisco field notice FN72510.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import Statement, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_CIPHERS, _HASHES, _GROUPS = {"des", "3des", "null"}, {"md5"}, {"1", "2", "5", "24"}
_SHOWN = 6


def judge(audit: Audit) -> Iterator[Finding]:
    """Name the weak algorithms of policies, transforms and PFS, in one finding."""
    config = audit.config
    words: dict[str, None] = {}
    lines: list[Statement] = []

    def note(found: set[str], what: str, *statements: Statement) -> None:
        if found:
            words.update(dict.fromkeys(f"{what} {word.upper() if not word.isdigit() else word}".strip()
                                       for word in sorted(found)))
            lines.extend(statements)

    for policy in config.ike_policies:
        note({*policy.encryption} & _CIPHERS, "", *policy.at("encryption"))
        note({*policy.integrity} & _HASHES, "", *policy.at("integrity"))
        note({*policy.groups} & _GROUPS, "DH group", *policy.at("groups"))
    for held in config.transform_sets:
        note(({*held.esp} & _CIPHERS) | ({*held.integrity, *held.ah} & _HASHES), "", *held.at())
    for entry in (entry for crypto in config.crypto_maps for entry in crypto.entries):
        note({entry.pfs or ""} & _GROUPS, "PFS group", *entry.at("pfs"))
    if not words or not lines:
        return
    yield Finding(
        cause="config.weak-crypto",
        check="C19",
        severity=Severity.INFO,
        confidence=0.95,
        summary=f"The configuration offers {', '.join(words)}: no longer considered safe, and refused by recent "
        "releases.",
        evidence=quote(*lines[:_SHOWN]),
        side=Side.HERE,
        causes=("an old configuration, or a peer that offers nothing better",),
        remedies=(Remedy(text="Agree with the other end on IKEv2 with AES-GCM (or AES-256 with SHA-256) and group 19, "
                         "20 or 14; change both ends in one maintenance window, before an upgrade does it for you.",
                         disruptive=True),),
        references=("RFC 8221", "RFC 8247", "Cisco FN72510"),
    )
