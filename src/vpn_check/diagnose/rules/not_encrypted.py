"""The peer's packets arrive and decrypt; ours do not enter the tunnel: the fault is here, before crypto.

Recognised by: decaps above zero and encaps at zero on a flow that has SAs. Local route, NAT exemption, interface ACL,
the hosts' gateway, or an earlier crypto map entry keeps our traffic out.
Source: counters.md 3.1; S33, S37.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word
from vpn_check.diagnose.rules.receive_errors import all_received_in_error
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a flow that receives and does not send."""
    counters = tunnel.counters
    if not counters.decaps or counters.encaps != 0 or has_sas(tunnel) is False or all_received_in_error(tunnel):
        return None
    few = counters.decaps < FEW_PACKETS
    return Finding(
        cause="traffic.not-encrypted",
        severity=Severity.WARNING if few else Severity.CRITICAL,
        confidence=0.5 if few else 0.75,
        summary=f"Packets from {peer_word(tunnel)}{flow_word(tunnel)} arrive and decrypt ({counters.decaps}), "
        "ours never enter the tunnel: "
        "the fault is on this side, before encryption.",
        evidence=context.quote(tunnel.where, "encaps", "decaps", "send_errors", "recv_errors"),
        side=Side.HERE,
        causes=(
            "NAT exemption is missing: our answers are translated before the crypto ACL sees them",
            "the route to the remote network does not leave through the crypto interface",
            "the hosts here have no route or gateway to us, or a firewall of theirs does not answer",
            "an earlier crypto map entry or interface ACL takes the traffic",
        ),
        remedies=(advise("nat-route", tunnel, context),),
        references=("S33", "S37"),
    )
