"""A LAN-to-LAN peer is asked for a user name (extended authentication), and has none to give.

On a router or a PIX before 7.0 with `client authentication` on its crypto map, the key of a LAN-to-LAN peer needs
`no-xauth`. On an ASA the peer must not fall into a remote-access group.
Source: config-checks C28; CONF_XAUTH in `show crypto isakmp sa`.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word
from vpn_check.diagnose.egress import address_of
from vpn_check.model.config import Generation, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the static peers of every router map that authenticates clients."""
    config = audit.config
    if config.firewall and config.generation is not Generation.PIX6:
        return
    old = config.generation is Generation.PIX6
    for held, entry in config.static_entries():
        if held.client_authentication is None or held.ike_profile or entry.ike_profile:
            continue
        for peer in entry.peers:
            address = address_of(peer.text)
            keys = [key for key in config.keys if address is not None and any(address in net for net in key.networks)]
            keys.sort(key=lambda key: -max(net.prefixlen for net in key.networks))
            if not keys or keys[0].no_xauth:
                continue
            yield Finding(
                cause="ike.config-mode-xauth",
                check="C28",
                severity=Severity.WARNING,
                confidence=0.85,
                peer=peer.text,
                summary=f"The crypto map {held.name} asks clients for a user name, and the key of the LAN-to-LAN peer "
                f"{peer.text} of {entry_word(entry)} does not exempt it (`no-xauth`): its phase 1 stops in CONF_XAUTH.",
                evidence=quote(*held.at("client_authentication"), *keys[0].at(), *entry.at("peers")),
                side=Side.HERE,
                causes=("clients and LAN-to-LAN peers share one map",),
                remedies=(Remedy(text="Enter the key of that peer anew with no-xauth, or bind clients to an ISAKMP "
                                 "profile of their own.", commands=("show crypto isakmp sa",),
                                 changes=(f"isakmp key KEY address {peer.text} netmask 255.255.255.255 no-xauth" if old
                                          else f"crypto isakmp key KEY address {peer.text} no-xauth",),
                                 disruptive=True),),
                references=("Cisco 81824",),
            )
