"""A cycle of polls as a monitoring plugin says it: one line that tells the worst, performance data, a line an alarm.

The format is that of the Monitoring Plugins guidelines: `SERVICE STATUS - text | label=value[unit];warn;crit;min;max`.
Nagios reads 8 KiB at most and takes a `|` for the begin of performance data, so the text is kept short and has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Status
from vpn_check.model.observation import COUNTERS
from vpn_check.report.alarm_words import place, standing, summary
from vpn_check.report.moments import moment
from vpn_check.report.plain import number, plain, silence
from vpn_check.report.tunnel_now import TunnelNow, counted, tunnels_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.alarm import Alarm
    from vpn_check.model.pollreport import CycleReport, DevicePoll

_WORDS = {Status.HEALTHY: "OK", Status.WARNING: "WARNING", Status.CRITICAL: "CRITICAL", Status.UNKNOWN: "UNKNOWN"}
_FIRST = 900
"""Characters of the first text: a dashboard shows no more, and the performance data must follow within the limit."""
_LINE = 400
_BYTES = 7_500
_MOST_NAMES = 5


def plugin_status(report: CycleReport, *, peer: str | None = None) -> Status:
    """The state that the plugin tells, whose `exit_code` belongs to `plugin_output`.

    Unknown where nothing was polled or no tunnel is known at all, and for a peer of which this cycle told nothing:
    missing data is not health.
    """
    if peer is None:
        tunnels = any(poll.memory.tunnels for poll in report.polls)
        return Status.worst([report.status, Status.HEALTHY if tunnels else Status.UNKNOWN])
    now = _of_peer(report, peer)
    statuses = [alarm.status for alarm in _alarms(report, peer)]
    statuses += [tunnel.status for poll, tunnel in now if not poll.maintenance]
    statuses += [Status.HEALTHY for poll, _ in now if poll.maintenance]
    return Status.worst(statuses)


def plugin_output(report: CycleReport, *, peer: str | None = None) -> str:
    """The output of the plugin, without a line feed at its end; with `peer`, about the tunnels with this address."""
    status = plugin_status(report, peer=peer)
    alarms = _alarms(report, peer)
    roots = standing(alarms)
    told = _peer_told(report, peer) if peer is not None else _fleet_told(report, len(alarms))
    first = [_sentence(roots[0])] if roots else []
    text = _safe("; ".join([*first, *told]), _FIRST)
    numbers = _peer_numbers(report, peer) if peer is not None else _fleet_numbers(report, len(alarms))
    return _whole(f"VPN {_WORDS[status]} - {text} | {' '.join(numbers)}", _long(report, roots, peer))


def _whole(head: str, lines: Sequence[str]) -> str:
    """The head and as many further lines as are read; one says how many are left out."""
    kept, size = [head], len(head.encode())
    for position, line in enumerate(lines):
        size += len(line.encode()) + 1
        if size > _BYTES:
            kept.append(f"... and {len(lines) - position} more lines; `vpn-check poll` without --nagios has all.")
            break
        kept.append(line)
    return "\n".join(kept)


def _alarms(report: CycleReport, peer: str | None) -> list[Alarm]:
    """The open alarms; of a peer those of its tunnels, of its devices, and the ones they are rolled up under."""
    if peer is None:
        return list(report.open)
    own = {(poll.observation.device, tunnel.memory.id.key) for poll, tunnel in _of_peer(report, peer)}
    devices = {device for device, _ in own}
    chosen = {
        alarm.id
        for alarm in report.open
        if alarm.peer == peer
        or (alarm.device, alarm.tunnel) in own
        or (alarm.tunnel is None and alarm.device in devices)
    }
    chosen |= {alarm.root for alarm in report.open if alarm.id in chosen and alarm.root is not None}
    return [alarm for alarm in report.open if alarm.id in chosen]


def _of_peer(report: CycleReport, peer: str) -> list[tuple[DevicePoll, TunnelNow]]:
    return [(poll, now) for poll in report.polls for now in tunnels_now(poll) if now.memory.id.peer == peer]


def _sentence(alarm: Alarm) -> str:
    more = f" ({number(len(alarm.members), 'alarm')} behind it)" if alarm.members else ""
    flaps = ", flapping" if alarm.flapping else ""
    words = summary(alarm, short=True).rstrip(".")
    return f"{place(alarm)}: {words} [{plain(alarm.cause)}] since {moment(alarm.began)}{flaps}{more}"


def _fleet_told(report: CycleReport, alarms: int) -> list[str]:
    counts = counted(report)
    if not counts.devices:
        return ["no device was polled, so nothing is known of any tunnel"]
    told = [f"{counts.up} of {number(counts.tunnels, 'tunnel')} up" if counts.tunnels else "no tunnel is known"]
    if counts.idle:
        told[0] += f" ({counts.idle} idle)"
    if counts.unknown:
        told.append(f"{number(counts.unknown, 'tunnel')} not known")
    if alarms > 1:
        told.append(f"{alarms} alarms open")
    if counts.silent:
        named = ", ".join(plain(name) for name in counts.silent[:_MOST_NAMES])
        more = f" and {len(counts.silent) - _MOST_NAMES} more" if len(counts.silent) > _MOST_NAMES else ""
        told.append(f"{len(counts.silent)} of {number(counts.devices, 'device')} did not answer: {named}{more}")
    else:
        told.append(f"{counts.answered} of {number(counts.devices, 'device')} answered")
    if counts.maintenance:
        told.append(f"{counts.maintenance} in maintenance")
    return told


def _peer_told(report: CycleReport, peer: str) -> list[str]:
    now = _of_peer(report, peer)
    if not now:
        return [f"no tunnel with peer {plain(peer)} is known"]
    up = sum(tunnel.up is True for _, tunnel in now)
    told = [f"{up} of {number(len(now), 'tunnel')} with peer {plain(peer)} up"]
    if unknown := sum(tunnel.status is Status.UNKNOWN for _, tunnel in now):
        told.append(f"{unknown} not known")
    silent = sorted({poll.observation.device for poll, _ in now if poll.observation.fault is not None})
    told += [f"{plain(device)} did not answer" for device in silent[:_MOST_NAMES]]
    if any(poll.maintenance for poll, _ in now):
        told.append("in maintenance")
    return told


def _fleet_numbers(report: CycleReport, alarms: int) -> list[str]:
    counts = counted(report)
    took = max((report.ended - report.began).total_seconds(), 0.0)
    return [
        f"tunnels_up={counts.up};;;0;{counts.tunnels}",
        f"tunnels_known={counts.tunnels};;;0;",
        f"devices_answered={counts.answered};{counts.devices}:;;0;{counts.devices}",
        f"devices={counts.devices};;;0;",
        f"alarms={alarms};0;;0;",
        f"poll_time={took:.3f}s;;;0;",
    ]


def _peer_numbers(report: CycleReport, peer: str) -> list[str]:
    """The tunnels of the peer, and their counters, which never fall; a counter that no device printed is left out."""
    now = [tunnel for _, tunnel in _of_peer(report, peer)]
    numbers = [f"tunnels_up={sum(tunnel.up is True for tunnel in now)};;;0;{len(now)}"]
    for name in COUNTERS:
        totals = [tunnel.memory.totals[name] for tunnel in now if name in tunnel.memory.totals]
        if totals:
            numbers.append(f"{name}={sum(totals)}c;;;0;")
    return numbers


def _long(report: CycleReport, roots: Sequence[Alarm], peer: str | None) -> list[str]:
    lines = [_safe(f"{alarm.status.value.upper()}: {_sentence(alarm)}", _LINE) for alarm in roots]
    for poll in report.polls:
        fault = poll.observation.fault
        concerned = peer is None or any(tunnel.id.peer == peer for tunnel in poll.memory.tunnels)
        if fault is not None and concerned:
            lines.append(_safe(f"UNKNOWN: {silence(poll.observation.device, fault)}", _LINE))
    return [*lines, *(_safe(trouble, _LINE) for trouble in report.troubles)]


def _safe(text: str, most: int) -> str:
    return plain(text.replace("|", "/"), most)
