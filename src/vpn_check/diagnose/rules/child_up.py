"""The table of IKE SAs names child SAs with their SPIs, and IPsec SAs were not asked for: the tunnel is up.

Recognised by: an IKE SA that is up, with child SAs printed below it, where the output of the IPsec SAs was not given.
That both phases are up is then known; whether packets pass is not, and the sentence says so.
Source: ike-states.md 7.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, peer_word
from vpn_check.model.finding import Finding, Severity, Side
from vpn_check.model.sa import IkePhase
from vpn_check.model.snapshot import Topic

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a tunnel of which only the IKE SA and its children were shown."""
    up = tuple(sa for sa in context.ike(tunnel, IkePhase.UP) if sa.children)
    if not up or Topic.IPSEC_SA in context.snapshot.seen or tunnel.counters.encaps is not None:
        return None
    count = sum(len(sa.children) for sa in up)
    return Finding(
        cause="healthy",
        severity=Severity.INFO,
        confidence=0.7,
        summary=f"IKE with {peer_word(tunnel)} is up and holds {count} child SA{'s' if count > 1 else ''}; "
        "whether packets pass was not seen.",
        evidence=context.quote_ike(up),
        side=Side.NONE,
        remedies=(advise("sa", tunnel, context),),
    )
