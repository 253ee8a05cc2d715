"""Both ends have the same inside network: neither sends packets for it into the tunnel.

A network that is at home at both ends can be reached only with translation at one of them, and crypto ACLs that name
the translated addresses.
Source: config-checks C34.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge what the two ends of each pair of entries protect; any as a network says nothing."""
    for pairing in audit.pairings():
        ours = pairing.here.sets.protected(pairing.here_entry)
        theirs = pairing.there.sets.protected(pairing.there_entry)
        if ours is None or theirs is None:
            continue
        here, there = ours.least.sources, theirs.least.sources
        shared = here & there
        if shared.empty or _large(here) or _large(there):
            continue
        yield Finding(
            cause="config.acl-overlap",
            check="C34",
            severity=Severity.WARNING,
            confidence=0.85,
            peer=peer_of(pairing.here_entry),
            summary=f"{shared} is an inside network at both ends of {entry_word(pairing.here_entry)}: neither end "
            "sends packets for it into the tunnel.",
            evidence=quote(*pairing.here_entry.at("", "match_address"), *pairing.there_entry.at("", "match_address")),
            side=Side.UNDECIDED,
            causes=("both sites use the same private range",),
            remedies=(Remedy(text="Translate the network at one end at least, and name the translated addresses in the "
                             "crypto ACLs.", commands=("show crypto map",)),),
            references=("Cisco, IPsec between networks that overlap",),
        )


def _large(addresses: object) -> bool:
    """Whether a set is everything, as with route based peers: then an overlap is no accident."""
    return str(addresses) in {"any", "0.0.0.0/0"}
