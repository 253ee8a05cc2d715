"""Lifetimes so short that the tunnel spends its time with negotiations.

Different lifetimes at the two ends are legal, the shorter holds. Very short ones, or a small volume on a fast link,
negotiate again and again, and each time a packet may be lost.
Source: config-checks C25; counters.md 1.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import CryptoMapEntry, Generation, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_SHORTEST = 300   # seconds


def _change(generation: Generation, entry: CryptoMapEntry) -> tuple[str, ...]:
    start, line = f"crypto map {entry.map} {entry.sequence}", "set security-association lifetime seconds 3600"
    return (f"{start} ipsec-isakmp", f" {line}") if generation.router else (f"{start} {line}",)


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the IPsec lifetimes of every entry with a peer."""
    for _, entry in audit.config.static_entries():
        seconds = entry.lifetime_seconds
        if seconds is not None and seconds < _SHORTEST:
            yield Finding(
                cause="ipsec.lifetime-rekey",
                check="C25",
                severity=Severity.INFO,
                confidence=0.8,
                peer=peer_of(entry),
                summary=f"The SAs of {entry_word(entry)} live {seconds} s: the tunnel negotiates all the time.",
                evidence=quote(*entry.at("", "lifetime_seconds")),
                side=Side.HERE,
                causes=("a value from a test was left",),
                remedies=(Remedy(text="3600 s is usual; the shorter of the two ends holds.",
                                 commands=("show crypto map",) if audit.config.generation.router
                                 else ("show running-config crypto map",),
                                 changes=_change(audit.config.generation, entry)),),
                references=("RFC 4301",),
            )
