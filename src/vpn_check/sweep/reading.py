"""What a device printed for a ping -> what became of each size. Signs as the command reference of IOS lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.model.finding import Evidence
from vpn_check.model.sweep import Outcome, Reply

if TYPE_CHECKING:
    from vpn_check.model.sweep import Probe

ROUTER_SILENCE = "."
FIREWALL_SILENCE = "?."
"""An ASA prints `?` where no reply came; on IOS the same sign is a packet of an unknown kind."""
_SENDING = re.compile(r"^Sending [0-9]+, (?:\[?[0-9]+(?:\.\.[0-9]+\])?)-byte ICMP Echos to ")
_SIGNS = re.compile(r"^[!.A-Z?&]+$")
_RATE = re.compile(r"^Success rate is [0-9]+ percent \(([0-9]+)/([0-9]+)\)")
_TOO_BIG = "frag. needed and DF set"
_REFUSAL = re.compile(r"^(?:%|ERROR:|Invalid|Unrecognized)")
_UNREACHABLE = set("UHNPA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The replies to a probe; or none, and the line in which the device refused to send (None: it broke off)."""

    replies: tuple[Reply, ...] = ()
    refusal: str | None = None


def read(text: str, probe: Probe, *, command: str, silence: str = ROUTER_SILENCE) -> Reading:
    """Read the answer to a probe.

    Args:
        text: what the device printed, echo and prompt aside.
        probe: what was asked.
        command: what to call the source of a quoted line.
        silence: the signs that mean "no reply in time" on this platform.
    """
    lines = [line.strip() for line in text.splitlines()]
    start = next((number for number, line in enumerate(lines) if _SENDING.match(line)), None)
    if start is None:
        return Reading(refusal=next((line for line in lines if _REFUSAL.match(line)), None))
    rate, at = None, start
    signs = ""
    for at in range(start + 1, len(lines)):
        rate = _RATE.match(lines[at])
        if rate is not None:
            break
        signs += lines[at] if _SIGNS.match(lines[at]) else ""
    if rate is None:
        return Reading()
    told = sum(_TOO_BIG in line for line in lines[start:at])
    if not signs and rate[1] == "0" and told and len(probe.sizes) == 1:   # S35: the log says it, the signs are missing
        signs = "M" * int(rate[2])
    if len(signs) != probe.packets or int(rate[2]) != probe.packets or signs.count("!") != int(rate[1]):
        return Reading(replies=(_reply(probe.sizes[0], signs or lines[at], Outcome.UNCLEAR, lines, at, command),))
    each = probe.repeat
    return Reading(replies=tuple(
        _reply(size, part, _outcome(part, silence), lines, _shown(lines, start, at), command)
        for number, size in enumerate(probe.sizes) if (part := signs[number * each : (number + 1) * each])
    ))  # fmt: skip


def _outcome(signs: str, silence: str) -> Outcome:
    seen = set(signs) - set(silence)
    if not seen:
        return Outcome.SILENT
    if seen == {"!"}:
        return Outcome.PASSED
    if "!" not in seen and "M" in seen:
        return Outcome.TOO_BIG
    if seen <= _UNREACHABLE:
        return Outcome.UNREACHABLE
    return Outcome.UNCLEAR


def _shown(lines: list[str], start: int, rate: int) -> int:
    """The line that shows the signs; the summary where there is none."""
    return next((number for number in range(start + 1, rate) if _SIGNS.match(lines[number])), rate)


def _reply(size: int, signs: str, outcome: Outcome, lines: list[str], at: int, command: str) -> Reply:
    quoted = Evidence(source=command, line=at + 1, text=lines[at])
    return Reply(size=size, outcome=outcome, signs=signs, evidence=quoted)
