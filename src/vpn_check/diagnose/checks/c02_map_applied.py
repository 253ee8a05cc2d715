"""A crypto map that is on no interface, or not on the one that leads to the peer.

The map must be on the physical interface through which packets to the peer leave; `local-address` does not change that.
Tunnel protection needs no map. A map that is on no interface while another map or a tunnel interface serves the same
peer was left behind by a move: worth knowing, and no more. Where dynamic or policy routing decides, the configuration
does not tell.
Source: config-checks C02; S10.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.diagnose.egress import Egress, address_of
from vpn_check.model.config import CryptoMap, CryptoMapEntry, interface_key, quote
from vpn_check.model.finding import Evidence, Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every map that has an entry with a peer."""
    if not audit.config.shows("interface"):
        return
    egress = Egress(audit.config)
    for held in audit.config.crypto_maps:
        entries = [entry for entry in held.entries if entry.kind in {"ipsec-isakmp", "ipsec-manual"} and entry.peers]
        if held.dynamic or not entries:
            continue
        applied = audit.config.applied_to(held.name)
        if not held.interfaces:
            served = _served(audit, held)
            for entry in entries:
                left = all(peer.text in served for peer in entry.peers)
                finding = _nowhere(audit, held, entry)
                yield replace(finding, severity=Severity.INFO) if left else finding
        elif applied and all(interface.shutdown for interface in applied) and len(applied) == len(held.interfaces):
            yield from (_shut(audit, held, entry) for entry in entries)
        elif all(interface.vrf is None for interface in applied):
            yield from _elsewhere(audit, held, entries, egress)


def _served(audit: Audit, held: CryptoMap) -> set[str]:
    """The peers that other maps and protected tunnel interfaces speak to."""
    found = {peer.text for other, entry in audit.config.static_entries()
             if other.name != held.name and other.interfaces for peer in entry.peers}
    found |= {interface.tunnel.destination for interface in audit.config.interfaces
              if interface.tunnel is not None and interface.tunnel.protection is not None and not interface.shutdown
              and interface.tunnel.destination is not None}
    return found


def _elsewhere(audit: Audit, held: CryptoMap, entries: list[CryptoMapEntry], egress: Egress) -> Iterator[Finding]:
    on = {interface_key(name) for name in audit.here.egress(held)} | {interface_key(name) for name in held.interfaces}
    for entry in entries:
        ways = [(peer, egress.of(address)) for peer in entry.peers if (address := address_of(peer.text)) is not None]
        wrong = [(peer, way) for peer, way in ways if way is not None and interface_key(way) not in on]
        if wrong and len(wrong) == len(ways):
            peer, way = wrong[0]
            address = address_of(peer.text)
            route = egress.route(address) if address is not None else None
            other = audit.config.interface(way)
            yield _finding(
                audit, entry,
                f"Packets to the peer {peer.text} leave through {way}, and {held.name} of {entry_word(entry)} is on "
                f"{', '.join(held.interfaces)}: nothing to that peer is encrypted.",
                quote(*entry.at("", "peers"), *held.at("interfaces"), *(route.at() if route else ()),
                      *(other.at("") if other else ())),
                _apply(audit, held.name, way or ""), 0.8,
            )


def _nowhere(audit: Audit, held: CryptoMap, entry: CryptoMapEntry) -> Finding:
    return _finding(audit, entry, f"The crypto map {held.name} is on no interface: {entry_word(entry)} does nothing.",
                    quote(*entry.at("", "peers")), _apply(audit, held.name, "INTERFACE"), 0.9)


def _shut(audit: Audit, held: CryptoMap, entry: CryptoMapEntry) -> Finding:
    applied = audit.config.applied_to(held.name)
    return _finding(
        audit, entry,
        f"The crypto map {held.name} is only on {', '.join(held.interfaces)}, which is shut down: {entry_word(entry)} "
        "does nothing.",
        quote(*entry.at("", "peers"), *(line for interface in applied for line in interface.at("", "shutdown"))),
        (), 0.9)


def _apply(audit: Audit, name: str, interface: str) -> tuple[str, ...]:
    if audit.config.firewall:
        return (f"crypto map {name} interface {interface}",)
    return (f"interface {interface}", f" crypto map {name}")


def _finding(audit: Audit, entry: CryptoMapEntry, summary: str, evidence: tuple[Evidence, ...],
             changes: tuple[str, ...], confidence: float) -> Finding:
    firewall = audit.config.firewall
    return Finding(
        cause="ipsec.crypto-map-not-applied",
        check="C02",
        severity=Severity.WARNING,
        confidence=confidence,
        peer=peer_of(entry),
        summary=summary,
        evidence=evidence,
        side=Side.HERE,
        causes=("the map was never applied, or was taken off", "the route to the peer has moved to another interface"),
        remedies=(Remedy(
            text="Apply the map to the interface that leads to the peer. Tunnels through another map on it would end.",
            commands=("show running-config crypto map", "show route") if firewall else ("show crypto map",
                                                                                      "show ip route"),
            changes=changes,
            disruptive=bool(changes),
        ),),
        references=("S10",),
    )
