"""What is said of an alarm under which others are rolled up: its cause, its sentence, its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.alarms.wording import document, moment, remembered
from vpn_check.model.alarm import Alarm, AlarmKind
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vpn_check.alarms.fleet import Case, Fleet

_QUOTED = 3
_NAMED = 50
_OUT_OF_REACH = "ike.peer-unreachable"
_FITS_OUT_OF_REACH = frozenset({
    _OUT_OF_REACH, "ike.no-attempt", "ike.negotiation-failed", "ike.dpd-peer-lost", "traffic.no-return", "unknown",
})
"""What an end sees that cannot reach its peer, by how far it got."""
_SHARED = {
    AlarmKind.PEER: ("the peer or its line is down", "its address is filtered or not routed any more",
                     "its keys or policy were changed for all"),
    AlarmKind.UPLINK: ("its uplink or the route out of it is down", "its crypto interface or configuration was changed",
                       "its keys or certificate do not hold any more"),
    AlarmKind.SITE: ("the site's uplink or power is down", "the path from here to the site's management is down"),
}
_LOOK = {
    AlarmKind.PEER: ("ping {subject}", "traceroute {subject}"),
    AlarmKind.UPLINK: ("show ip interface brief", "show ip route", "show logging"),
    AlarmKind.SITE: (),
}


def common_cause(alarms: Sequence[Alarm]) -> str:
    """The cause that all share; out of reach only where one says so and none speaks against it; else unknown."""
    causes = {alarm.cause for alarm in alarms}
    if len(causes) == 1:
        return causes.pop()
    return _OUT_OF_REACH if _OUT_OF_REACH in causes and causes <= _FITS_OUT_OF_REACH else "unknown"


def worst(alarms: Sequence[Alarm]) -> Status:
    """The status of the whole."""
    return Status.worst([alarm.status for alarm in alarms])


def sentence(kind: AlarmKind, subject: str, cases: Sequence[Case], cause: str, began: datetime, fleet: Fleet) -> str:
    """What is wrong, of whom, since when; what it may be is said as no more than that."""
    since = f"since {moment(began)}"
    tunnels = [case for case in cases if case.key is not None]
    devices = {case.device for case in tunnels}
    if kind is AlarmKind.SITE:
        silent = {case.device for case in cases if case.key is None}
        return (f"None of the {len(silent)} devices of site {subject} can be asked {since}: the site, or the path to "
                "it, is down.")
    if kind is AlarmKind.UPLINK:
        peers = {case.peer for case in tunnels if case.device == subject}
        own = sum(case.device == subject for case in tunnels)
        return f"All {own} tunnels of {subject}, to {len(peers)} peers, fail {since}: {_what_of_all(cause)}."
    owner = fleet.owner.get(subject)
    whose = f" ({owner})" if owner is not None else ""
    tail = f", and {owner} itself cannot be asked" if owner is not None and owner in fleet.silent else ""
    what = ("most likely it is down or cannot be reached" if cause in _FITS_OUT_OF_REACH
            else f"each of them says {cause}")
    return (f"{len(tunnels)} tunnels of {len(devices)} devices to {subject}{whose} fail {since} and none works{tail}: "
            f"{what}.")


def _what_of_all(cause: str) -> str:
    if cause in _FITS_OUT_OF_REACH:
        return "most likely its uplink, its routing or the device itself"
    return f"each of them says {cause}"


def finding(
    kind: AlarmKind, subject: str, cause: str, summary: str, members: Sequence[Alarm], cases: Sequence[Case]
) -> dict[str, Any]:
    """The document of a root: in its members' words."""
    lines: list[dict[str, Any]] = []
    remedies: list[dict[str, Any]] = []
    for member in members[:_QUOTED]:
        told = member.finding or {}
        lines += [dict(line) for line in list(told.get("evidence", ()))[:2]] or [
            remembered(f"{member.device}: {member.summary}")]
        remedies += [dict(one) for one in list(told.get("remedies", ()))[:1]
                     if one["text"] not in {held["text"] for held in remedies}]
    look = tuple(command.format(subject=subject) for command in _LOOK[kind])
    first = {"text": f"Look at what they share first: {subject}.", "commands": list(look), "changes": [],
             "on_peer": False, "disruptive": False}
    body = document(cause, worst(members), summary, lines, confidence=0.6,
                    peer=subject if kind is AlarmKind.PEER else None, causes=_SHARED[kind], remedies=(first, *remedies))
    body["count"] = len(cases)
    body["rests"] = [f"{case.device}: {case.name}" for case in cases[:_NAMED]]
    return body
