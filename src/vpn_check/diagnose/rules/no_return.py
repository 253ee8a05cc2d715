"""We encrypt, nothing comes back: the path or the far side.

Recognised by: encaps above zero and decaps at zero on a flow that has SAs (or shows no sign of having none). This end
does its part; from here the path (ESP or UDP 4500 filtered) and the far side (its decryption, its LAN, its route or NAT
exemption) cannot be told apart: look at the other end. A handful of packets prove nothing.
Source: counters.md 3.1, 3.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel

NAT_T_PORT = 4500


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a flow that sends and does not receive."""
    counters = tunnel.counters
    if not counters.encaps or counters.decaps != 0 or has_sas(tunnel) is False or counters.recv_errors:
        return None
    nat_t = tunnel.peer_port == NAT_T_PORT or any(
        "udp-encaps" in (sa.settings or "").lower() or "nat-t" in (sa.settings or "").lower() for sa in tunnel.sas
    )
    carrier = "UDP 4500" if nat_t else "ESP (IP protocol 50)"
    few = counters.encaps < FEW_PACKETS
    return Finding(
        cause="traffic.no-return",
        severity=Severity.WARNING if few else Severity.CRITICAL,
        confidence=0.5 if few else 0.65,
        summary=f"We encrypt to {peer_word(tunnel)}{flow_word(tunnel)}, {counters.encaps} packets, and nothing comes "
        "back: the path or the far side.",
        evidence=context.quote(tunnel.where, "encaps", "decaps", "send_errors", "recv_errors"),
        side=Side.BEYOND,
        causes=(
            f"{carrier} is filtered on the path, in one direction or both",
            "the far end does not send back: no route to us in its LAN, answers translated, another crypto ACL",
            "the far end drops on decryption, or no longer has our SA",
        ),
        remedies=(advise("peer-sa", tunnel, context), advise("reach", tunnel, context)),
        references=("Cisco 81824",),
    )
