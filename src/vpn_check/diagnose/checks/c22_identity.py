"""IKE sends a host name as identity, and the other end knows us by our address.

With a pre-shared key in main mode the key is found by address; a host name as identity fails in MM_KEY_EXCH unless the
other end has a key or profile for that name.
Source: config-checks C22; Cisco 117337.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.diagnose.paper.ends import IKEV1, TunnelEnd, joined
from vpn_check.model.config import quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every IKEv1 tunnel that both configurations describe."""
    for ours, theirs in joined(audit):
        for one, other in ((ours, theirs), (theirs, ours)):
            if one.config.ike.identity == "hostname" and IKEV1 in one.versions and _by_address(other, one):
                yield _finding(one, other, ours)
                break


def _by_address(other: TunnelEnd, one: TunnelEnd) -> bool:
    """Whether the other end has a key for the address of this one, and none for a name."""
    config = other.config
    if config.firewall and config.generation.platform.value != "pix":
        return False   # a tunnel-group of that name may exist, and identities are matched otherwise
    known = any(other.key(peer, IKEV1) != (None, None, ()) for peer in other.peers)
    names = {key.hostname for key in config.keys} | {key.hostname for ring in config.keyrings for key in ring.keys}
    name = one.config.hostname or ""
    return known and not any(held and held.partition(".")[0] == name.partition(".")[0] for held in names)


def _finding(one: TunnelEnd, other: TunnelEnd, ours: TunnelEnd) -> Finding:
    return Finding(
        cause="ike.identity-mismatch",
        check="C22",
        severity=Severity.WARNING,
        confidence=0.75,
        peer=ours.peers[0] if len(ours.peers) == 1 else None,
        summary=f"{one.site.name} sends its host name as IKE identity, and {other.site.name} has a key for its address "
        "only: main mode stops in MM_KEY_EXCH.",
        evidence=quote(*one.config.ike.at("identity"), *other.statements["peers"]),
        side=Side.HERE if one is ours else Side.PEER,
        causes=("the identity was changed for another tunnel",),
        remedies=(Remedy(text="Send the address as identity, or give the other end a key for the name.",
                         commands=("show crypto isakmp sa",),
                         changes=(("isakmp identity address" if one.config.generation.value == "PIX 6"
                                   else "crypto isakmp identity address"),),
                         on_peer=one is not ours, disruptive=True),),
        references=("Cisco 117337",),
    )
