"""A crypto map and tunnel protection for the same peer on the same interface.

Which of the two takes the peer's negotiation is not certain: one of them steals the SAs of the other.
Source: config-checks C31.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word
from vpn_check.model.config import interface_key, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every tunnel interface against the maps on its source interface."""
    config = audit.config
    for interface in config.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.protection is None or tunnel.destination is None or interface.shutdown:
            continue
        for held, entry in config.static_entries():
            on = {interface_key(name) for name in held.interfaces}
            peers = {peer.text for peer in entry.peers}
            if interface_key(tunnel.source or "") in on and tunnel.destination in peers:
                yield Finding(
                    cause="config.acl-overlap",
                    check="C31",
                    severity=Severity.WARNING,
                    confidence=0.7,
                    peer=tunnel.destination,
                    summary=f"{interface.name} and {entry_word(entry)} both make a tunnel to {tunnel.destination} over "
                    f"{tunnel.source}: which of them takes a negotiation is not certain.",
                    evidence=quote(*interface.at(""), *tunnel.at("destination", "protection"), *entry.at("", "peers"),
                                   *held.at("interfaces")),
                    side=Side.HERE,
                    causes=("a crypto map was left when the tunnel was moved to an interface",),
                    remedies=(Remedy(text="Take the entry out of the map when the tunnel interface has taken over.",
                                     commands=("show crypto map", "show crypto session"),
                                     changes=(f"no crypto map {entry.map} {entry.sequence}",), disruptive=True),),
                    references=("Cisco VTI guide",),
                )
