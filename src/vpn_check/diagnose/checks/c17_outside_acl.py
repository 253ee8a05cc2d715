"""The access list of the outside interface blocks IKE or ESP from the peer.

On a router the inbound list of the interface with the map sees the peer's packets before they are decrypted: UDP 500,
UDP 4500 where a NAT lies between, and ESP must be permitted. They arrive at the address that the map speaks from
(`local-address`), or at a virtual address. Where UDP 4500 is permitted and ESP is not, the tunnel was made for a NAT.
On a firewall packets to the box itself are not subject to the interface list.
Source: config-checks C17; S31.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vpn_check.diagnose.acl_lines import added_lines
from vpn_check.diagnose.audit import Audit, entry_word
from vpn_check.diagnose.egress import address_of
from vpn_check.model.config import CryptoMap, CryptoMapEntry, Interface, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet, PacketSet, ServiceSet

UDP, ESP, IKE_PORT, NAT_PORT = 17, 50, 500, 4500


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every peer of a router against the inbound list where its packets arrive."""
    if audit.config.firewall:
        return
    for held, entry in audit.config.static_entries():
        for interface in audit.config.applied_to(held.name):
            for peer in entry.peers:
                if address_of(peer.text) is not None and interface.acl_in is not None and interface.addresses:
                    yield from _blocked(audit, held, entry, interface, peer.text)


def _blocked(
    audit: Audit, held: CryptoMap, entry: CryptoMapEntry, interface: Interface, peer: str
) -> Iterator[Finding]:
    permitted = audit.sets.permitted(interface.acl_in)
    if permitted is None:
        return
    theirs = AddressSet.of(peer)
    speaks = audit.config.interface(held.local_address) if held.local_address is not None else interface
    if speaks is None or not speaks.addresses:
        return
    virtual = [str(group.address) for group in interface.standby if group.address is not None]
    own = [str(address.ip) for address in speaks.addresses]
    ours = AddressSet.union_of(AddressSet.of(word) for word in (*own, *virtual))
    natted = PacketSet.of(theirs, ours, ServiceSet.of(protocol=UDP, destination_ports=((NAT_PORT, NAT_PORT),)))
    ike = PacketSet.of(theirs, ours, ServiceSet.of(protocol=UDP, destination_ports=((IKE_PORT, IKE_PORT),)))
    esp = PacketSet.of(theirs, ours, ServiceSet.of(protocol=ESP))
    for packets, what, cause in ((ike, "IKE (UDP 500)", "ike.peer-unreachable"), (esp, "ESP", "traffic.esp-blocked")):
        if not packets.overlaps(permitted.most):
            finding = _finding(audit, entry, interface, peer, packets, what, cause)
            meant = packets is esp and natted.overlaps(permitted.most)
            yield replace(finding, severity=Severity.INFO) if meant else finding
            return


def _finding(audit: Audit, entry: CryptoMapEntry, interface: Interface, peer: str, packets: PacketSet, what: str,
             cause: str) -> Finding:
    acl = audit.config.acl(interface.acl_in)
    natted = cause == "traffic.esp-blocked"
    return Finding(
        cause=cause,
        check="C17",
        severity=Severity.WARNING,
        confidence=0.75 if natted else 0.85,
        peer=peer,
        summary=f"The inbound access list {interface.acl_in} of {interface.name} does not permit {what} from the peer "
        f"{peer} of {entry_word(entry)}"
        + (": what it sends through the tunnel is dropped, unless it comes over UDP 4500." if natted
           else ": its negotiation never arrives."),
        evidence=quote(*interface.at("", "acl_in"), *(acl.at("")[:3] if acl is not None else ()),
                       *entry.at("", "peers")),
        side=Side.HERE,
        causes=("the peer's address was not added to the list when the tunnel was made, or has changed",),
        remedies=(Remedy(
            text="Permit it before the lines that deny.",
            commands=(f"show ip access-lists {interface.acl_in}",),
            changes=added_lines(audit.config.generation, acl, packets, first=True) if acl is not None else (),
        ),),
        references=("S31",),
    )
