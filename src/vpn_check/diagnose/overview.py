"""Summaries of peers beside the tunnels: they speak where the tunnels themselves were not shown, or where they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.rules import client_sessions, summed_up
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side, Status, TunnelVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.context import Context
    from vpn_check.model.summary import PeerSummary
    from vpn_check.model.tunnel import Tunnel

_NOTHING_WRONG = {"ike.no-attempt", "traffic.none"}


def judge(
    context: Context, findings: list[Finding], verdicts: list[TunnelVerdict]
) -> tuple[list[Finding], list[TunnelVerdict], list[PeerSummary]]:
    """Add what the summaries say to the findings of the tunnels; return also the peers that are seen to work."""
    tunnels = context.snapshot.tunnels
    shown = {
        str(tunnel.peer) for tunnel in tunnels if has_sas(tunnel) is not None or tunnel.counters.encaps is not None
    }
    out, working = list(findings), []
    summed = [held for held in context.snapshot.summaries if not context.asked or str(held.peer) in context.asked]
    out += client_sessions.judge([held for held in summed if held.inner is not None], context)
    for summary in summed:
        peer = str(summary.peer)
        if summary.inner is not None:
            working += [summary] if summed_up.works(summary) else []
        elif peer not in shown:
            finding = summed_up.judge(summary, context)
            if finding is not None:
                out.append(finding)
            elif summed_up.works(summary):
                working.append(summary)
                verdicts = _confirm(tunnels, verdicts, peer)
        elif summary.state.startswith("NHRP ") and not summed_up.works(summary):
            held = [finding for finding in out if finding.peer == peer]
            waits = summed_up.judge(summary, context)
            if waits is not None and all(finding.severity is Severity.INFO for finding in held):
                out = [finding for finding in out if finding.peer != peer or finding.cause not in _NOTHING_WRONG]
                out.append(waits)
    return out, verdicts, working


def _confirm(tunnels: Sequence[Tunnel], verdicts: list[TunnelVerdict], peer: str) -> list[TunnelVerdict]:
    """An IKE SA whose IPsec SAs were not shown is fine where a summary shows the peer up."""
    return [
        TunnelVerdict(status=Status.HEALTHY, cause="healthy")
        if str(tunnel.peer) == peer and verdict.status is Status.UNKNOWN
        else verdict
        for tunnel, verdict in zip(tunnels, verdicts, strict=True)
    ]


def healthy(context: Context, working: Sequence[PeerSummary]) -> list[Finding]:
    """What to say where summaries alone show that peers are up."""
    evidence = context.quote(working[0].where, "state", "received", "sent") if working else ()
    if not evidence:
        return []
    one = len(working) == 1
    summary = f"The tunnel with {working[0].peer} is up." if one else f"{len(working)} peers are up."
    return [
        Finding(
            cause="healthy",
            severity=Severity.INFO,
            confidence=0.8,
            peer=str(working[0].peer) if one else None,
            summary=summary,
            evidence=evidence,
            side=Side.NONE,
        )
    ]
