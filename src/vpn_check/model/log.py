"""Log lines of a device: debugs and syslog, however long.

A log is walked block by block and may be walked again; a long one stays where it lies and is never held as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a debug or of syslog, cleaned; `source` and `line` say where it stands."""

    text: str
    source: int
    line: int


class LogPart(Protocol):
    """The log lines of one source."""

    def blocks(self) -> Iterator[LogBlock]:
        """The lines in their order, some at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBlock:
    """Some lines of one source with their numbers; a part of a log by itself where they are all there is."""

    source: int
    numbers: Sequence[int]
    lines: Sequence[str]

    def blocks(self) -> Iterator[LogBlock]:
        """See LogPart."""
        yield self


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All log lines of a device, part by part."""

    parts: tuple[LogPart, ...] = ()

    @staticmethod
    def of(lines: Iterable[LogLine]) -> Log:
        """A log of lines that are held already."""
        parts = []
        for source, run in groupby(lines, key=lambda line: line.source):
            held = list(run)
            numbers, texts = tuple(line.line for line in held), tuple(line.text for line in held)
            parts.append(LogBlock(source=source, numbers=numbers, lines=texts))
        return Log(parts=tuple(parts))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def blocks(self) -> Iterator[LogBlock]:
        """All blocks of all parts."""
        for part in self.parts:
            yield from part.blocks()

    def __iter__(self) -> Iterator[LogLine]:
        for block in self.blocks():
            for number, text in zip(block.numbers, block.lines, strict=True):
                yield LogLine(text=text, source=block.source, line=number)
