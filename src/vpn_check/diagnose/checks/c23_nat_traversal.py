"""NAT traversal is switched off, and this end is behind a NAT; or AH is used there.

ESP has no ports, so that a NAT that translates ports drops it; in UDP 4500 it passes. AH protects the addresses and
never survives translation. An outside address from a private range is behind a NAT, as far as the Internet is reached.
Source: config-checks C23; RFC 3947, 3948; ASA syslog 713257.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.diagnose.egress import address_of
from vpn_check.model.config import CryptoMapEntry, Generation, Interface, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry with a public peer whose map is on an interface with a private address."""
    for held, entry in audit.config.static_entries():
        if not any(_public(peer.text) for peer in entry.peers):
            continue
        for interface in audit.config.applied_to(held.name):
            if not interface.addresses or not all(_private(str(address.ip)) for address in interface.addresses):
                continue
            off = entry.nat_t_disabled or audit.config.ike.nat_traversal is False
            if off:
                yield _off(audit, entry, interface)
            elif ah := [name for name in entry.transform_sets
                        if (found := audit.config.transform_set(name)) is not None and found.ah]:
                yield _ah(audit, entry, interface, ah[0])


def _private(word: str) -> bool:
    address = address_of(word)
    return address is not None and any(address in net for net in _PRIVATE if net.version == address.version)


def _public(word: str) -> bool:
    return address_of(word) is not None and not _private(word)


def _off(audit: Audit, entry: CryptoMapEntry, interface: Interface) -> Finding:
    generation = audit.config.generation
    on = {Generation.PIX6: "isakmp nat-traversal 20", Generation.IOS: "crypto ipsec nat-transparency udp-encapsulation",
          Generation.IOSXE: "crypto ipsec nat-transparency udp-encapsulation"}
    change = f"no crypto map {entry.map} {entry.sequence} set nat-t-disable" if entry.nat_t_disabled else on.get(
        generation, "crypto isakmp nat-traversal 20")
    return Finding(
        cause="ike.nat-t", check="C23", severity=Severity.WARNING, confidence=0.8, peer=peer_of(entry),
        summary=f"{interface.label} has a private address, so a NAT lies on the way to the peer of "
        f"{entry_word(entry)}, and NAT traversal is off: ESP does not come through.",
        evidence=quote(*interface.at("", "addresses"), *entry.at("", "peers", "nat_t_disabled"),
                       *audit.config.ike.at("nat_traversal")),
        side=Side.HERE,
        causes=("it was switched off for a tunnel without NAT",),
        remedies=(Remedy(text="Switch NAT traversal on; the tunnel is negotiated anew.",
                         commands=("show crypto ipsec sa",), changes=(change,), disruptive=True),),
        references=("RFC 3947", "RFC 3948"),
    )


def _ah(audit: Audit, entry: CryptoMapEntry, interface: Interface, name: str) -> Finding:
    held = audit.config.transform_set(name)
    return Finding(
        cause="ike.nat-t", check="C23", severity=Severity.WARNING, confidence=0.8, peer=peer_of(entry),
        summary=f"{interface.label} has a private address, so a NAT lies on the way to the peer of "
        f"{entry_word(entry)}, and {name} uses AH, which no NAT lets through.",
        evidence=quote(*interface.at("", "addresses"), *entry.at("", "peers"), *(held.at() if held else ())),
        side=Side.HERE,
        causes=("the transform set is older than the NAT",),
        remedies=(Remedy(text="Use ESP with integrity (AES with SHA-256, or AES-GCM) in the place of AH, at both ends.",
                         commands=("show crypto ipsec sa",), disruptive=True),),
        references=("RFC 3948",),
    )
