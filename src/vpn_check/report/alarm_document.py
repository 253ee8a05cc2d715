"""Alarms and changes as the documents of `poll` and `history` show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.report.moments import iso

if TYPE_CHECKING:
    from vpn_check.model.alarm import Alarm, Change, Difference
    from vpn_check.model.observation import TunnelId


def alarm_document(alarm: Alarm) -> dict[str, Any]:
    """One alarm, its finding as every document shows it."""
    return {
        "id": alarm.id,
        "kind": alarm.kind.value,
        "subject": alarm.subject,
        "device": alarm.device,
        "tunnel": list(alarm.tunnel) if alarm.tunnel is not None else None,
        "peer": alarm.peer,
        "status": alarm.status.value,
        "cause": alarm.cause,
        "summary": alarm.summary,
        "began": iso(alarm.began),
        "raised_at": iso(alarm.raised_at),
        "good_at": iso(alarm.good_at),
        "cleared_at": iso(alarm.cleared_at),
        "flapping": alarm.flapping,
        "root": alarm.root,
        "members": list(alarm.members),
        "changed": [_difference(difference) for difference in alarm.changed],
        "evidence": alarm.evidence,
        "finding": dict(alarm.finding) if alarm.finding is not None else None,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "what": difference.what,
        "before": difference.before,
        "after": difference.after,
        "seen_before": iso(difference.seen_before),
        "seen_after": iso(difference.seen_after),
    }


def change_document(change: Change) -> dict[str, Any]:
    """A held verdict that became another one."""
    return {
        "device": change.device,
        "tunnel": list(change.tunnel) if change.tunnel is not None else None,
        "name": change.name,
        "at": iso(change.at),
        "before": change.before.value,
        "after": change.after.value,
        "cause": change.cause,
        "summary": change.summary,
    }


def identity(tunnel: TunnelId) -> dict[str, Any]:
    """Which tunnel: the fields with which each document begins to speak of one."""
    return {
        "key": list(tunnel.key),
        "name": tunnel.name,
        "peer": tunnel.peer,
        "interface": tunnel.interface,
        "local_ident": tunnel.local_ident,
        "remote_ident": tunnel.remote_ident,
    }
