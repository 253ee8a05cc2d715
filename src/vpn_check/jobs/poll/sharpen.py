"""The same tunnels from poll to poll: a cheap look names coarse causes, a full collection had named the cause.

Where a firewall no longer lists a flow that is down, what it says of the flow's peer is said of the flow.
"""

from __future__ import annotations

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
    from vpn_check.model.observation import DeviceObservation

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
    findings = [finding for finding in found.findings if finding.severity is not Severity.INFO]
    causes = {}
    if found.snapshot is not None:
        causes = {tunnel.key: verdict for tunnel, verdict in zip(found.snapshot.tunnels, found.tunnels, strict=True)}
    tunnels = []
    for tunnel in plain.tunnels:
        verdict = causes.get(tunnel.id.key)
        wanted = verdict.cause if verdict is not None and verdict.status in _BAD else None
        chosen = _chosen(findings, tunnel.id.key, tunnel.id.peer, wanted) if tunnel.status in _BAD else None
        tunnels.append(_told(tunnel, chosen))
    listed = {tunnel.id.key for tunnel in plain.tunnels}
    for held in memory.tunnels:
        if held.id.key in listed or held.bad_since is None or not plain.whole:
            continue
        chosen = _chosen(findings, held.id.key, held.id.peer, None)
        if chosen is not None:
            tunnels.append(TunnelObservation(id=held.id, status=Status.CRITICAL, cause=chosen.cause, up=False,
                                             wanted=True, finding=finding_document(chosen, redact_line)))
    return replace(plain, tunnels=tuple(tunnels))


def _chosen(findings: Iterable[Finding], key: tuple[str, ...], peer: str | None, cause: str | None) -> Finding | None:
    """The finding that explains a tunnel: about itself with the cause of its verdict, else about its peer."""
    own = [finding for finding in findings if finding.about == key and cause in {None, finding.cause}]
    of_peer = [finding for finding in findings if peer is not None and finding.peer == peer
               and cause in {None, finding.cause}]
    return next(iter((*own, *of_peer)), None)


def _told(tunnel: TunnelObservation, finding: Finding | None) -> TunnelObservation:
    if finding is None:
        return tunnel
    document = finding_document(finding, redact_line)
    if tunnel.finding is not None:
        document["severity"] = tunnel.finding["severity"]   # how bad it is, the poll says; why, the finding
    return replace(tunnel, cause=finding.cause, finding=document)
