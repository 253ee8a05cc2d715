"""ESP arrives at a DMVPN hub and NHRP above it does not answer: the tunnel is fine, the registration is not.

Recognised by: the hub has decapsulated the spoke's packets and sends nothing back, while one of the two shows the
other in a state other than UP in `show dmvpn`.
Source: counters.md 3.2; signatures.md, group I.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.context import FEW_PACKETS, Context, peer_word, tunnel_name
from vpn_check.diagnose.ends.traffic import far_lines, marked
from vpn_check.model.finding import Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from vpn_check.diagnose.ends.pairing import Pair
    from vpn_check.model.summary import PeerSummary
    from vpn_check.model.tunnel import Tunnel

_WAITS = ("NHRP NHRP", "NHRP IKE", "NHRP IPSEC")


def judge(pair: Pair, here: Context, there: Context, far: str) -> Finding | None:
    """Judge a spoke whose packets arrive at the hub and are not answered; either of the two may be this device."""
    if _unanswered(pair.here, pair.there) and (waits := _waiting(pair.here, here)) is not None:
        arrived, where, sender = pair.there.counters.decaps, f"at {far}", "our packets"
        told = here.quote(waits.where, "state")
    elif _unanswered(pair.there, pair.here) and (waits := _waiting(pair.there, there)) is not None:
        arrived, where, sender = pair.here.counters.decaps, "here", f"the packets of {far}"
        told = marked(there.quote(waits.where, "state"), far)
    else:
        return None
    return Finding(
        cause="overlay.nhrp",
        severity=Severity.CRITICAL,
        confidence=0.86,
        summary=f"IPsec with {peer_word(pair.here)} carries {sender} ({arrived} arrived {where}) and NHRP "
        "above it is not answered: registration, next-hop server address or NHRP authentication.",
        evidence=(*told, *here.quote(pair.here.where, "encaps", "decaps"),
                  *far_lines(pair.there, there, far, "encaps", "decaps")),
        peer=str(pair.here.peer),
        tunnel=tunnel_name(pair.here),
        about=pair.here.key,
        side=Side.UNDECIDED,
        causes=("the next-hop server's tunnel address is wrong here (`ip nhrp nhs`, `ip nhrp map`)",
                "NHRP authentication, network-id or tunnel key differ",
                "the hub does not accept registrations (no `ip nhrp map multicast dynamic`, another tunnel interface)"),
        remedies=(Remedy(text="Compare the NHRP statements of spoke and hub.",
                         commands=("show ip nhrp nhs detail", "show dmvpn detail",
                                   "show running-config interface tunnel 0")),),
        references=("S29",),
    )


def _unanswered(sender: Tunnel, receiver: Tunnel) -> bool:
    sent, got = sender.counters, receiver.counters
    return (sent.encaps or 0) >= FEW_PACKETS and sent.decaps == 0 and bool(got.decaps) and got.encaps == 0


def _waiting(tunnel: Tunnel, context: Context) -> PeerSummary | None:
    return next((summary for summary in context.snapshot.summaries
                 if summary.peer == tunnel.peer and summary.state in _WAITS), None)
