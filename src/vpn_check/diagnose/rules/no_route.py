"""The device says that it has no route to the network behind the peer: our traffic never reaches the crypto map.

Recognised by: `% Network not in table` (or `Subnet`) for an address of the flow's remote network, on a flow that has
sent nothing, although packets of the peer arrive or the tunnel was asked for. A default route would have been shown.
Sources: counters.md 3.1; config-checks C11; S33.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.model.finding import Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.shown import NoRoute
    from vpn_check.model.tunnel import Tunnel


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a flow that sends nothing, where the routing table was asked."""
    counters = tunnel.counters
    missing = _missing(tunnel, context)
    if missing is None or counters.encaps != 0 or not (counters.decaps or context.wanted(tunnel)):
        return None
    command = "show route" if context.firewall else "show ip route"
    return Finding(
        cause="config.route-missing",
        severity=Severity.CRITICAL,
        confidence=0.85,
        summary=f"There is no route to {missing.asked}, behind {peer_word(tunnel)}{flow_word(tunnel)}: our packets are "
        "dropped before they reach the crypto map.",
        evidence=(*context.quote(missing.where, "absent"), *context.quote(tunnel.where, "encaps", "decaps")),
        side=Side.HERE,
        causes=("the static or default route towards the peer was removed", "a routing protocol lost its neighbour"),
        remedies=(Remedy(text="Point a route for the remote network out of the interface with the crypto map.",
                         commands=(f"{command} {missing.asked}", command)),),
        references=("S33",),
    )


def _missing(tunnel: Tunnel, context: Context) -> NoRoute | None:
    shown, remote = context.snapshot.shown, tunnel.remote_ident
    if shown is None or not shown.no_routes or remote is None:
        return None
    try:
        network = ip_network(remote.short, strict=False)
    except ValueError:
        return None
    return next((told for told in shown.no_routes if ip_address(told.asked) in network), None)
