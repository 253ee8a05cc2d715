"""What happened when, from the logs: messages, and the lines of debugs that tell of a turn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.model.case import Event
from vpn_check.parse.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from vpn_check.model.finding import Diagnosis

_MESSAGE = re.compile(r"%(?:[A-Z][A-Z0-9_]*-|>)\S*\d")
_TURN = re.compile(
    r"retransmi|delet|notify|error|fail|reject|not acceptable|no offers|atts are acceptable|authenticated|created|"
    r"expired|timed? ?out|invalid|mismatch|no proposal|dead|duplicate|state = |Old State|SA is doing|malformed|unknown",
    re.IGNORECASE,
)
_MOST = 5000
_LONGEST = 300


def events_of(diagnoses: Sequence[Diagnosis], now: datetime) -> tuple[Event, ...]:
    """The events of some devices, in the order of time; what has no date stands behind, in that of its log."""
    found = [event for diagnosis in diagnoses for event in _events(diagnosis, now)]
    dated = sorted((event for event in found if event.at is not None), key=lambda event: str(event.at))
    return (*dated, *(event for event in found if event.at is None))[:_MOST]


def _events(diagnosis: Diagnosis, now: datetime) -> Iterator[Event]:
    snapshot = diagnosis.snapshot
    if snapshot is None:
        return
    quoted = {(line.origin or line.source, line.line) for finding in diagnosis.findings for line in finding.evidence}
    for entry in snapshot.log:
        source = snapshot.sources[entry.source]
        place = source.origin or source.command
        if not entry.text.strip():
            continue
        if _MESSAGE.search(entry.text) or _TURN.search(entry.text) or (place, entry.line) in quoted:
            at, when = stamp_of(entry.text, now)
            yield Event(
                device=diagnosis.device,
                at=at,
                when=when,
                text=entry.text.strip()[:_LONGEST],
                source=place,
                line=entry.line,
            )
