"""Both ends have the same inside network: neither sends packets for it into the tunnel.

A network that is at home at both ends can be reached only with translation at one of them, and crypto ACLs that name
the translated addresses. Sources that overlap prove nothing alone: a hub that protects 10.0.0.0/8 towards a branch in
10.5.0.0/16 overlaps with it by design. The same sources at both ends do, and connected networks that both protect.
Source: config-checks C34.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, Pairing, Site, entry_word, peer_of
from vpn_check.model.config import CryptoMap, interface_key, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge what the two ends of each pair of entries protect; any as a network says nothing."""
    for pairing in audit.pairings():
        shared = _shared(pairing)
        if shared.empty:
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


def _shared(pairing: Pairing) -> AddressSet:
    ours = pairing.here.sets.protected(pairing.here_entry)
    theirs = pairing.there.sets.protected(pairing.there_entry)
    if ours is None or theirs is None:
        return AddressSet.nothing()
    here, there = ours.least.sources, theirs.least.sources
    if _everything(here) or _everything(there):
        return AddressSet.nothing()
    if here == there:
        return here
    connected = _inside(pairing.here, pairing.here_map) & _inside(pairing.there, pairing.there_map)
    return connected & here & there


def _inside(site: Site, held: CryptoMap) -> AddressSet:
    """The networks that an end is connected to, but for those where its map is."""
    on = {interface_key(name) for name in site.egress(held)}
    return AddressSet.union_of(
        AddressSet.of(str(net.network))
        for interface in site.config.interfaces
        if not interface.shutdown and interface.tunnel is None and interface_key(interface.label) not in on
        for net in interface.addresses
    )


def _everything(addresses: AddressSet) -> bool:
    """Whether a set is everything, as with route based peers: then an overlap is no accident."""
    return AddressSet(v4=True) <= addresses
