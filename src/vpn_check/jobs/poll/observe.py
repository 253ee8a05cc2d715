"""From a diagnosis to what a poll remembers of it: the device and its tunnels in a few words each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from vpn_check.diagnose.context import tunnel_name
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.inventory import ANY_PEER
from vpn_check.model.finding import Severity, Status
from vpn_check.model.observation import COUNTERS, DeviceObservation, TunnelId, TunnelObservation
from vpn_check.model.sa import IkePhase
from vpn_check.model.snapshot import Topic
from vpn_check.redact.secrets import redact_line
from vpn_check.report.json_document import evidence_document, finding_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from vpn_check.model.device import Device
    from vpn_check.model.finding import DeviceFault, Diagnosis, Finding, TunnelVerdict
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel

_NO_WORD = {"none", "unknown"}
_BAD = {Status.CRITICAL, Status.WARNING}


def unanswered(device: Device, fault: DeviceFault, at: datetime, seconds: float) -> DeviceObservation:
    """A poll that the device did not answer: nothing is known of its tunnels."""
    return DeviceObservation(device=device.name, at=at, fault=fault, expected_up=device.expected_up, site=device.site,
                             seconds=seconds)


def observe(device: Device, diagnosis: Diagnosis, at: datetime, seconds: float) -> DeviceObservation:
    """What a poll saw.

    Args:
        device: who was asked.
        diagnosis: what was made of the answers.
        at: when they were given.
        seconds: how long it took.
    """
    snapshot = diagnosis.snapshot
    if snapshot is None or not snapshot.seen & {Topic.IPSEC_SA, Topic.IKE_SA, Topic.IKEV2_SA}:
        return replace(unanswered(device, _fault(diagnosis), at, seconds), status=diagnosis.status)
    pairs = list(zip(snapshot.tunnels, diagnosis.tunnels, strict=True))
    findings = _Findings(diagnosis.findings)
    tunnels = _merged(_tunnel(device, tunnel, verdict, findings) for tunnel, verdict in pairs)
    software = snapshot.shown.software if snapshot.shown is not None else None
    traits = {"release": software.release, "modified": software.modified} if software is not None else {}
    return DeviceObservation(
        device=device.name, at=at, status=diagnosis.status,
        whole=Topic.IPSEC_SA in snapshot.seen and all(gap.topic is not Topic.IPSEC_SA for gap in snapshot.gaps),
        tunnels=tunnels, finding=findings.of_device(), booted_at=booted_at(snapshot, at), traits=_known(traits),
        local_addresses=frozenset(_local(snapshot)), expected_up=device.expected_up, site=device.site, seconds=seconds,
        table_line=next(_table_lines(snapshot), None),
    )  # fmt: skip


def booted_at(snapshot: DeviceSnapshot, at: datetime) -> datetime | None:
    """When the device was last started, by the uptime that it gave at this time; None where it gave none."""
    software = snapshot.shown.software if snapshot.shown is not None else None
    return at - timedelta(seconds=software.uptime) if software is not None and software.uptime is not None else None


def _fault(diagnosis: Diagnosis) -> DeviceFault:
    from vpn_check.model.finding import DeviceFault  # noqa: PLC0415  only where nothing could be read

    if diagnosis.errors:
        return diagnosis.errors[0]
    return DeviceFault(step="command", message=f"{diagnosis.device}: no answer about IKE or IPsec SAs could be read. "
                       f"Look at what `vpn-check {diagnosis.device}` says.")


class _Findings:
    """The findings of a diagnosis by the tunnel that they explain."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._all = [finding for finding in findings if finding.severity is not Severity.INFO]
        self._about: defaultdict[tuple[str, ...], list[Finding]] = defaultdict(list)
        self._of_peer: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in self._all:
            if finding.about is not None:
                self._about[finding.about].append(finding)
            if finding.peer is not None:
                self._of_peer[finding.peer, finding.cause].append(finding)

    def of(self, tunnel: Tunnel, cause: str) -> dict[str, Any] | None:
        """The document that explains why this tunnel has this cause; None where there is none."""
        own = self._about.get(tunnel.key, ())
        shared = self._of_peer.get((str(tunnel.peer), cause), ())   # flows that rest on another flow's finding
        found = next((finding for finding in (*own, *shared) if finding.cause == cause), None)
        chosen = found or next(iter(own), None)
        return finding_document(chosen, redact_line) if chosen is not None else None

    def of_device(self) -> dict[str, Any] | None:
        """The worst that is said of no tunnel in particular."""
        found = next((finding for finding in self._all if finding.about is None), None)
        return finding_document(found, redact_line) if found is not None else None


def _tunnel(device: Device, tunnel: Tunnel, verdict: TunnelVerdict, findings: _Findings) -> TunnelObservation:
    peer = str(tunnel.peer) if tunnel.peer is not None else None
    known = {name: getattr(tunnel.counters, name) for name in COUNTERS}
    return TunnelObservation(
        id=TunnelId(
            key=tunnel.key, name=tunnel_name(tunnel), peer=peer, interface=tunnel.interface,
            local_ident=tunnel.local_ident.text if tunnel.local_ident is not None else None,
            remote_ident=tunnel.remote_ident.text if tunnel.remote_ident is not None else None,
        ),
        status=verdict.status,
        cause=verdict.cause,
        up=has_sas(tunnel),
        wanted=ANY_PEER in device.expected_up or peer in device.expected_up,
        finding=findings.of(tunnel, verdict.cause) if verdict.status in _BAD else None,
        counters={name: value for name, value in known.items() if value is not None},
        spis=frozenset(sa.spi for sa in tunnel.sas if sa.live and sa.spi),
        traits=_known(_traits(tunnel)),
    )  # fmt: skip


def _traits(tunnel: Tunnel) -> dict[str, str | None]:
    """Facts of a tunnel that stay while nobody changes anything. Of a negotiation that is open they are not known."""
    live = next((sa for sa in tunnel.sas if sa.live), None)
    ike = next((sa for sa in tunnel.ike if sa.phase is IkePhase.UP), None)
    return {
        "local address": str(tunnel.local_address) if tunnel.local_address is not None else None,
        "IPsec proposal": live.transform if live is not None else None,
        "IKE version": f"IKEv{ike.version}" if ike is not None else None,
        "IKE proposal": " ".join(word for word in (ike.encr, ike.hash or ike.integrity, ike.dh)
                                 if word and word.lower() not in _NO_WORD)
        if ike is not None else None,
        "path MTU": str(tunnel.path_mtu) if tunnel.path_mtu is not None else None,
    }  # fmt: skip


def _known(traits: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in traits.items() if value}


def _merged(tunnels: Iterable[TunnelObservation]) -> tuple[TunnelObservation, ...]:
    """Each tunnel once: where a device lists the same flow twice, its packets add up and the worse state counts."""
    held: dict[tuple[str, ...], TunnelObservation] = {}
    for seen in tunnels:
        other = held.get(seen.id.key)
        if other is None:
            held[seen.id.key] = seen
            continue
        worse = seen if Status.worst([seen.status, other.status]) is not other.status else other
        counters = {name: other.counters.get(name, 0) + seen.counters.get(name, 0)
                    for name in COUNTERS if name in other.counters or name in seen.counters}
        held[seen.id.key] = replace(worse, counters=counters, spis=other.spis | seen.spis,
                                    up=True if other.up or seen.up else worse.up)
    return tuple(held.values())


def _local(snapshot: DeviceSnapshot) -> Iterator[str]:
    yield from (str(address) for address in snapshot.local_addresses)
    yield from (str(tunnel.local_address) for tunnel in snapshot.tunnels if tunnel.local_address is not None)


def _table_lines(snapshot: DeviceSnapshot) -> Iterator[dict[str, Any]]:
    """The first line of the table of IPsec SAs: it shows that a tunnel which is not there was looked for."""
    for index, source in snapshot.sources.items():
        if source.topic is Topic.IPSEC_SA:
            quoted = (snapshot.quote(index, number) for number in source.text.numbers())
            line = next((found for found in quoted if found is not None), None)
            if line is not None:
                yield evidence_document(line, redact_line)
