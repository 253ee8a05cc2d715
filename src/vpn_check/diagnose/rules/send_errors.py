"""Packets could not be encrypted or sent, more of them than a negotiation costs.

Recognised by: send errors above one per cent of what was encapsulated, and above twenty, on a flow that works
otherwise. A handful per (re)negotiation is normal: the packets that trigger it have no SA yet (S3: 1 in 7.7 million).
Where a path MTU that the device learnt explains them, the rule for packets too big speaks instead.
Source: counters.md 1.2, 3.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word
from vpn_check.diagnose.rules import too_big
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel

NOISE = 20
SHARE = 0.01


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge the send errors of a flow that has SAs."""
    errors, delta = tunnel.counters.send_errors, context.delta(tunnel)
    if not errors or has_sas(tunnel) is False or too_big.explains(tunnel, context):
        return None
    name = f"{peer_word(tunnel)}{flow_word(tunnel)}"
    if delta is not None and delta.send_errors is not None and delta.send_errors > FEW_PACKETS:
        sent = delta.encaps or 0
        return _finding(
            tunnel, context,
            severity=Severity.CRITICAL if not sent else Severity.WARNING,
            confidence=0.8,
            summary=f"{delta.send_errors} packets for {name} could not be encrypted or sent {delta.span} "
            f"({sent} were): it goes on.",
        )
    if errors <= NOISE or errors <= SHARE * (tunnel.counters.encaps or 0):
        return None
    past = delta is not None and delta.send_errors == 0
    return _finding(
        tunnel, context,
        severity=Severity.INFO if past else Severity.WARNING,
        confidence=0.7,
        summary=f"{errors} packets for {name} could not be encrypted or sent ({tunnel.counters.encaps or 0} were): "
        + ("none between the two looks, so this is history." if past
           else "more than negotiations explain, if they are recent."),
    )


def _finding(tunnel: Tunnel, context: Context, *, severity: Severity, confidence: float, summary: str) -> Finding:
    return Finding(
        cause="traffic.send-errors",
        severity=severity,
        confidence=confidence,
        summary=summary,
        evidence=context.quote_growth(tunnel, "encaps", "send_errors"),
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
