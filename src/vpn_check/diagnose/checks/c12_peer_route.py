"""The way to the peer leads through the tunnel itself.

The destination of a tunnel interface must be reached outside of it; a route for it through the tunnel makes the tunnel
go down as soon as it comes up (recursive routing).
Source: config-checks C12; %TUN-5-RECURDOWN.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.diagnose.egress import Egress, address_of
from vpn_check.model.config import interface_key, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the destination of every tunnel interface."""
    for interface in audit.config.interfaces:
        tunnel = interface.tunnel
        address = address_of(tunnel.destination) if tunnel is not None and tunnel.destination else None
        if tunnel is None or address is None or interface.shutdown:
            continue
        egress = Egress(audit.config, vrf=tunnel.vrf)
        way = egress.of(address)
        if way is None or interface_key(way) != interface_key(interface.label):
            continue
        route = egress.route(address)
        yield Finding(
            cause="overlay.gre",
            check="C12",
            severity=Severity.WARNING,
            confidence=0.9,
            peer=tunnel.destination,
            summary=f"The destination {address} of {interface.name} is routed through {interface.name} itself: the "
            "tunnel goes down when it comes up.",
            evidence=quote(*interface.at(""), *tunnel.at("destination"), *(route.at() if route else ())),
            side=Side.HERE,
            causes=("a static route for a large block points into the tunnel and covers the peer's address",),
            remedies=(Remedy(text="Add a host route for the peer through the physical interface.",
                             commands=(f"show route {address}",) if audit.config.firewall
                             else (f"show ip route {address}",)),),
            references=("Cisco, %TUN-5-RECURDOWN",),
        )
