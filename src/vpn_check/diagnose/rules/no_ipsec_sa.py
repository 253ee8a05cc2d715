"""IKE is up and no IPsec SA exists: phase 2 fails, or nothing asks for it at the moment.

Recognised by: an IKE SA that is up (QM_IDLE, MM_ACTIVE, READY) and, for this flow, no IPsec SA. Send errors or an SA
request in the flow's flags say that packets wait: then it is an outage. Without them the peers may simply be idle: the
IKE SA lives longer than the last IPsec SA. A further line of a crypto ACL whose peer has SAs for other lines is idle.
Which of proxy identities, transform set or PFS differs, the log of the responder tells, not the state.
Sources: S9, S13, S14, counters.md 3.1, ike-states.md 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import blank, demand, has_sas
from vpn_check.model.finding import Finding, Severity, Side
from vpn_check.model.sa import IkePhase
from vpn_check.model.snapshot import Topic

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a tunnel whose IKE SA is up while no IPsec SA exists."""
    up = context.ike(tunnel, IkePhase.UP)
    flow_known = tunnel.local_ident is not None or tunnel.counters.encaps is not None
    none = has_sas(tunnel) is False if flow_known else Topic.IPSEC_SA in context.snapshot.seen
    if not up or not none:
        return None
    delta = context.delta(tunnel)
    stands = delta is not None and delta.send_errors == 0 and not delta.encaps   # what failed, failed long ago
    waits = demand(tunnel) and not stands
    other_flows_up = str(tunnel.peer) in context.up_peers
    if other_flows_up and not waits and not context.wanted(tunnel):
        return None
    evidence = context.quote_ike(up) + context.quote(tunnel.where, "encaps", "send_errors", "flags", "out_spi")
    if waits or context.wanted(tunnel):
        severity, confidence, tail = Severity.CRITICAL, 0.8, "packets wait for it, so phase 2 does not come up"
    elif flow_known and blank(tunnel):
        severity, confidence, tail = Severity.WARNING, 0.6, "no packet has passed yet"
    else:
        severity, confidence, tail = Severity.WARNING, 0.5, "it may be idle, or phase 2 fails"
    return Finding(
        cause="ipsec.no-sa",
        severity=severity,
        confidence=confidence,
        summary=f"IKE with {peer_word(tunnel)} is up, but there is no IPsec SA{flow_word(tunnel)}: {tail}.",
        evidence=evidence,
        side=Side.UNDECIDED,
        causes=(
            "the crypto ACLs (proxy identities) of the two ends are not mirror images",
            "the transform sets or ESP proposals, or their mode, differ",
            "PFS on one side only, or different groups",
            "the peer has no crypto map entry or profile for us on the interface where we arrive",
        ),
        remedies=(advise("phase2", tunnel, context), advise("peer-sa", tunnel, context)),
        references=("S9", "S13", "S14"),
    )
