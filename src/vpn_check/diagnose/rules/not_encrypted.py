"""The peer's packets arrive and decrypt; ours do not enter the tunnel: the fault is here, before crypto.

Recognised by: decaps above zero and encaps at zero on a flow that has SAs. Local route, NAT exemption, interface ACL,
the hosts' gateway, or an earlier crypto map entry keeps our traffic out.
Source: counters.md 3.1; S33, S37.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word
from vpn_check.diagnose.rules.no_return import MANY
from vpn_check.diagnose.rules.receive_errors import all_received_in_error
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.delta import CounterDelta
    from vpn_check.model.tunnel import Tunnel


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a flow that receives and does not send."""
    counters, delta = tunnel.counters, context.delta(tunnel)
    if not counters.decaps or has_sas(tunnel) is False or all_received_in_error(tunnel):
        return None
    if counters.encaps != 0:
        return _stalled(tunnel, context, delta) if delta is not None and counters.encaps else None
    few = counters.decaps < FEW_PACKETS
    quiet = delta is not None and delta.decaps == 0
    tail = " Nothing arrived between the two looks: this is history until traffic runs again." if quiet else ""
    return _finding(
        tunnel, context,
        severity=Severity.WARNING if few or quiet else Severity.CRITICAL,
        confidence=0.5 if few or quiet else 0.75 if delta is None else 0.85,
        summary=f"Packets from {peer_word(tunnel)}{flow_word(tunnel)} arrive and decrypt ({counters.decaps}), ours "
        f"never enter the tunnel: the fault is on this side, before encryption.{tail}",
    )


def _stalled(tunnel: Tunnel, context: Context, delta: CounterDelta) -> Finding | None:
    """Our packets went in earlier and none did between the two looks, although many arrived."""
    if delta.encaps != 0 or (delta.decaps or 0) < MANY:
        return None
    return _finding(
        tunnel, context,
        severity=Severity.CRITICAL if context.wanted(tunnel) else Severity.WARNING,
        confidence=0.6,
        summary=f"{delta.decaps} packets from {peer_word(tunnel)}{flow_word(tunnel)} arrived and were decrypted "
        f"{delta.span}; ours entered the tunnel before, and none does now: this side, before encryption, unless this "
        "traffic is one-way by nature.",
    )


def _finding(tunnel: Tunnel, context: Context, *, severity: Severity, confidence: float, summary: str) -> Finding:
    return Finding(
        cause="traffic.not-encrypted",
        severity=severity,
        confidence=confidence,
        summary=summary,
        evidence=context.quote_growth(tunnel, "encaps", "decaps", "send_errors", "recv_errors"),
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
