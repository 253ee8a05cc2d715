"""ESP arrives at a DMVPN hub and NHRP above it does not answer: the tunnel is fine, the registration is not.

Recognised by: the hub has decapsulated the spoke's packets and sends nothing back, while one of the two shows the
other in a state other than UP in `show dmvpn`.
Source: counters.md 3.2; signatures.md, group I.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.context import FEW_PACKETS, Context, peer_word, tunnel_name
from vpn_check.diagnose.ends.traffic import far_lines
from vpn_check.model.finding import Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from vpn_check.diagnose.ends.pairing import Pair

_WAITS = ("NHRP NHRP", "NHRP IKE", "NHRP IPSEC")


def judge(pair: Pair, here: Context, there: Context, far: str) -> Finding | None:
    """Judge a spoke whose packets arrive at the hub and are not answered."""
    ours, theirs = pair.here.counters, pair.there.counters
    if (ours.encaps or 0) < FEW_PACKETS or ours.decaps != 0 or not theirs.decaps or theirs.encaps != 0:
        return None
    waits = next((summary for summary in here.snapshot.summaries
                  if summary.peer == pair.here.peer and summary.state in _WAITS), None)
    if waits is None:
        return None
    return Finding(
        cause="overlay.nhrp",
        severity=Severity.CRITICAL,
        confidence=0.8,
        summary=f"IPsec with {peer_word(pair.here)} carries our packets ({theirs.decaps} arrived at {far}) and NHRP "
        "above it is not answered: registration, next-hop server address or NHRP authentication.",
        evidence=(*here.quote(waits.where, "state"), *here.quote(pair.here.where, "encaps", "decaps"),
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
