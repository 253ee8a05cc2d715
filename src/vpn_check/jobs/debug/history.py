"""What the device remembers, read before any debug: often it names the cause already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vpn_check.diagnose.verdict import diagnose
from vpn_check.model.debugging import RECENT, History
from vpn_check.model.finding import Severity
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.parse.clean import clean
from vpn_check.parse.device_clock import DeviceClock, read_clock
from vpn_check.parse.supporting import parse_supporting
from vpn_check.parse.text import RawText

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Finding

SURE = 0.7
"""Confidence from which a cause counts as named."""
_SAYS_NOTHING = {"healthy", "unknown", "ike.negotiation-failed", "ipsec.no-sa", "ike.no-attempt", "traffic.none"}
_MEMORY = ("show logging", "show monitor event-trace")


def names_cause(finding: Finding, peer: str) -> bool:
    """Whether a finding says what is wrong with a peer, and not merely that something is."""
    return (finding.peer == peer and finding.severity is not Severity.INFO and finding.confidence >= SURE
            and finding.cause not in _SAYS_NOTHING)


def read_history(name: str, platform: PlatformName, outputs: Sequence[CommandOutput], peer: str, *,
                 uptime: str | None, local_stamps: bool) -> History:
    """Judge what the device remembers.

    Args:
        name: the device's.
        platform: the device's.
        outputs: the answers to the history commands of its table.
        peer: whom it is about.
        uptime: how long the device has been up, as `show version` prints it.
        local_stamps: whether its messages are stamped in the zone of its clock.
    """
    asked = tuple(output.command for output in outputs)
    memory = tuple(output for output in outputs
                   if output.command.startswith(_MEMORY) and output.problem is None and output.text.strip())
    clock = _clock(platform, outputs, uptime=uptime, local_stamps=local_stamps)
    errors = _errors(platform, outputs)
    if not memory:
        return History(asked=asked, errors=errors)
    snapshot = replace(assemble(Transcript(device=name, platform=platform, outputs=memory))[0], name=name)
    diagnosis = diagnose(snapshot, asked=(peer,))
    named = [finding for finding in diagnosis.findings if names_cause(finding, peer)]
    if not named:
        return History(asked=asked, diagnosis=diagnosis, errors=errors)
    ages = {id(finding): newest(clock, finding) for finding in named}
    best = min(named, key=lambda finding: (not _recent(ages[id(finding)]), -finding.confidence))
    return History(asked=asked, finding=best, age=ages[id(best)], diagnosis=diagnosis, errors=errors)


def _recent(age: timedelta | None) -> bool:
    return age is not None and age <= RECENT


def newest(clock: DeviceClock | None, finding: Finding) -> timedelta | None:
    """How old the newest line is that a finding quotes."""
    if clock is None:
        return None
    ages = [age for line in finding.evidence if (age := clock.age_of_line(line.text)) is not None]
    return min(ages, default=None)


def supported(platform: PlatformName, command: str, outputs: Iterable[CommandOutput]) -> dict[str, Any]:
    """What an answer to a supporting command says; empty where it was not answered."""
    for output in outputs:
        if output.command == command and output.problem is None:
            return parse_supporting(platform, command, list(clean(RawText(output.text))))[0]
    return {}


def _clock(platform: PlatformName, outputs: Sequence[CommandOutput], *, uptime: str | None,
           local_stamps: bool) -> DeviceClock | None:
    said = supported(platform, "show clock", outputs).get("clock")
    return read_clock(said["text"], uptime=uptime, local_stamps=local_stamps) if said else None


def _errors(platform: PlatformName, outputs: Sequence[CommandOutput]) -> tuple[str, ...]:
    rows = supported(platform, "show crypto ikev2 diagnose error", outputs).get("errors", ())
    return tuple(f"{row['text']} ({row['count']})" for row in rows if row.get("text"))
