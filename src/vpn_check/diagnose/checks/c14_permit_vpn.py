"""Decrypted traffic is dropped by the access list of the interface that it arrived on.

A PIX before 7.0 lets it pass only with `sysopt connection permit-ipsec`, or where the access list of the outside
permits it. An ASA, and a PIX from 7.0 on, lets it pass by default and does not display that; only the visible
`no sysopt connection permit-vpn` makes the access list count. A list that lets some of the traffic pass filters it on
purpose: worth knowing, and no more. A server published for every address is no such purpose.
Source: config-checks C14; S36.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import AccessGroup, CryptoMapEntry, Generation, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet, PacketSet


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry of a firewall against the inbound access list of its interface."""
    system = audit.config.system
    old = audit.config.generation is Generation.PIX6
    if audit.config.generation.router or system.permit_vpn is True or system.conduits:
        return
    if system.permit_vpn is None and not (old and audit.config.whole):
        return
    for held, entry in audit.config.static_entries():
        protected = audit.sets.protected(entry)
        if protected is None or protected.least.empty or not audit.config.shows("access-list"):
            continue
        for name in audit.here.egress(held):
            arriving = protected.least.mirror()
            dropped = _dropped(audit, name, arriving)
            if not dropped.empty:
                finding = _finding(audit, entry, name, dropped, old=old)
                meant = _on_purpose(audit, name, arriving - dropped)
                yield replace(finding, severity=Severity.INFO) if meant else finding


def _dropped(audit: Audit, interface: str, arriving: PacketSet) -> PacketSet:
    """What of the decrypted traffic the interface's list surely does not permit."""
    groups = _groups(audit, interface)
    if not groups:   # without a list, what comes from a lower security level is dropped
        held = audit.config.interface(interface)
        return arriving if held is not None and held.security_level == 0 else arriving - arriving
    for group in groups:
        permitted = audit.sets.permitted(group.acl)
        arriving -= permitted.most if permitted is not None else arriving
    return arriving


def _on_purpose(audit: Audit, interface: str, passing: PacketSet) -> bool:
    """Whether the list names the peer's networks: what passes is not what it lets everybody reach."""
    everybody = AddressSet.of("0.0.0.0/0") | AddressSet.of("::/0")
    others = PacketSet.of(everybody - passing.sources, everybody)
    published = (permitted.most & others for group in _groups(audit, interface)
                 if (permitted := audit.sets.permitted(group.acl)) is not None)
    return not passing.destinations <= PacketSet.union_of(published).destinations


def _groups(audit: Audit, interface: str) -> list[AccessGroup]:
    """The lists that traffic arriving there is checked against."""
    return [group for group in audit.config.access_groups
            if group.interface in {interface, None} and group.direction in {"in", "global"} and not group.control_plane]


def _finding(audit: Audit, entry: CryptoMapEntry, interface: str, dropped: PacketSet, *, old: bool) -> Finding:
    word = "permit-ipsec" if old else "permit-vpn"
    return Finding(
        cause="config.permit-vpn-bypass",
        check="C14",
        severity=Severity.WARNING,
        confidence=0.85,
        peer=peer_of(entry),
        summary=f"Decrypted traffic of {entry_word(entry)} ({dropped}) is checked against the access list of "
        f"{interface}, which does not permit it: `sysopt connection {word}` is "
        f"{'not there' if audit.config.system.permit_vpn is None else 'switched off'}.",
        evidence=quote(*audit.config.system.at("permit_vpn"), *entry.at("", "match_address"),
                       *(line for group in _groups(audit, interface) for line in group.at())),
        side=Side.HERE,
        causes=("it was switched off on purpose and the access list was not completed",),
        remedies=(Remedy(
            text="Let decrypted traffic bypass the list, or permit it there line by line.",
            commands=("show sysopt",) if old else ("show running-config all sysopt", "show asp drop"),
            changes=(f"sysopt connection {word}",),
        ),),
        caveats=("It bypasses interface lists only; a vpn-filter of the group-policy still holds.",),
        references=("S36",),
    )
