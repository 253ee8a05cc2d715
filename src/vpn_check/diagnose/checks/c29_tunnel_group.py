"""The tunnel-group of a LAN-to-LAN peer has the wrong type, or its policy does not allow the IKE version.

A peer with a pre-shared key is found by its address as we see it, and the group must be `ipsec-l2l`. What the
group-policy's `vpn-tunnel-protocol` does not list is refused.
Source: config-checks C29; ASA syslog 713206, 751008.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word
from vpn_check.diagnose.paper.ends import IKEV1, map_end
from vpn_check.model.config import CryptoMapEntry, TunnelGroup, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_WORDS = {1: {"ipsec", "ikev1", "ipsec-ikev1"}, 2: {"ikev2", "ipsec-ikev2"}}


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the tunnel-group of every peer of a firewall."""
    if audit.config.generation.router:
        return
    for _, entry in audit.config.static_entries():
        for peer in entry.peers:
            group = audit.config.tunnel_group(peer.text)
            if group is None:
                continue
            if group.type is not None and not group.l2l:
                yield _type(entry, peer.text, group)
            yield from _protocols(audit, entry, peer.text, group)


def _type(entry: CryptoMapEntry, peer: str, group: TunnelGroup) -> Finding:
    return Finding(
        cause="ike.identity-mismatch", check="C29", severity=Severity.WARNING, confidence=0.85, peer=peer,
        summary=f"The tunnel-group {peer} of the LAN-to-LAN peer of {entry_word(entry)} has the type {group.type}: the "
        "peer is treated as a client.",
        evidence=quote(*group.at("", "type"), *entry.at("peers")), side=Side.HERE,
        causes=("the group was made with the type of a remote-access group",),
        remedies=(Remedy(text="Make the group anew with the right type; the tunnel is down meanwhile.",
                         commands=(f"show running-config tunnel-group {peer}",),
                         changes=(f"no tunnel-group {peer}", f"tunnel-group {peer} type ipsec-l2l"),
                         disruptive=True),),
        references=("Cisco 81824",),
    )


def _protocols(audit: Audit, entry: CryptoMapEntry, peer: str, group: TunnelGroup) -> Iterator[Finding]:
    policy = audit.config.group_policy(group.group_policy)
    versions = map_end(audit.here, entry).versions
    if policy is None or not policy.tunnel_protocols or not versions:
        return
    allowed = {word.lower() for word in policy.tunnel_protocols}
    if any(_WORDS[version] & allowed for version in versions):
        return
    word = "ikev1" if versions[0] == IKEV1 else "ikev2"
    yield Finding(
        cause="ike.identity-mismatch", check="C29", severity=Severity.WARNING, confidence=0.85, peer=peer,
        summary=f"The group-policy {policy.name} of the peer {peer} allows only {', '.join(policy.tunnel_protocols)}: "
        f"IKEv{versions[0]} of {entry_word(entry)} is refused.",
        evidence=quote(*policy.at("", "tunnel_protocols"), *group.at("group_policy"), *entry.at("peers")),
        side=Side.HERE,
        causes=("the policy was made for another kind of tunnel",),
        remedies=(Remedy(text="Add the protocol to the policy, or give the peer one of its own.",
                         commands=(f"show running-config group-policy {policy.name}",),
                         changes=(f"group-policy {policy.name} attributes",
                                  f" vpn-tunnel-protocol {' '.join(policy.tunnel_protocols)} {word}")),),
        references=("ASA syslog 713206", "ASA syslog 751008"),
    )
