"""What a summary says of a peer whose tunnels were not shown: crypto session, DMVPN, VPN session database.

Recognised by: the session status of IOS (UP-ACTIVE, UP-IDLE, UP-NO-IKE, DOWN-NEGOTIATING, DOWN), the state column of
DMVPN (IKE, IPSEC, NHRP, UP), and what went through each way. UP-IDLE means IKE without IPsec SAs, not "no traffic".
Sources: ike-states.md 6 and 8; counters.md 3.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.context import FEW_PACKETS
from vpn_check.model.finding import Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from vpn_check.diagnose.context import Context
    from vpn_check.model.summary import PeerSummary

_WORKING = {"UP-ACTIVE", "UP-NO-IKE", "NHRP UP"}
_STATES: dict[str, tuple[str, Severity, float, str, tuple[str, ...]]] = {
    "UP-IDLE": (
        "ipsec.no-sa", Severity.WARNING, 0.5, "IKE with {peer} is up without IPsec SA: idle, or phase 2 fails.",
        ("nothing asks for an IPsec SA at the moment", "crypto ACLs, transform sets or PFS differ"),
    ),
    "DOWN-NEGOTIATING": (
        "ike.negotiation-failed", Severity.CRITICAL, 0.55, "IKE with {peer} is in progress or stuck; nothing is up.",
        ("peer unreachable or UDP 500 filtered", "IKE policy, key or identity mismatch"),
    ),
    "NHRP IKE": (
        "ike.negotiation-failed", Severity.CRITICAL, 0.55, "DMVPN waits for IKE with {peer}: no session comes up.",
        ("no key or profile for the peer", "peer unreachable at its NBMA address", "IKE policy mismatch"),
    ),
    "NHRP IPSEC": (
        "ipsec.no-sa", Severity.CRITICAL, 0.6, "DMVPN waits for IPsec SAs with {peer}: IKE is up, phase 2 is not.",
        ("transform sets or mode of the IPsec profiles differ",),
    ),
    "NHRP NHRP": (
        "overlay.nhrp", Severity.CRITICAL, 0.6, "NHRP registration with {peer} is not answered; IPsec does not wait.",
        ("ESP is filtered on the path", "tunnel key, network-id or NHRP authentication differ", "wrong NHS address"),
    ),
}  # fmt: skip
_LOOK = ("show crypto isakmp sa", "show crypto ikev2 sa", "show crypto ipsec sa")


def works(summary: PeerSummary) -> bool:
    """Whether the summary shows a tunnel that is up and, where it counts, carries traffic both ways."""
    if summary.state not in _WORKING:
        return False
    return summary.sent is None or summary.received is None or bool(summary.sent and summary.received)


def judge(summary: PeerSummary, context: Context) -> Finding | None:
    """Judge one peer; None where it works."""
    if works(summary):
        return None
    evidence = context.quote(summary.where, "state", "received", "sent")
    known = _STATES.get(summary.state)
    if known is None:
        wanted = context.all_expected or str(summary.peer) in context.asked | context.expected
        known = _by_traffic(summary, wanted=wanted)
    if known is None or not evidence:
        return None
    cause, severity, confidence, sentence, causes = known
    return Finding(
        cause=cause,
        severity=severity,
        confidence=confidence,
        peer=str(summary.peer),
        summary=sentence.format(peer=summary.peer),
        evidence=evidence,
        side=Side.UNDECIDED,
        causes=causes,
        remedies=(Remedy(text="Read the SAs of this peer.", commands=_LOOK),),
    )


def _by_traffic(summary: PeerSummary, *, wanted: bool) -> tuple[str, Severity, float, str, tuple[str, ...]] | None:
    unit, sent, received = summary.unit, summary.sent, summary.received
    if summary.state == "DOWN":
        if summary.lost:
            sentence = f"Packets for {{peer}} were dropped ({summary.lost}) and there is no SA."
            return "ike.negotiation-failed", Severity.CRITICAL, 0.55, sentence, ("IKE fails or was never tried",)
        severity = Severity.CRITICAL if wanted else Severity.INFO
        return "ike.no-attempt", severity, 0.6, "No SA and no negotiation with {peer}: nothing asks for it.", ()
    if summary.state not in _WORKING:
        return None
    if sent and not received:
        severity = Severity.CRITICAL if sent >= FEW_PACKETS else Severity.WARNING
        sentence = f"We send to {{peer}} ({sent} {unit}) and nothing comes back: the path or the far side."
        return "traffic.no-return", severity, 0.6, sentence, ("ESP or UDP 4500 filtered", "no route back there")
    if received and not sent:
        severity = Severity.CRITICAL if received >= FEW_PACKETS else Severity.WARNING
        sentence = f"Traffic of {{peer}} arrives ({received} {unit}), ours never enters the tunnel."
        return "traffic.not-encrypted", severity, 0.65, sentence, ("NAT exemption, route or crypto ACL on this side",)
    return "traffic.none", Severity.INFO, 0.7, "The tunnel with {peer} is up and idle.", ()
