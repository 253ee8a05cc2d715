"""The log beside the state: which of the two is newer, and what to say where they disagree.

A show output is a moment, a log is a story, and people paste both in any order. Lines that a terminal printed between
the outputs stand where they happened. A log buffer that was asked for may be older or newer than the tables beside it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.model.finding import Evidence, Finding, Severity, Status, TunnelVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vpn_check.diagnose.negotiation import LogReading, Success
    from vpn_check.model.sa import Where
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel

_LIFTED = "log"  # what log lines are called that no command asked for
_PHASE_1 = {"ike.negotiation-failed", "ike.psk-mismatch", "ike.peer-unreachable", "ike.config-mode-xauth"}
_NO_SA = {"ipsec.no-sa", "ike.no-attempt", "unknown"}
_FIELDS = ("encaps", "decaps", "out_spi", "state", "session_status", "peer", "local_ident", "remote", "conn_id")


def newer(snapshot: DeviceSnapshot, log: Iterable[Evidence], where: Where) -> bool | None:
    """Whether these log lines came after a state was shown; None where it cannot be told."""
    shown = snapshot.quote(where.source, where.line(*_FIELDS))
    if shown is None or shown.origin is None:
        return None
    lines = [line for line in log if line.origin == shown.origin]
    if not lines:
        return None
    last = max(line.line for line in lines)
    if all(line.source == _LIFTED for line in lines):
        return last > shown.line
    return False if last < shown.line else None


def shown_line(snapshot: DeviceSnapshot, tunnels: Sequence[Tunnel], peer: str | None) -> tuple[Evidence, ...]:
    """A line of the state of this peer."""
    for tunnel in tunnels:
        if str(tunnel.peer) == peer:
            line = snapshot.quote(tunnel.where.source, tunnel.where.line(*_FIELDS))
            return (line,) if line is not None else ()
    return ()


def compare(
    snapshot: DeviceSnapshot, reading: LogReading, findings: list[Finding], verdicts: list[TunnelVerdict]
) -> tuple[list[Finding], list[TunnelVerdict]]:
    """Where the tables show no SA and the log ends with one that came up, say so: one of them is older."""
    troubled = {finding.peer for finding in reading.findings if finding.severity is not Severity.INFO}
    out, judged = [], list(verdicts)
    for finding in findings:
        success = None if finding.peer in troubled else _contradicts(finding, reading.successes)
        tunnel = next((tunnel for tunnel in snapshot.tunnels if tunnel.key == finding.about), None)
        if success is None or tunnel is None or finding.severity is Severity.INFO:
            out.append(finding)
            continue
        later = newer(snapshot, success.evidence, tunnel.where)
        out.append(_disputed(finding, success, later=later))
        if later is not False:
            judged = [
                TunnelVerdict(status=Status.WARNING, cause=finding.cause) if held.key == finding.about else verdict
                for held, verdict in zip(snapshot.tunnels, judged, strict=True)
            ]
    return out, judged


def _contradicts(finding: Finding, successes: Iterable[Success]) -> Success | None:
    phases = {"2"} if finding.cause in _NO_SA else {"1", "2"} if finding.cause in _PHASE_1 else set()
    known = [s for s in successes if s.established and not s.over and s.phase in phases and s.peer == finding.peer]
    return known[-1] if known and finding.peer is not None else None


def _disputed(finding: Finding, success: Success, *, later: bool | None) -> Finding:
    at = f" at {success.time}" if success.time else ""
    tail = {
        True: f"The log shows that it came up after this was shown{at}: show it again.",
        False: f"The log shows that it had come up before{at}.",
        None: f"But the log shows that it came up{at}; which of the two is older cannot be told: show both again.",
    }[later]
    return replace(
        finding,
        summary=f"{finding.summary} {tail}",
        evidence=(*finding.evidence, *success.evidence),
        severity=finding.severity if later is False else Severity.WARNING,
        confidence=finding.confidence if later is False else min(finding.confidence, 0.5),
    )
