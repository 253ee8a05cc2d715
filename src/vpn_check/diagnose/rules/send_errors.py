"""Packets could not be encrypted or sent, more of them than a negotiation costs.

Recognised by: send errors above one per cent of what was encapsulated, and above twenty, on a flow that works
otherwise. A handful per (re)negotiation is normal: the packets that trigger it have no SA yet (S3: 1 in 7.7 million).
Source: counters.md 1.2, 3.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel

NOISE = 20
SHARE = 0.01


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge the send errors of a flow that has SAs."""
    errors = tunnel.counters.send_errors
    if not errors or has_sas(tunnel) is False or errors <= NOISE or errors <= SHARE * (tunnel.counters.encaps or 0):
        return None
    return Finding(
        cause="traffic.send-errors",
        severity=Severity.WARNING,
        confidence=0.7,
        summary=f"{errors} packets for {peer_word(tunnel)}{flow_word(tunnel)} could not be encrypted or sent "
        f"({tunnel.counters.encaps or 0} were): more than negotiations explain, if they are recent.",
        evidence=context.quote(tunnel.where, "encaps", "send_errors"),
        side=Side.HERE,
        causes=(
            "the SA expired under load or was renegotiated again and again",
            "packets too big for the path with the DF bit set",
            "crypto engine or queue limits",
            "old errors from before the tunnel came up",
        ),
        remedies=(advise("errors", tunnel, context),),
        references=("S3",),
    )
