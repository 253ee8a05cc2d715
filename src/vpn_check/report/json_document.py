"""The JSON document of `check` and `analyze`: the published interface, `vpn-check/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status
from vpn_check.report.words import counted, spi_word, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from vpn_check.model.finding import Diagnosis, Evidence, Finding, TunnelVerdict
    from vpn_check.model.reasoning import Reasoning, RuledOut
    from vpn_check.model.sa import IkeSa, IpsecSa
    from vpn_check.model.tunnel import Tunnel

SCHEMA = "vpn-check/1"


def document(
    diagnoses: Sequence[Diagnosis],
    *,
    generated_at: datetime,
    redact: Callable[[str], str],
    remote: Sequence[Diagnosis] = (),
) -> dict[str, Any]:
    """Build the document. `redact` masks secrets in every quoted line."""
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": Status.worst([diagnosis.status for diagnosis in diagnoses]).value,
        "devices": [_device(diagnosis, redact) for diagnosis in diagnoses],
    }
    if remote:
        body["remote"] = [_device(diagnosis, redact) for diagnosis in remote]
    return body


def _device(diagnosis: Diagnosis, redact: Callable[[str], str]) -> dict[str, Any]:
    snapshot = diagnosis.snapshot
    tunnels = zip(snapshot.tunnels, diagnosis.tunnels, strict=True) if snapshot else ()
    return {
        "name": diagnosis.device,
        "platform": snapshot.platform.value if snapshot and snapshot.platform else None,
        "status": diagnosis.status.value,
        "errors": [
            {"step": fault.step, "code": fault.code or fault.step, "message": fault.message}
            for fault in diagnosis.errors
        ],
        "verdict": finding_document(diagnosis.verdict, redact) if diagnosis.verdict else None,
        "tunnels": [_tunnel(tunnel, verdict) for tunnel, verdict in tunnels],
        "findings": [finding_document(finding, redact) for finding in diagnosis.findings],
        "gaps": [{"topic": gap.topic.value, "source": gap.source, "reason": gap.reason} for gap in snapshot.gaps]
        if snapshot
        else [],
        "notes": list(diagnosis.notes),
        "reasoning": _reasoning(diagnosis.reasoning, redact) if diagnosis.reasoning else None,
        "unparsed": [
            {"source": part.source, "lines": [{"line": number, "text": redact(text)} for number, text in part.lines]}
            for part in snapshot.unparsed
        ]
        if snapshot
        else [],
    }


def _reasoning(reasoning: Reasoning, redact: Callable[[str], str]) -> dict[str, Any]:
    return {
        "layers": [
            {"layer": layer.name, "state": layer.state.value, "told": layer.told,
             "evidence": [evidence_document(line, redact) for line in layer.evidence]}
            for layer in reasoning.layers
        ],
        "ruled_out": [_ruled_out(entry, redact) for entry in reasoning.ruled_out],
        "against": [_ruled_out(entry, redact) for entry in reasoning.against],
        "decide": {"command": reasoning.decide, "tells": reasoning.tells} if reasoning.decide else None,
    }


def _ruled_out(entry: RuledOut, redact: Callable[[str], str]) -> dict[str, Any]:
    return {"causes": list(entry.causes), "by": entry.by,
            "evidence": [evidence_document(line, redact) for line in entry.evidence]}


def _tunnel(tunnel: Tunnel, verdict: TunnelVerdict) -> dict[str, Any]:
    return {
        "peer": word(tunnel.peer),
        "peer_port": tunnel.peer_port,
        "local_address": word(tunnel.local_address),
        "interface": tunnel.interface,
        "crypto_map": tunnel.crypto_map,
        "vrf": tunnel.vrf,
        "local_ident": word(tunnel.local_ident),
        "remote_ident": word(tunnel.remote_ident),
        "status": verdict.status.value,
        "ike": _ike(tunnel.ike[0]) if tunnel.ike else None,
        "ike_sas": [_ike(sa) for sa in tunnel.ike],
        "counters": counted(tunnel.counters),
        "path_mtu": tunnel.path_mtu,
        "remaining_seconds": tunnel.remaining_seconds,
        "outbound_spi": spi_word(tunnel.outbound_spi),
        "sas": [_sa(sa) for sa in tunnel.sas],
        "cause": verdict.cause,
    }


def _ike(sa: IkeSa) -> dict[str, Any]:
    return {
        "version": sa.version,
        "state": sa.state,
        "role": sa.role.value if sa.role else None,
        "phase": sa.phase.value,
        "initiator": word(sa.src),
        "responder": word(sa.dst),
        "local": word(sa.local),
        "peer": word(sa.peer),
        "conn_id": sa.conn_id,
        "status": sa.status,
        "encr": sa.encr,
        "hash": sa.hash,
        "integrity": sa.integrity,
        "dh": sa.dh,
    }


def _sa(sa: IpsecSa) -> dict[str, Any]:
    return {
        "direction": sa.direction or None,
        "protocol": sa.protocol,
        "spi": spi_word(sa.spi),
        "transform": sa.transform,
        "settings": sa.settings,
        "remaining_seconds": sa.lifetime_sec,
        "remaining_kilobytes": sa.lifetime_kb,
        "status": sa.status,
    }


def finding_document(finding: Finding, redact: Callable[[str], str]) -> dict[str, Any]:
    """A finding as every document shows it."""
    return {
        "cause": finding.cause,
        "severity": finding.severity.value,
        "confidence": round(finding.confidence, 2),
        "peer": finding.peer,
        "tunnel": finding.tunnel,
        "side": finding.side.value,
        "summary": redact(finding.summary),
        "evidence": [evidence_document(line, redact) for line in finding.evidence],
        "causes": list(finding.causes),
        "remedies": [
            {
                "text": remedy.text,
                "commands": list(remedy.commands),
                "changes": list(remedy.changes),
                "on_peer": remedy.on_peer,
                "disruptive": remedy.disruptive,
            }
            for remedy in finding.remedies
        ],
        "caveats": list(finding.caveats),
        "references": list(finding.references),
        "signature": finding.signature,
        "check": finding.check,
        "count": finding.count,
        "rests": list(finding.rests),
    }


def evidence_document(line: Evidence, redact: Callable[[str], str]) -> dict[str, Any]:
    """A quoted line as every document shows it."""
    body: dict[str, Any] = {"source": line.source, "line": line.line, "text": redact(line.text)}
    if line.origin:
        body["file"] = line.origin
    return body
