"""No SA and no negotiation: nothing asks for the tunnel, or what asks gets nowhere.

Recognised by: no IPsec SA for the flow and no IKE SA for its peer. With every counter at zero nobody uses the tunnel:
that is information, unless the tunnel was asked for or is expected to be up. With send errors packets did want to go
through and IKE never got as far as a row (a failed initiator's row vanishes after about a minute).
Whether there is an IKE SA must have been asked: without that answer the cause stays unknown where packets wait.
Sources: counters.md 3.1, ike-states.md 3 (no row).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import blank, demand, has_sas
from vpn_check.model.finding import Finding, Severity, Side
from vpn_check.model.sa import IkePhase

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel

_WHY = (
    "no interesting traffic arrives here: routing in the LAN, host gateway, interface ACL",
    "NAT changes the source before the crypto ACL is asked",
    "the crypto map or tunnel protection is not on the egress interface, or the route points elsewhere",
    "the crypto ACL does not match the traffic",
)


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a tunnel without any SA."""
    live = context.ike(tunnel, IkePhase.UP, IkePhase.NEGOTIATING, IkePhase.FAILED, IkePhase.UNKNOWN)
    sas = has_sas(tunnel)
    if live or sas or (sas is None and not (blank(tunnel) and context.saw_ike(tunnel))):
        return None
    counters = ("encaps", "decaps", "send_errors", "recv_errors", "flags", "out_spi")
    evidence = context.quote(tunnel.where, *counters) or context.quote(tunnel.where, "peer", "local_ident")
    saw_ike = context.saw_ike(tunnel)
    name = f"{peer_word(tunnel)}{flow_word(tunnel)}"
    if demand(tunnel) and not tunnel.counters.encaps:
        if not saw_ike:
            return Finding(
                cause="unknown",
                severity=Severity.CRITICAL,
                confidence=0.6,
                summary=f"Packets for {name} find no IPsec SA; whether IKE is up was not seen: collect the IKE SAs.",
                evidence=evidence,
                causes=("IKE does not come up", "IKE is up and phase 2 fails"),
                remedies=(advise("ike", tunnel, context),),
            )
        return Finding(
            cause="ike.negotiation-failed",
            severity=Severity.CRITICAL,
            confidence=0.55,
            summary=f"Packets for {name} wait and there is no IKE or IPsec SA: IKE fails or was never tried.",
            evidence=evidence,
            causes=(
                "peer unreachable or UDP 500 filtered",
                "no IKE policy, key or profile for this peer",
                "crypto map incomplete",
            ),
            remedies=(
                advise("reach", tunnel, context),
                advise("ike", tunnel, context),
                advise("policy", tunnel, context),
            ),
            references=("S12",),
        )
    wanted = context.wanted(tunnel)
    used = bool(tunnel.counters.encaps or tunnel.counters.decaps)
    tail = "it carried traffic before and nothing asks for it now" if used else "nothing asks for it"
    delta = context.delta(tunnel)
    grown = delta.send_errors if delta is not None else None
    if used and grown and delta is not None:
        return Finding(
            cause="ike.negotiation-failed" if saw_ike else "unknown",
            severity=Severity.CRITICAL,
            confidence=0.7,
            summary=f"The tunnel to {name} carried traffic and has no SA now; {grown} packets for it failed "
            f"{delta.span}: it cannot be rebuilt.",
            evidence=context.quote_growth(tunnel, *counters),
            causes=("the peer no longer answers", "key, policy or identity was changed at one end"),
            remedies=(advise("reach", tunnel, context), advise("ike", tunnel, context)),
        )
    if used and demand(tunnel) and grown is None:
        return Finding(
            cause="unknown",
            severity=Severity.WARNING,
            confidence=0.5,
            summary=f"The tunnel to {name} carried traffic, has no SA now and counts send errors; one sample "
            "cannot say whether they still grow.",
            evidence=evidence,
            causes=("idle since its SA expired; the errors are old", "the tunnel went down and cannot be rebuilt"),
            remedies=(advise("errors", tunnel, context), advise("ike", tunnel, context)),
        )
    return Finding(
        cause="ike.no-attempt",
        severity=Severity.CRITICAL if wanted else Severity.INFO,
        confidence=0.7 if saw_ike else 0.6,
        summary=f"No SA and no negotiation for {name}: {tail}.",
        evidence=evidence,
        side=Side.HERE if wanted else Side.NONE,
        causes=_WHY,
        remedies=(advise("demand", tunnel, context),),
    )
