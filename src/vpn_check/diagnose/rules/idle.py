"""The tunnel is up and idle: SAs complete, no packet in either direction.

Recognised by: IPsec SAs and counters at zero both ways. Nothing is wrong with the tunnel as such; where traffic was
expected, it does not reach the crypto map. Information only, unless the tunnel was asked for.
Source: counters.md 3.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a flow with SAs and without packets."""
    if not has_sas(tunnel) or tunnel.counters.encaps != 0 or tunnel.counters.decaps != 0:
        return None
    return Finding(
        cause="traffic.none",
        severity=Severity.INFO,
        confidence=0.8,
        summary=f"The tunnel to {peer_word(tunnel)}{flow_word(tunnel)} is up and idle: no packet in either direction.",
        evidence=context.quote(tunnel.where, "encaps", "decaps", "out_spi"),
        side=Side.NONE,
        causes=(
            "nobody uses it at the moment",
            "traffic is routed elsewhere or translated before it reaches the tunnel, at both ends",
        ),
        remedies=(advise("nat-route", tunnel, context),),
    )
