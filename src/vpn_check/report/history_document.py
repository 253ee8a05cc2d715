"""The JSON document of `history`: kind `history` of `vpn-check/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.report.alarm_document import alarm_document, change_document, identity
from vpn_check.report.json_document import SCHEMA
from vpn_check.report.moments import iso

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.model.pollreport import HistoryAnswer, TunnelHistory
    from vpn_check.model.tally import Tally


def history_document(answer: HistoryAnswer, *, generated_at: datetime) -> dict[str, Any]:
    """Build the document. Its status is the worst that is held now; unknown where no tunnel is known."""
    return {
        "schema": SCHEMA,
        "kind": "history",
        "generated_at": iso(generated_at),
        "status": answer.status.value,
        "since": iso(answer.since),
        "until": iso(answer.until),
        "step": answer.step,
        "tunnels": [_tunnel(tunnel) for tunnel in answer.tunnels],
        "alarms": [alarm_document(alarm) for alarm in answer.alarms],
        "changes": [change_document(change) for change in answer.changes],
    }


def availability(whole: Tally) -> float | None:
    """The share of polls in which traffic could flow (healthy or warning) among those that told; None: none told."""
    known = whole.polls - whole.unknown
    return (whole.healthy + whole.warning) / known if known else None


def _tunnel(tunnel: TunnelHistory) -> dict[str, Any]:
    whole = tunnel.sum
    share = availability(whole)
    return {
        "device": tunnel.device,
        **identity(tunnel.id),
        "status": tunnel.status.value,
        "cause": tunnel.cause or tunnel.status.value,
        "since": iso(tunnel.since),
        "seen_at": iso(tunnel.seen_at),
        "availability": round(share, 6) if share is not None else None,
        "sum": _tally(whole),
        "points": [{"at": iso(point.at), **_tally(point.tally)} for point in tunnel.points],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    """Counts of polls; the packets are null where no counter could be compared, never 0."""
    told = tally.counted > 0
    return {
        "polls": tally.polls,
        "healthy": tally.healthy,
        "warning": tally.warning,
        "critical": tally.critical,
        "unknown": tally.unknown,
        "counted": tally.counted,
        "encaps": tally.encaps if told else None,
        "decaps": tally.decaps if told else None,
        "send_errors": tally.send_errors if told else None,
        "recv_errors": tally.recv_errors if told else None,
        "rekeys": tally.rekeys,
        "resets": tally.resets,
        "cause": tally.cause or None,
    }
