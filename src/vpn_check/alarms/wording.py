"""The sentences and finding documents that judgement over time adds to those of the diagnosis."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Side, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from vpn_check.model.memory import TunnelMemory
    from vpn_check.model.observation import DeviceObservation, TunnelId

_HOUR, _DAY = 3600, 86400


def moment(at: datetime | None) -> str:
    """A time for a sentence, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at is not None else "an unknown time"


def span(seconds: float) -> str:
    """A span for a sentence: the largest unit of which there are at least two."""
    for unit, length in (("days", _DAY), ("hours", _HOUR), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def document(
    cause: str, status: Status, summary: str, evidence: Sequence[Mapping[str, Any]], *, confidence: float = 0.6,
    tunnel: TunnelId | None = None, peer: str | None = None, causes: Sequence[str] = (),
    remedies: Sequence[Mapping[str, Any]] = (), side: Side = Side.UNDECIDED,
) -> dict[str, Any]:
    """A finding with the keys of the published JSON."""
    return {
        "cause": cause, "severity": "warning" if status is Status.WARNING else "critical", "confidence": confidence,
        "peer": tunnel.peer if tunnel is not None else peer, "tunnel": tunnel.name if tunnel is not None else None,
        "side": side.value, "summary": summary, "evidence": [dict(line) for line in evidence], "causes": list(causes),
        "remedies": [dict(remedy) for remedy in remedies], "caveats": [], "references": [], "signature": None,
        "check": None, "count": 1, "rests": [],
    }


def remedy(text: str, *commands: str) -> dict[str, Any]:
    """A remedy whose commands only read."""
    return {"text": text, "commands": list(commands), "changes": [], "on_peer": False, "disruptive": False}


def remembered(text: str) -> dict[str, Any]:
    """A line of evidence that no device printed: what earlier polls left."""
    return {"source": "earlier polls", "line": 1, "text": text}


def table_lines(seen: DeviceObservation) -> list[Mapping[str, Any]]:
    """What the device itself says of its table, where the job can quote it."""
    if seen.table_line is not None:
        return [seen.table_line]
    return list(seen.finding.get("evidence", ()))[:2] if seen.finding is not None else []


def away(
    tunnel: TunnelId, before: TunnelMemory | None, seen: DeviceObservation, status: Status, *, cause: str,
    since: datetime | None, longest: float | None,
) -> dict[str, Any]:
    """A tunnel that has no SAs and should have. `longest`: its habit is what says so; None: somebody wants it up."""
    up_at = before.good_at if before is not None else None
    was = f"was up until {moment(up_at)}; now" if up_at is not None else "has not been seen up:"
    if longest is None:
        why = ". It ought to be up."
    else:
        lasting = f"for {span((seen.at - since).total_seconds())}" if since is not None else "now"
        never = f"for longer than {span(longest)}" if longest else "at all"
        why = f" {lasting}, though it was never away {never}."
    summary = f"The tunnel {tunnel.name} {was} the device lists neither SA nor negotiation for it{why}"
    lines = [*table_lines(seen), *([remembered(f"{tunnel.name}: last up at {moment(up_at)}")] if up_at else [])]
    whom = f" peer {tunnel.peer}" if tunnel.peer else ""
    return document(
        cause, status, summary, lines or [remembered(f"{tunnel.name}: not in the table at {moment(seen.at)}")],
        confidence=0.7 if longest is None else 0.5, tunnel=tunnel, side=Side.HERE,
        causes=("no traffic asks for it: routing in the LAN, host gateway, interface ACL",
                "the peer ended it, or a command cleared it, and nothing brought it back",
                "its crypto map entry or interface was taken away"),
        remedies=(remedy("See whether it is back, and whether its traffic reaches the crypto map.",
                         f"show crypto ipsec sa{whom}", "show crypto isakmp sa"),),
    )


def emptied(tunnel: TunnelId, before: TunnelMemory, seen: DeviceObservation, count: int) -> dict[str, Any]:
    """A tunnel that vanished together with all others that were busy."""
    up_at = before.good_at
    return document(
        "ike.no-attempt", Status.WARNING,
        f"The tunnel {tunnel.name} was up until {moment(up_at)}; now the device lists none of the {count} tunnels that "
        "were busy, and no negotiation for them.",
        [*table_lines(seen), remembered(f"{tunnel.name}: last up at {moment(up_at)}")], tunnel=tunnel,
        causes=("the interface or uplink that all of them use is down", "crypto was taken off the interface",
                "the device was started anew, and nothing asks for the tunnels yet"),
        remedies=(remedy("See whether the tunnels are back, and what the device logged.", "show crypto ipsec sa",
                         "show crypto isakmp sa", "show logging"),),
    )


def stalled(tunnel: TunnelId, before: TunnelMemory, counters: Mapping[str, int], at: datetime) -> dict[str, Any]:
    """A tunnel that is up and through which nothing passes for longer than its habit explains."""
    habit = before.habit
    lasting = span((at - habit.quiet_since).total_seconds()) if habit.quiet_since is not None else "now"
    never = f"for longer than {span(habit.longest_quiet)}" if habit.longest_quiet else "at all"
    shown = ", ".join(f"{name} {counters[name]}" for name in ("encaps", "decaps") if name in counters)
    return document(
        "traffic.none", Status.WARNING,
        f"The tunnel {tunnel.name} is up and no packet passed in either direction for {lasting}, though it was never "
        f"quiet {never}.",
        [remembered(f"{tunnel.name}: {shown}, the same since {moment(habit.quiet_since)}")],
        confidence=0.5, tunnel=tunnel,
        causes=("traffic is routed elsewhere, or its source is down",
                "traffic is translated or filtered before it reaches the tunnel, at both ends"),
        remedies=(remedy("See whether the counters move while traffic is sent.",
                         f"show crypto ipsec sa{f' peer {tunnel.peer}' if tunnel.peer else ''}", "show ip route"),),
    )


def silent_device(seen: DeviceObservation, missing: int, known: int) -> dict[str, Any]:
    """A device that cannot be asked, or does not tell its tunnels."""
    if seen.fault is not None:
        text = seen.fault.message
        summary = f"{seen.device} cannot be asked: {text}"
        lines: list[Mapping[str, Any]] = [{"source": seen.fault.step, "line": 1, "text": text}]
    else:
        part = f"{missing} of its {known} tunnels" if known else "whether it has any tunnel"
        summary = f"{seen.device} answers, but does not tell {part}: the table of its IPsec SAs could not be read."
        lines = table_lines(seen) or [remembered(f"{seen.device}: the table was not read to its end")]
    return document(
        "unknown", Status.UNKNOWN, summary, lines, confidence=0.9,
        causes=("the device or the path to it is down", "its management access, log-in or privilege was changed"),
        remedies=(remedy("Log in by hand, and see what the device says.", "show version", "show crypto ipsec sa"),),
    )


def flaps(summary: str, changes: int, polls: int) -> str:
    """The summary of what flaps: how often, then what it is."""
    return f"Goes up and down, {changes} changes in the last {polls} polls: {summary}"
