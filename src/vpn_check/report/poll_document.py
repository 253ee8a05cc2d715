"""The JSON document of `poll`: kind `poll` of `vpn-check/1`. What the poll did not tell is null or `unknown`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status
from vpn_check.report.alarm_document import alarm_document, identity
from vpn_check.report.json_document import SCHEMA
from vpn_check.report.moments import iso
from vpn_check.report.tunnel_now import counted, tunnels_now

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.model.pollreport import CycleReport, DevicePoll
    from vpn_check.report.tunnel_now import TunnelNow


def poll_document(report: CycleReport, *, generated_at: datetime) -> dict[str, Any]:
    """Build the document. Everything in a report has its secrets masked already."""
    counts = counted(report)
    return {
        "schema": SCHEMA,
        "kind": "poll",
        "generated_at": iso(generated_at),
        "status": report.status.value,
        "cycle": report.id,
        "began": iso(report.began),
        "ended": iso(report.ended),
        "counts": {
            "devices": counts.devices,
            "answered": counts.answered,
            "tunnels": counts.tunnels,
            "up": counts.up,
            "idle": counts.idle,
            "unknown": counts.unknown,
            "maintenance": counts.maintenance,
        },
        "devices": [_device(poll) for poll in report.polls],
        "raised": [alarm_document(alarm) for alarm in report.raised],
        "cleared": [alarm_document(alarm) for alarm in report.cleared],
        "alarms": [alarm_document(alarm) for alarm in report.open],
        "pending": list(counts.pending),
        "troubles": list(report.troubles),
    }


def _device(poll: DevicePoll) -> dict[str, Any]:
    seen, held = poll.observation, poll.memory
    tunnels = [_tunnel(now) for now in tunnels_now(poll)]
    fault = seen.fault
    own = [Status.UNKNOWN if fault is not None else held.status] + [Status(tunnel["status"]) for tunnel in tunnels]
    return {
        "name": seen.device,
        "status": Status.worst(own).value,
        "answered": fault is None,
        "errors": [{"step": fault.step, "code": fault.code or fault.step, "message": fault.message}] if fault else [],
        "at": iso(seen.at),
        "seconds": round(seen.seconds, 3),
        "answered_at": iso(held.answered_at),
        "booted_at": iso(held.booted_at),
        "site": held.site,
        "maintenance": poll.maintenance,
        "alarm": held.alarm,
        "finding": dict(seen.finding) if seen.finding is not None else None,
        "tunnels": tunnels,
    }


def _tunnel(now: TunnelNow) -> dict[str, Any]:
    held, seen = now.memory, now.seen
    return {
        **identity(held.id),
        "status": now.status.value,
        "cause": now.cause,
        "up": now.up,
        "since": iso(held.since),
        "seen": {"status": seen.status.value, "cause": seen.cause} if seen is not None else None,
        "pending": now.pending,
        "flapping": held.flapping,
        "good_at": iso(held.good_at),
        "seen_at": iso(held.seen_at),
        "recent": held.recent,
        "totals": dict(held.totals),
        "alarm": held.alarm,
        "finding": dict(seen.finding) if seen is not None and seen.finding is not None else None,
    }
