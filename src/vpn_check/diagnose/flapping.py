"""A tunnel that goes down as regularly as a clock: the lifetime ends and the renewal fails.

Recognised by: at least three messages that a session with the peer ended, with spans between them that are equal to
within a twentieth and longer than two minutes, and the session back within two minutes each time: somebody needs it. A
line fault, a reboot or dead peers have no such rhythm. A tunnel that is used once an hour and idles out ends as
regularly, and stays down until the next use: that is no fault. Rekeys that succeed end no session.
Sources: counters.md 3.3; config-checks C25.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from vpn_check.diagnose.logtext import read
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.log import LogLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.diagnose.logtext import Message
    from vpn_check.model.finding import Evidence
    from vpn_check.model.snapshot import DeviceSnapshot

_ENDED = re.compile(
    r"Crypto tunnel is DOWN\s*\. +Peer (?P<ios>[0-9a-fA-F.:]+?)(?::[0-9]+)? "
    r"|IP = (?P<asa>[0-9a-fA-F.:]+), Session disconnected\. Session Type: LAN-to-LAN"
    r"(?!.* Reason: (?:Idle Timeout|Administrator))"
)
_BACK = re.compile(
    r"Crypto tunnel is UP\s*\. +Peer (?P<ios>[0-9a-fA-F.:]+?)(?::[0-9]+)? "
    r"|IP = (?P<asa>[0-9a-fA-F.:]+), PHASE 2 COMPLETED"
    r"|Remote:(?P<v2>[0-9a-fA-F.:]+):[0-9]+ .* SA UP"
)
_TELLS = re.compile(r"Crypto tunnel is |Session disconnected|PHASE 2 COMPLETED| SA UP")
_CLOCK = re.compile(r"(?P<month>[A-Z][a-z]{2}) +(?P<day>[0-9]{1,2}) (?P<year>[0-9]{4} )?(?P<clock>[0-9:]{8})")
_TIMES = 3
_SHORTEST = 120.0   # seconds
_SOON = 120.0   # seconds
_EQUAL = 0.05
_SHOWN = 4


def judge(snapshot: DeviceSnapshot) -> Iterator[Finding]:
    """Judge the session messages of a log, peer by peer."""
    ends: dict[str, list[Message]] = {}
    backs: dict[str, list[datetime]] = {}
    for message in read(_telling(snapshot)):
        if (ended := _ENDED.search(message.text)) is not None:
            ends.setdefault(ended["ios"] or ended["asa"], []).append(message)
        elif (back := _BACK.search(message.text)) is not None and (time := _time(message.time)) is not None:
            backs.setdefault(back["ios"] or back["asa"] or back["v2"], []).append(time)
    for peer, messages in ends.items():
        spans = _spans(messages, backs.get(peer, []))
        mean = sum(spans) / len(spans) if spans else 0.0
        if len(spans) + 1 >= _TIMES and all(abs(span - mean) <= _EQUAL * mean for span in spans) and mean > _SHORTEST:
            yield _finding(peer, len(spans) + 1, mean, _quoted(snapshot, messages))


def _telling(snapshot: DeviceSnapshot) -> Iterator[LogLine]:
    """The few lines of the log that begin or end a session; a log may be long, so no line is built in vain."""
    for block in snapshot.log.blocks():
        for number, text in zip(block.numbers, block.lines, strict=True):
            if _TELLS.search(text) is not None:
                yield LogLine(text=text, source=block.source, line=number)


def _spans(messages: list[Message], backs: list[datetime]) -> list[float]:
    """Seconds between the ends of sessions; none where a time is missing, or where the session was not soon back."""
    times = [_time(message.time) for message in messages]
    known = [time for time in times if time is not None]
    spans = [(after - before).total_seconds() for before, after in pairwise(known)]
    soon = all(any(0 <= (back - end).total_seconds() <= _SOON for back in backs) for end in known[:-1])
    return spans if soon and len(known) == len(times) and all(span > 0 for span in spans) else []


def _time(stamp: str) -> datetime | None:
    found = _CLOCK.search(stamp)
    if found is None:
        return None
    year = (found["year"] or "2000").strip()   # a leap year: IOS prints none
    try:
        text = f"{year} {found['month']} {found['day']} {found['clock']}"
        return datetime.strptime(text, "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _quoted(snapshot: DeviceSnapshot, messages: list[Message]) -> tuple[Evidence, ...]:
    quoted = (snapshot.quote(*message.where[0]) for message in messages[-_SHOWN:])
    return tuple(line for line in quoted if line is not None)


def _finding(peer: str, times: int, mean: float, evidence: tuple[Evidence, ...]) -> Finding:
    return Finding(
        cause="ipsec.lifetime-rekey",
        severity=Severity.WARNING,
        confidence=0.7,
        peer=peer,
        summary=f"The tunnel with {peer} went down {times} times, every {mean / 60:.0f} minutes: as regular as a "
        "lifetime: most likely its renewal fails.",
        evidence=evidence,
        side=Side.UNDECIDED,
        causes=("the end that renews is refused by the other: only one of them may ask for PFS or these proxies",
                "lifetimes differ, and one end deletes what the other still uses",
                "a scheduled script or session timeout with the same period"),
        remedies=(Remedy(text="Compare lifetimes and PFS of the two ends, and watch one renewal in the log of both.",
                         commands=("show crypto ipsec sa", "show crypto map", "show logging")),),
        references=("RFC 7296 2.8",),
    )
