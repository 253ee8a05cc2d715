"""The access list of the outside interface blocks IKE or ESP from the peer.

On a router the inbound list of the interface with the map sees the peer's packets before they are decrypted: UDP 500,
UDP 4500 where a NAT lies between, and ESP must be permitted. On a firewall packets to the box itself are not subject
to the interface list.
Source: config-checks C17; S31.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.acl_lines import added_lines
from vpn_check.diagnose.audit import Audit, entry_word
from vpn_check.diagnose.egress import address_of
from vpn_check.model.config import CryptoMapEntry, Interface, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet, PacketSet, ServiceSet

UDP, ESP, IKE_PORT = 17, 50, 500


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every peer of a router against the inbound list where its packets arrive."""
    if audit.config.firewall:
        return
    for held, entry in audit.config.static_entries():
        for interface in audit.config.applied_to(held.name):
            for peer in entry.peers:
                if address_of(peer.text) is not None and interface.acl_in is not None and interface.addresses:
                    yield from _blocked(audit, entry, interface, peer.text)


def _blocked(audit: Audit, entry: CryptoMapEntry, interface: Interface, peer: str) -> Iterator[Finding]:
    permitted = audit.sets.permitted(interface.acl_in)
    if permitted is None:
        return
    theirs = AddressSet.of(peer)
    ours = AddressSet.union_of(AddressSet.of(str(address.ip)) for address in interface.addresses)
    ike = PacketSet.of(theirs, ours, ServiceSet.of(protocol=UDP, destination_ports=((IKE_PORT, IKE_PORT),)))
    esp = PacketSet.of(theirs, ours, ServiceSet.of(protocol=ESP))
    for packets, what, cause in ((ike, "IKE (UDP 500)", "ike.peer-unreachable"), (esp, "ESP", "traffic.esp-blocked")):
        if not packets.overlaps(permitted.most):
            yield _finding(audit, entry, interface, peer, packets, what, cause)
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
