"""Anti-replay is switched off.

A larger window mends drops from reordering; without any window recorded packets can be sent again.
Source: config-checks C21; Cisco 116858.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import Statement, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def _changes(audit: Audit) -> tuple[str, ...]:
    """Take away each statement that switches it off, and give all a window."""
    config = audit.config
    lines = ["no crypto ipsec security-association replay disable"] if config.ipsec.replay_disabled else []
    for entry in (entry for held in config.crypto_maps for entry in held.entries if entry.replay_disabled):
        lines += [f"crypto map {entry.map} {entry.sequence} ipsec-isakmp",
                  " no set security-association replay disable"]
    for profile in (held for held in config.ipsec_profiles if held.replay_disabled):
        lines += [f"crypto ipsec profile {profile.name}", " no set security-association replay disable"]
    return (*lines, "crypto ipsec security-association replay window-size 1024")


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the global setting, the map entries and the profiles."""
    config = audit.config
    lines: list[Statement] = [*config.ipsec.at("replay_disabled")] if config.ipsec.replay_disabled else []
    for entry in (entry for held in config.crypto_maps for entry in held.entries if entry.replay_disabled):
        lines += entry.at("replay_disabled")
    for profile in (held for held in config.ipsec_profiles if held.replay_disabled):
        lines += profile.at("replay_disabled")
    if not lines:
        return
    yield Finding(
        cause="config.weak-crypto",
        check="C21",
        severity=Severity.INFO,
        confidence=0.95,
        summary="Anti-replay protection is switched off: recorded packets can be sent again.",
        evidence=quote(*lines),
        side=Side.HERE,
        causes=("it was switched off against replay drops; a larger window does the same and keeps the protection",),
        remedies=(Remedy(text="Switch it on with a large window; it holds for SAs negotiated afterwards.",
                         commands=("show crypto ipsec sa",),
                         changes=_changes(audit)),),
        references=("Cisco 116858",),
    )
