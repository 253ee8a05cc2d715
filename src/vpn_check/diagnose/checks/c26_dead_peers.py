"""Backup peers without dead peer detection: nobody notices that the first one is gone.

A router probes its peers only where it is told to (`crypto isakmp keepalive`, `dpd` of an IKEv2 profile). A firewall
does so by default, and shows only the exception.
Source: config-checks C26; RFC 3706.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word
from vpn_check.diagnose.paper.ends import map_end
from vpn_check.model.config import CryptoMapEntry, Statement, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry with more than one peer."""
    for _, entry in audit.config.static_entries():
        if len(entry.peers) < 2:  # noqa: PLR2004  a first and a backup
            continue
        if audit.config.generation.router:
            profile = map_end(audit.here, entry).profile()
            known = audit.config.whole or audit.config.shows("isakmp")
            if known and not audit.config.ike.keepalive and not audit.config.ike.ikev2_dpd and not (
                    profile and profile.dpd):
                yield _finding(entry, (), ("crypto isakmp keepalive 10 3 periodic",))
        else:
            off = [group for peer in entry.peers
                   if (group := audit.config.tunnel_group(peer.text)) is not None and group.keepalive_disabled]
            if off:
                yield _finding(entry, off[0].at("", "keepalive_disabled"), (
                    f"tunnel-group {off[0].name} ipsec-attributes", " isakmp keepalive threshold 10 retry 2"))


def _finding(entry: CryptoMapEntry, lines: tuple[Statement, ...], changes: tuple[str, ...]) -> Finding:
    return Finding(
        cause="ike.dpd-peer-lost",
        check="C26",
        severity=Severity.INFO,
        confidence=0.75,
        summary=f"{entry_word(entry)} has {len(entry.peers)} peers and no dead peer detection: when the first is gone, "
        "its SAs stay until they expire, and the backup is not tried.",
        evidence=quote(*entry.at("", "peers"), *lines),
        side=Side.HERE,
        causes=("keepalives were never configured",),
        remedies=(Remedy(text="Switch dead peer detection on, at both ends.",
                         commands=("show crypto isakmp sa detail",), changes=changes),),
        references=("RFC 3706", "S17"),
    )
