"""What rests on one cause is listed under it: flows of one peer whose IKE fails, and peers that all fail alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARED = ("ike.", "ipsec.no-sa")
_ALIKE = 3   # peers that fail the same way before one cause on this side is suspected
_SHOWN = 4


def roll_up(findings: Sequence[Finding]) -> list[Finding]:
    """One finding a peer and cause of phase 1, with the names of the flows that rest on it."""
    first: dict[tuple[str | None, str, Severity], int] = {}
    rests: dict[int, list[str]] = {}
    out: list[Finding] = []
    for finding in findings:
        key = (finding.peer, finding.cause, finding.severity)
        shared = finding.peer is not None and finding.about is not None and finding.cause.startswith(_SHARED)
        if shared and finding.signature is None and key in first:
            rests.setdefault(first[key], []).append(finding.tunnel or "")
            continue
        if shared:
            first.setdefault(key, len(out))
        out.append(finding)
    for at, names in rests.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        out[at] = replace(out[at], count=out[at].count + len(names), rests=tuple(names),
                          summary=f"{out[at].summary} {len(names)} more flow{'' if len(names) == 1 else 's'} of this "
                          f"peer rest{'s' if len(names) == 1 else ''} on it: {', '.join(names[:_SHOWN])}{more}.")
    return out


def alike(findings: Sequence[Finding], peers: int) -> str:
    """A sentence where every peer of the device fails in phase 1; empty where one works.

    Args:
        findings: of the device.
        peers: how many peers it has.
    """
    failing = {finding.peer for finding in findings if finding.severity is Severity.CRITICAL and finding.peer
               and finding.cause.startswith("ike.")}
    if len(failing) < _ALIKE or len(failing) < peers:
        return ""
    return (f"All {len(failing)} peers fail in phase 1: look at what they share first, this device's uplink, its "
            "outside address, and a filter on UDP 500/4500 in front of it.")
