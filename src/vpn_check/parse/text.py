"""Raw text that can be walked once, block by block, and be asked for any of its lines afterwards.

Evidence is quoted as it was given, so the raw text is kept: in memory where it came from a session, on disk where it is
a file. A 20 MB capture is never held as a whole.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Protocol

from vpn_check.parse.clean import display
from vpn_check.platforms.base import PAGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vpn_check.model.transcript import CommandOutput

BLOCK = 1 << 16
"""Characters, or bytes of a file, that are read and cleaned at a time; blocks end at line ends."""


class Text(Protocol):
    """A text as given. `first_line` is the number of its first line."""

    first_line: int

    def blocks(self) -> Iterator[tuple[int, str]]:
        """Runs of whole lines without the last line end, each with the number of its first line."""

    def line(self, number: int) -> str:
        """The raw line, freed only of characters that a terminal would act on; empty where there is none."""

    def numbers(self) -> range:
        """The numbers of its lines."""

    def tail(self) -> str:
        """Its last characters, to see how it ends."""


_TAIL = 200


class RawText:
    """A text in memory."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = unix_lines(text)
        self.first_line = first_line
        self._index: list[tuple[int, int]] = []
        self._held: tuple[int, list[str]] = (0, [])

    def blocks(self) -> Iterator[tuple[int, str]]:
        """See Text."""
        for number, start, end in self._bounds():
            yield number, self.text[start:end]

    def _bounds(self) -> Iterator[tuple[int, int, int]]:
        text, start, number = self.text, 0, self.first_line
        while True:
            end = text.find("\n", start + BLOCK)
            yield number, start, end if end >= 0 else len(text)
            if end < 0:
                return
            number += text.count("\n", start, end) + 1
            start = end + 1

    def line(self, number: int) -> str:
        """See Text."""
        if not self._index:
            self._index = [(first, start) for first, start, _ in self._bounds()]
        at = bisect_right(self._index, (number, len(self.text))) - 1
        if number < self.first_line or at < 0:
            return ""
        first, start = self._index[at]
        if self._held[0] != first:
            end = self._index[at + 1][1] - 1 if at + 1 < len(self._index) else None
            self._held = (first, self.text[start:end].split("\n"))
        lines = self._held[1]
        return display(lines[number - first]) if number - first < len(lines) else ""

    def numbers(self) -> range:
        """See Text."""
        return range(self.first_line, self.first_line + self.text.count("\n") + 1)

    def tail(self) -> str:
        """See Text."""
        return self.text[-_TAIL:]


class FileText:
    """A text file, read block by block; what cannot be decoded is replaced. It must not change while it is read."""

    first_line = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        self._index: list[tuple[int, int]] = []
        self._lines = 0
        self._held: tuple[int, list[str]] = (0, [])

    def blocks(self) -> Iterator[tuple[int, str]]:
        """See Text."""
        index: list[tuple[int, int]] = []
        number = offset = 0
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                block += file.readline()
                index.append((number + 1, offset))
                offset += len(block)
                text = _decoded(block)
                yield number + 1, text.removesuffix("\n")
                number += text.count("\n") + (not text.endswith("\n"))
        self._index, self._lines = index, number

    def line(self, number: int) -> str:
        """See Text."""
        if not self._index:
            for _ in self.blocks():
                pass
        at = bisect_right(self._index, (number, 1 << 62)) - 1
        if at < 0:
            return ""
        first, offset = self._index[at]
        if self._held[0] != first:
            with self.path.open("rb") as file:
                file.seek(offset)
                self._held = (first, _decoded(file.read(BLOCK) + file.readline()).split("\n"))
        lines = self._held[1]
        return display(lines[number - first]) if number - first < len(lines) else ""

    def numbers(self) -> range:
        """See Text."""
        return range(1, self._lines + 1)

    def tail(self) -> str:
        """See Text."""
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            return _decoded(file.read())


def _decoded(block: bytes) -> str:
    return unix_lines(block.decode("utf-8", errors="replace"))


def unix_lines(text: str) -> str:
    """Line ends as this program counts them: CR LF, CR CR LF, and CR alone where there is no LF."""
    if "\r" not in text:
        return text
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def text_of(output: CommandOutput) -> Text:
    """The text of an output, wherever it lies."""
    return FileText(output.file) if output.file is not None else RawText(output.text, output.first_line)


def ends_at_pager(text: Text) -> bool:
    """Whether a capture stops at a page end: what the device had to say further is not there."""
    return PAGER.search(text.tail()) is not None
