"""The newest part of a log: what is older than so long before its last line is left out.

Device clocks are often wrong, so the log is measured by itself: back from its newest stamp, each form of stamp by
itself. A line without a stamp goes with the line before it; where nothing is stamped, everything stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.diagnose.clock import seconds
from vpn_check.model.log import Log, LogBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.log import LogPart

_STAMPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dated", re.compile(r"[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{4} [0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?")),
    ("day", re.compile(r"[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?")),
    ("iso", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?")),
    ("uptime", re.compile(r"(?:[0-9]+[ywdYWD])+(?:[0-9]+[hH])?(?=:)")),
    ("clock", re.compile(r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?=:)")),
)
_HEAD = 80   # characters of a line in which its stamp stands


def recent(log: Log, span: float) -> Log:
    """The lines of the last `span` seconds of each part of a log."""
    return Log(parts=tuple(_Recent(part=part, cutoffs=_cutoffs(part, span)) for part in log.parts))


def _stamp(line: str) -> tuple[str, float] | None:
    for form, pattern in _STAMPS:
        found = pattern.search(line, 0, _HEAD)
        if found is not None and (time := seconds(found.group())) is not None:
            return form, time
    return None


def _cutoffs(part: LogPart, span: float) -> dict[str, float]:
    """The oldest time that is kept, for each form of stamp."""
    newest: dict[str, float] = {}
    for block in part.blocks():
        for line in block.lines:
            if (stamp := _stamp(line)) is not None:
                newest[stamp[0]] = stamp[1]   # the last one, not the greatest: a clock may have been set back
    return {form: time - span for form, time in newest.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recent:
    """A part of a log without what is too old."""

    part: LogPart
    cutoffs: dict[str, float]

    def blocks(self) -> Iterator[LogBlock]:
        """See LogPart."""
        kept = not self.cutoffs
        for block in self.part.blocks():
            numbers, lines = [], []
            for number, line in zip(block.numbers, block.lines, strict=True):
                if (stamp := _stamp(line)) is not None:
                    kept = stamp[1] >= self.cutoffs[stamp[0]]
                if kept:
                    numbers.append(number)
                    lines.append(line)
            if lines:
                yield LogBlock(source=block.source, numbers=numbers, lines=lines)
