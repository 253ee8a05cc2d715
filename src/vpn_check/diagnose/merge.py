"""Findings of state and of log become one list: a line that names the cause outranks a state that allows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.log_and_state import newer, shown_line
from vpn_check.diagnose.sa_state import flows_both_ways
from vpn_check.model.finding import Evidence, Finding, Severity, Status, TunnelVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel

_OPEN_PHASE_1 = {"ike.negotiation-failed", "ike.peer-unreachable", "ike.psk-mismatch", "ike.no-attempt", "unknown"}
_OPEN_PHASE_2 = {"ipsec.no-sa", "unknown", "ike.no-attempt", "ike.negotiation-failed"}
"""A refused phase 2 takes the IKE SA with it in IKEv2, and often in IKEv1."""
_OPEN_DATA = {"traffic.recv-errors", "traffic.send-errors", "traffic.no-return", "unknown"}
_SURE = 0.7
_DATA = ("traffic.",)
_COUNTED = {"traffic.replay", "traffic.integrity"}
"""What a device drops for these it counts as a receive error of the SA."""
_CLIENTS = "ike.config-mode-xauth"


def merge(
    snapshot: DeviceSnapshot, state: list[Finding], log: list[Finding], verdicts: list[TunnelVerdict]
) -> tuple[list[Finding], list[TunnelVerdict]]:
    """Join both lists and let the tunnels' verdicts follow.

    Args:
        snapshot: the device, whose tunnels the `verdicts` are of, in the same order.
        state: what the tunnels show.
        log: what log lines told.
        verdicts: of the tunnels.
    """
    tunnels = snapshot.tunnels
    working = {str(tunnel.peer) for tunnel in tunnels if flows_both_ways(tunnel) and tunnel.peer is not None}
    for tunnel, verdict in zip(tunnels, verdicts, strict=True):
        if verdict.status in {Status.CRITICAL, Status.UNKNOWN}:
            working.discard(str(tunnel.peer))
    standby = {peer for peers in _alternatives(snapshot) if peers & working for peer in peers} - working
    all_work = bool(verdicts) and all(verdict.status is Status.HEALTHY for verdict in verdicts) and bool(working)
    unhurt = {tunnel.key for tunnel in tunnels if tunnel.counters.recv_errors == 0}
    out = list(state)
    judged = list(verdicts)
    for finding in log:
        fitting = [held for held in out if _explains(finding, held)]
        absorbed = _of_one_peer([held for held in fitting if not _contradicted(finding, held, unhurt)])
        if not absorbed and _is_past(finding, working | standby, all_work=all_work):
            shown = shown_line(snapshot, tunnels, finding.peer)
            if finding.peer in standby:
                out.append(_stands_by(finding))
            elif _since(snapshot, finding):
                out.append(_relapse(finding, shown))
                judged = _warned(tunnels, judged, finding)
            else:
                out.append(_history(finding, shown))
            continue
        if not absorbed and all_work and finding.cause == _CLIENTS:
            finding = replace(finding, severity=max(finding.severity, Severity.WARNING, key=lambda held: held.rank))  # noqa: PLW2901  the milder of both
        merged = replace(finding, severity=_severity(finding, absorbed, works=finding.peer in working))
        for held in absorbed:
            out.remove(held)
            merged = replace(
                merged,
                evidence=tuple(dict.fromkeys((*merged.evidence, *held.evidence))),
                peer=merged.peer or held.peer,
                tunnel=merged.tunnel or held.tunnel,
                about=merged.about or held.about,
            )
            judged = [
                TunnelVerdict(status=_status(merged, verdict), cause=merged.cause)
                if tunnel.key == held.about
                else verdict
                for tunnel, verdict in zip(tunnels, judged, strict=True)
            ]
        out.append(merged)
    return out, judged


def _status(finding: Finding, verdict: TunnelVerdict) -> Status:
    order = (Status.HEALTHY, Status.UNKNOWN, Status.WARNING, Status.CRITICAL)
    return max(finding.severity.status, verdict.status, key=order.index)


def _alternatives(snapshot: DeviceSnapshot) -> Iterator[frozenset[str]]:
    """The peers of each crypto map entry that names several: the first that answers is used."""
    if snapshot.config is not None:
        for _, entry in snapshot.config.static_entries():
            if len(entry.peers) > 1:
                yield frozenset(peer.text for peer in entry.peers)


def _is_past(finding: Finding, working: set[str], *, all_work: bool) -> bool:
    """Whether a complaint of the log is contradicted by what the tunnels show now."""
    if finding.severity is Severity.INFO:
        return False
    if finding.peer is None:
        return all_work and finding.cause != _CLIENTS   # that tunnels work says nothing about a client sent away
    if finding.peer in working:
        return True
    return all_work and finding.confidence < _SURE and finding.severity is Severity.WARNING  # noise of strangers


def _contradicted(finding: Finding, held: Finding, unhurt: set[tuple[str, ...]]) -> bool:
    """Whether drops of no named peer cannot be those of a tunnel, as that has counted none."""
    return finding.peer is None and finding.cause in _COUNTED and held.about in unhurt


def _of_one_peer(held: list[Finding]) -> list[Finding]:
    """A line that names no peer explains the only peer that it fits; of several it cannot be told which."""
    return held if len({finding.peer for finding in held}) <= 1 else []


def _severity(finding: Finding, absorbed: list[Finding], *, works: bool) -> Severity:
    """The state of a tunnel says how bad it is; the line of the log says why."""
    held = [one.severity for one in absorbed]
    if works:
        return min(held, key=lambda severity: severity.rank, default=finding.severity)
    return min((finding.severity, *held), key=lambda severity: severity.rank)


def _since(snapshot: DeviceSnapshot, finding: Finding) -> bool:
    """Whether a failed negotiation came after the tunnel was shown to work."""
    if finding.peer is None or not finding.cause.startswith(("ike.", "ipsec.")):
        return False
    of_peer = [tunnel for tunnel in snapshot.tunnels if str(tunnel.peer) == finding.peer]
    return bool(of_peer) and all(newer(snapshot, finding.evidence, tunnel.where) for tunnel in of_peer)


def _relapse(finding: Finding, shown: tuple[Evidence, ...]) -> Finding:
    return replace(
        finding,
        severity=Severity.WARNING,
        summary=f"{finding.summary} The tunnel worked when it was shown; the log says this after it: show it again.",
        evidence=(*finding.evidence, *shown),
    )


def _warned(tunnels: Sequence[Tunnel], verdicts: list[TunnelVerdict], finding: Finding) -> list[TunnelVerdict]:
    return [
        TunnelVerdict(status=Status.WARNING, cause=finding.cause) if str(tunnel.peer) == finding.peer else verdict
        for tunnel, verdict in zip(tunnels, verdicts, strict=True)
    ]


def _stands_by(finding: Finding) -> Finding:
    text = f"{finding.summary} Another peer of the same crypto map entry works: this one stands by."
    return replace(finding, severity=Severity.INFO, summary=text)


def _history(finding: Finding, shown: tuple[Evidence, ...]) -> Finding:
    """A complaint about a peer whose tunnel works now: drops stay a warning, failed negotiations are past."""
    if finding.cause.startswith((*_DATA, "overlay.")):
        return replace(finding, severity=Severity.INFO if finding.count <= 3 else finding.severity)  # noqa: PLR2004  a few lines are normal around a rekey
    return replace(
        finding,
        severity=Severity.INFO,
        summary=f"{finding.summary} The tunnel works now: this is history.",
        evidence=(*finding.evidence, *shown),
    )


def _explains(finding: Finding, held: Finding) -> bool:  # noqa: PLR0911  a decision list
    """Whether a line of the log says why what the state shows is so."""
    if finding.severity is Severity.INFO or held.signature is not None or held.cause == finding.cause == "healthy":
        return False
    same_peer = finding.peer is None or held.peer is None or finding.peer == held.peer
    if not same_peer:
        return False
    if held.cause == finding.cause:
        return True
    if finding.confidence < _SURE:
        return (
            held.cause in {"ike.negotiation-failed", "ipsec.no-sa", "unknown"} and finding.confidence >= held.confidence
        )
    if finding.cause.startswith("ike."):
        return held.cause in _OPEN_PHASE_1
    if finding.cause.startswith(("ipsec.", "config.")):
        return held.cause in _OPEN_PHASE_2 | _OPEN_DATA
    if finding.cause == "traffic.invalid-spi" and held.cause == "ike.no-attempt":   # the peer still has what we lost
        return True
    return finding.cause.startswith(_DATA) and held.cause in _OPEN_DATA
