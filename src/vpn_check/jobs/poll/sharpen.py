"""The same tunnels from poll to poll: a cheap look names coarse causes, a full collection had named the cause.

Where a firewall no longer lists a flow that is down, what it says of the flow's peer is said of the flow.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.alarms.fold import fold
from vpn_check.model.finding import Severity, Status
from vpn_check.model.observation import TunnelObservation
from vpn_check.redact.secrets import redact_line
from vpn_check.report.json_document import finding_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vpn_check.model.finding import Diagnosis, Finding
    from vpn_check.model.memory import DeviceMemory, TunnelMemory
    from vpn_check.model.observation import DeviceObservation, TunnelId

_BAD = {Status.CRITICAL, Status.WARNING}
ABSENT = ""
"""The plain cause of a tunnel that is in no table."""


def located(seen: DeviceObservation, memory: DeviceMemory | None) -> DeviceObservation:
    """What is said of a peer alone (an IKE SA, no flow) goes to the flows that were known of it and are not listed."""
    if memory is None or seen.fault is not None:
        return seen
    return replace(seen, tunnels=tuple(found for _, _, found in fold(memory.tunnels, seen) if found is not None))


def from_memory(seen: DeviceObservation, memory: DeviceMemory | None) -> DeviceObservation:
    """While a tunnel looks the same as when everything was collected, what was found then stands."""
    held = {tunnel.id.key: tunnel for tunnel in memory.tunnels} if memory is not None else {}
    if not any(tunnel.explained for tunnel in held.values()):
        return seen
    tunnels = [_recalled(tunnel, held.get(tunnel.id.key)) for tunnel in seen.tunnels]
    listed = {tunnel.id.key for tunnel in seen.tunnels}
    tunnels += [_gone(tunnel) for key, tunnel in held.items() if key not in listed and seen.whole
                and tunnel.bad_since is not None and tunnel.explained is not None
                and tunnel.explained.plain == ABSENT and tunnel.explained.finding is not None]
    return replace(seen, tunnels=tuple(tunnels))


def _recalled(seen: TunnelObservation, before: TunnelMemory | None) -> TunnelObservation:
    told = before.explained if before is not None and before.bad_since is not None else None
    if told is None or told.finding is None or seen.status not in _BAD or told.plain != seen.cause:
        return seen
    return replace(seen, cause=told.cause, finding=_with_lines(told.finding, seen.finding))


def _with_lines(finding: Mapping[str, object], now: Mapping[str, object] | None) -> Mapping[str, object]:
    """The explanation of then, with the severity of now."""
    return {**finding, "severity": now["severity"]} if now is not None else finding


def _gone(before: TunnelMemory) -> TunnelObservation:
    told = before.explained
    assert told is not None  # noqa: S101  the caller has looked
    return TunnelObservation(id=before.id, status=Status.CRITICAL, cause=told.cause, up=False, wanted=True,
                             finding=told.finding)


def from_full(plain: DeviceObservation, found: Diagnosis, memory: DeviceMemory) -> DeviceObservation:
    """What the poll saw, with the causes that a full collection names. Which tunnels are bad stays the poll's word.

    Args:
        plain: what the cheap commands showed.
        found: the diagnosis of everything.
        memory: what the poll left: which tunnels are in a bad spell.
    """
    findings = _Findings(finding for finding in found.findings if finding.severity is not Severity.INFO)
    causes = {}
    if found.snapshot is not None:
        causes = {tunnel.key: verdict for tunnel, verdict in zip(found.snapshot.tunnels, found.tunnels, strict=True)}
    tunnels = []
    for tunnel in plain.tunnels:
        verdict = causes.get(tunnel.id.key)
        wanted = verdict.cause if verdict is not None and verdict.status in _BAD else None
        chosen = findings.of(tunnel.id, wanted) if tunnel.status in _BAD else None
        tunnels.append(_told(tunnel, chosen))
    listed = {tunnel.id.key for tunnel in plain.tunnels}
    for held in memory.tunnels:
        if held.id.key in listed or held.bad_since is None or not plain.whole:
            continue
        chosen = findings.of(held.id, None)
        if chosen is not None:
            tunnels.append(TunnelObservation(id=held.id, status=Status.CRITICAL, cause=chosen.cause, up=False,
                                             wanted=True, finding=finding_document(chosen, redact_line)))
    return replace(plain, tunnels=tuple(tunnels))


class _Findings:
    """The findings by the tunnel and by the peer that they are about."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._own: defaultdict[tuple[str, ...] | None, list[Finding]] = defaultdict(list)
        self._of_peer: defaultdict[str | None, list[Finding]] = defaultdict(list)
        for finding in findings:
            self._own[finding.about].append(finding)
            self._of_peer[finding.peer].append(finding)

    def of(self, tunnel: TunnelId, cause: str | None) -> Finding | None:
        """What explains a tunnel: a finding about itself with the cause of its verdict, else one about its peer."""
        of_peer = self._of_peer.get(tunnel.peer, ()) if tunnel.peer is not None else ()
        return next((finding for finding in (*self._own.get(tunnel.key, ()), *of_peer)
                     if cause in {None, finding.cause}), None)


def _told(tunnel: TunnelObservation, finding: Finding | None) -> TunnelObservation:
    if finding is None:
        return tunnel
    document = finding_document(finding, redact_line)
    if tunnel.finding is not None:
        document["severity"] = tunnel.finding["severity"]   # how bad it is, the poll says; why, the finding
    return replace(tunnel, cause=finding.cause, finding=document)
