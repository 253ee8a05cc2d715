"""The JSON document of `mtu`: kind `mtu` of `vpn-check/1`. What was not measured is null, never a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.printed_mtu import PrintedMtu
from vpn_check.report.json_document import SCHEMA, finding_document
from vpn_check.report.words import word

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vpn_check.model.path_report import PathReport
    from vpn_check.model.sweep import Measured


def mtu_document(report: PathReport, *, generated_at: datetime, redact: Callable[[str], str]) -> dict[str, Any]:
    """Build the document. `redact` masks secrets in every quoted line."""
    tunnel = report.tunnel
    held = report.configured
    return {
        "schema": SCHEMA,
        "kind": "mtu",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": report.status.value,
        "device": report.device,
        "platform": report.platform.value if report.platform else None,
        "errors": [{"step": fault.step, "message": fault.message} for fault in report.errors],
        "to": report.to,
        "from": report.source,
        "tunnel": {
            "peer": word(tunnel.peer),
            "local_address": word(tunnel.local_address),
            "interface": tunnel.interface,
            "crypto_map": tunnel.crypto_map,
            "vrf": tunnel.vrf,
            "local_ident": word(tunnel.local_ident),
            "remote_ident": word(tunnel.remote_ident),
        } if tunnel else None,
        "outside": _measured(report.outside, redact) if report.outside else None,
        "inside": _measured(report.inside, redact) if report.inside else None,
        "through_tunnel": report.through,
        "overhead": _overhead(report),
        "right": {"ip_mtu": report.right.ip_mtu, "tcp_mss": report.right.mss, "basis": report.right.basis}
        if report.right else None,
        "configured": {"seen": held.seen, "interface": held.interface, "ip_mtu": held.ip_mtu, "tcp_mss": held.mss},
        "verdict": finding_document(report.verdict, redact) if report.verdict else None,
        "findings": [finding_document(finding, redact) for finding in report.findings],
        "notes": list(report.notes),
        "commands": list(report.commands),
    }  # fmt: skip


def _measured(measured: Measured, redact: Callable[[str], str]) -> dict[str, Any]:
    return {
        "target": measured.target,
        "source": measured.source,
        "result": measured.result.value,
        "largest": measured.largest,
        "refused": measured.refused,
        "silent": measured.silent,
        "lost": measured.lost,
        "reason": measured.reason.value if measured.reason else None,
        "detail": redact(measured.detail) if measured.detail else None,
        "probes": measured.probes,
        "packets": measured.packets,
        "replies": [
            {"size": reply.size, "outcome": reply.outcome.value, "signs": reply.signs} for reply in measured.replies
        ],
    }


def _overhead(report: PathReport) -> dict[str, Any] | None:
    """What IPsec takes: the transform, the sizes printed by the device, and the sizes computed from it."""
    if report.tunnel is None:
        return None
    wrap, outside = report.wrap, report.outside
    printed = report.tunnel.printed_mtu or PrintedMtu()
    largest = wrap.largest_packet(outside.exact) if wrap and outside and outside.exact else None
    sas = report.tunnel.side("outbound") or report.tunnel.sas
    return {
        "transform": sas[0].transform if sas else None,
        "settings": sas[0].settings if sas else None,
        "mode": ("tunnel" if wrap.tunnel_mode else "transport") if wrap else None,
        "nat_t": wrap.nat_t if wrap else None,
        "gre_bytes": wrap.gre_size if wrap else None,
        "largest_packet": largest,
        "outer_size": wrap.outer_size(largest) if wrap and largest is not None else None,
        "bytes": wrap.outer_size(largest) - largest if wrap and largest is not None else None,
        "printed_path_mtu": printed.path,
        "printed_plaintext_mtu": printed.plaintext,
        "printed_overhead": printed.overhead,
    }
