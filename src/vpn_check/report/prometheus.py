"""A cycle of polls as a file for node_exporter's textfile collector: states, counters, alarms, times.

Base units (seconds, packets), counters that never fall (they add up over rekeys, resets and reloads), no SPI among the
labels. What is not known has no sample: a tunnel whose device did not answer has no `vpn_check_tunnel_up`, and
`vpn_check_tunnel_status{status="unknown"}` is 1.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from vpn_check.errors import UsageError
from vpn_check.model.finding import Status
from vpn_check.report.exposition import COUNTER, GAUGE, Exposition, labels
from vpn_check.report.tunnel_now import TunnelNow, tunnels_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.pollreport import CycleReport, DevicePoll

_READABLE = 0o644
_TOTALS = (
    ("encaps", "vpn_check_tunnel_encaps_packets_total", "Packets that were encrypted and sent."),
    ("decaps", "vpn_check_tunnel_decaps_packets_total", "Packets that came and were decrypted."),
    ("send_errors", "vpn_check_tunnel_send_errors_total", "Packets that could not be sent."),
    ("recv_errors", "vpn_check_tunnel_recv_errors_total", "Packets that came and could not be used."),
    ("rekeys", "vpn_check_tunnel_rekeys_total", "SAs that were replaced by new ones."),
    ("resets", "vpn_check_tunnel_counter_resets_total", "Times that the device's counters began anew."),
)


def write_metrics(path: Path, report: CycleReport) -> None:
    """Write the file whole or not at all: a reader sees the old one or the new one.

    Args:
        path: its place; node_exporter reads names that end in `.prom`.
        report: the cycle.

    Raises:
        UsageError: the folder is not there, or nothing can be written into it.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            write(stream, report)
            os.fchmod(stream.fileno(), _READABLE)
        Path(temporary).replace(path)
        temporary = None
    except OSError as exc:
        raise UsageError(
            f"The metrics file {path} cannot be written ({exc.strerror}).",
            hint="Give --metrics-file a name in a folder that is there and that this user may write to.",
        ) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def write(stream: TextIO, report: CycleReport) -> None:
    """Write the metrics to a stream, in the same order each time."""
    out = Exposition(stream)
    polls = sorted(report.polls, key=lambda poll: poll.observation.device)
    _cycle(out, report)
    _devices(out, polls)
    _tunnels(out, polls)
    _alarms(out, report)


def _cycle(out: Exposition, report: CycleReport) -> None:
    took = max((report.ended - report.began).total_seconds(), 0.0)
    out.family("vpn_check_poll_duration_seconds", GAUGE, "How long the last cycle of polls took.", [("", took)])
    out.family("vpn_check_poll_timestamp_seconds", GAUGE, "When the last cycle of polls ended.",
               [("", report.ended.timestamp())])
    answers = [poll.memory.answered_at.timestamp() for poll in report.polls if poll.memory.answered_at is not None]
    if any(poll.observation.fault is None for poll in report.polls):
        answers.append(report.ended.timestamp())
    out.family("vpn_check_poll_last_success_timestamp_seconds", GAUGE,
               "When a cycle of polls last ended with an answer of at least one device.",
               [("", max(answers))] if answers else [])
    out.family("vpn_check_poll_troubles", GAUGE, "What did not work in the last cycle beside the devices.",
               [("", len(report.troubles))])


def _devices(out: Exposition, polls: list[DevicePoll]) -> None:
    named = [(labels({"device": poll.observation.device}), poll) for poll in polls]
    out.family("vpn_check_device_up", GAUGE, "Whether the device answered the last poll.",
               [(name, int(poll.observation.fault is None)) for name, poll in named])
    out.family("vpn_check_device_last_success_timestamp_seconds", GAUGE, "When the device last answered.",
               [(name, poll.memory.answered_at.timestamp()) for name, poll in named
                if poll.memory.answered_at is not None])
    out.family("vpn_check_device_boot_time_seconds", GAUGE, "When the device last started, by its uptime.",
               [(name, poll.memory.booted_at.timestamp()) for name, poll in named
                if poll.memory.booted_at is not None])
    out.family("vpn_check_device_poll_duration_seconds", GAUGE, "How long the last poll of the device took.",
               [(name, poll.observation.seconds) for name, poll in named])
    out.family("vpn_check_device_maintenance", GAUGE, "Whether the device is in a maintenance window.",
               [(name, int(poll.maintenance)) for name, poll in named])


def _tunnels(out: Exposition, polls: list[DevicePoll]) -> None:
    tunnels = list(_labelled(polls))
    out.family("vpn_check_tunnel_configured", GAUGE, "1 for each tunnel that is known, whether or not it is up.",
               [(name, 1) for name, _ in tunnels])
    out.family("vpn_check_tunnel_up", GAUGE, "Whether the tunnel has IPsec SAs; no sample where that is not known.",
               [(name, int(now.up)) for name, now in tunnels if now.up is not None])
    states = [(state, labels({"status": state.value})) for state in Status]
    out.family("vpn_check_tunnel_status", GAUGE, "The state that is held of the tunnel: one of them is 1.",
               ((f"{name},{label}", int(now.status is state)) for name, now in tunnels for state, label in states))
    causes = [(cause, labels({"cause": cause})) for cause in sorted({"healthy", *(now.cause for _, now in tunnels)})]
    out.family("vpn_check_tunnel_cause", GAUGE, "Why the tunnel is in this state: one of them is 1.",
               ((f"{name},{label}", int(now.cause == cause)) for name, now in tunnels for cause, label in causes))
    out.family("vpn_check_tunnel_state_since_timestamp_seconds", GAUGE, "When the state that is held began.",
               [(name, now.memory.since.timestamp()) for name, now in tunnels])
    for key, metric, text in _TOTALS:
        out.family(metric, COUNTER, text,
                   [(name, now.memory.totals[key]) for name, now in tunnels if key in now.memory.totals])


def _labelled(polls: list[DevicePoll]) -> Iterator[tuple[str, TunnelNow]]:
    """The tunnels with their labels, in order. Equal labels would make the whole file unreadable to its reader.

    Tunnels that differ in nothing but their VRF or crypto map get a further label, `tunnel`, with the whole identity.
    """
    found = [(_names(poll.observation.device, now), now) for poll in polls for now in tunnels_now(poll)]
    often = Counter(tuple(names.values()) for names, _ in found)
    lines = [
        (labels(names if often[tuple(names.values())] == 1 else {**names, "tunnel": "|".join(now.memory.id.key)}), now)
        for names, now in found
    ]
    return iter(sorted(lines, key=lambda line: line[0]))


def _names(device: str, now: TunnelNow) -> dict[str, str]:
    own = now.memory.id
    return {
        "device": device,
        "peer": own.peer or "",
        "interface": own.interface or "",
        "local_ident": own.local_ident or "",
        "remote_ident": own.remote_ident or "",
    }


def _alarms(out: Exposition, report: CycleReport) -> None:
    """Each open alarm; of two that have the same labels the one that began first."""
    began: dict[str, float] = {}
    for alarm in report.open:
        name = labels({
            "kind": alarm.kind.value,
            "device": alarm.device or "",
            "subject": alarm.subject,
            "peer": alarm.peer or "",
            "status": alarm.status.value,
            "cause": alarm.cause,
            "rolled_up": "true" if alarm.root is not None else "false",
        })
        began[name] = min(alarm.began.timestamp(), began.get(name, float("inf")))
    ordered = sorted(began.items())
    out.family("vpn_check_alarm_open", GAUGE, "1 for each alarm that is raised and not cleared.",
               [(name, 1) for name, _ in ordered])
    out.family("vpn_check_alarm_began_timestamp_seconds", GAUGE, "When the outage behind the alarm began.", ordered)
