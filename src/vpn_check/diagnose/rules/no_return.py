"""We encrypt, nothing comes back: the path or the far side.

Recognised by: encaps above zero and decaps at zero on a flow that has SAs (or shows no sign of having none). This end
does its part; from here the path (ESP or UDP 4500 filtered) and the far side (its decryption, its LAN, its route or NAT
exemption) cannot be told apart: look at the other end. A handful of packets prove nothing. Of two looks the growth
counts: nothing sent in between makes it history, and answers that have stopped are told although the sums look fine.
Source: counters.md 3.1, 3.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.delta import CounterDelta
    from vpn_check.model.tunnel import Tunnel

NAT_T_PORT = 4500
MANY = 20
"""Packets in one direction, between two looks, to which an answer would be expected (counters.md, pitfall 1)."""


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a flow that sends and does not receive."""
    counters, delta = tunnel.counters, context.delta(tunnel)
    if not counters.encaps or has_sas(tunnel) is False or counters.recv_errors:
        return None
    if counters.decaps != 0:
        return _stalled(tunnel, context, delta) if delta is not None else None
    few = counters.encaps < FEW_PACKETS
    sending = "" if delta is None or delta.encaps is None else f", {delta.encaps} of them {delta.span},"
    quiet = delta is not None and delta.encaps == 0
    tail = " Nothing was sent between the two looks: this is history until traffic runs again." if quiet else ""
    return _finding(
        tunnel, context,
        severity=Severity.WARNING if few or quiet else Severity.CRITICAL,
        confidence=0.5 if few or quiet else 0.65 if delta is None else 0.75,
        summary=f"We encrypt to {peer_word(tunnel)}{flow_word(tunnel)}, {counters.encaps} packets{sending or ','} and "
        f"nothing comes back: the path or the far side.{tail}",
    )


def _stalled(tunnel: Tunnel, context: Context, delta: CounterDelta) -> Finding | None:
    """Answers came earlier and none came between the two looks, although much was sent."""
    if delta.decaps != 0 or (delta.encaps or 0) < MANY or delta.recv_errors:
        return None
    wanted = context.wanted(tunnel)
    return _finding(
        tunnel, context,
        severity=Severity.CRITICAL if wanted else Severity.WARNING,
        confidence=0.6,
        summary=f"{delta.encaps} packets were encrypted to {peer_word(tunnel)}{flow_word(tunnel)} {delta.span} and "
        "nothing came back, though it did before: the path or the far side, unless this traffic is one-way by nature.",
    )


def _finding(tunnel: Tunnel, context: Context, *, severity: Severity, confidence: float, summary: str) -> Finding:
    nat_t = tunnel.peer_port == NAT_T_PORT or any(
        "udp-encaps" in (sa.settings or "").lower() or "nat-t" in (sa.settings or "").lower() for sa in tunnel.sas
    )
    carrier = "UDP 4500" if nat_t else "ESP (IP protocol 50)"
    return Finding(
        cause="traffic.no-return",
        severity=severity,
        confidence=confidence,
        summary=summary,
        evidence=context.quote_growth(tunnel, "encaps", "decaps", "send_errors", "recv_errors"),
        side=Side.BEYOND,
        causes=(
            f"{carrier} is filtered on the path, in one direction or both",
            "the far end does not send back: no route to us in its LAN, answers translated, another crypto ACL",
            "the far end drops on decryption, or no longer has our SA",
        ),
        remedies=(advise("peer-sa", tunnel, context), advise("reach", tunnel, context)),
        references=("Cisco 81824",),
    )
