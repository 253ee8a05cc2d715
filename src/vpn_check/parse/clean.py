"""The one cleaning pass before anything is matched, and raw text that can be quoted afterwards.

Terminals leave carriage returns, escapes, pager prompts with their wipe characters, NULs; copies through mail, wikis
and word processors leave byte order marks, no-break spaces and escaped underscores. The cleaned lines keep the
number of the raw line they came from, so that evidence is quoted as it was given.
"""

from __future__ import annotations

import re
from array import array
from itertools import pairwise

Line = tuple[int, str]
"""A line number and the cleaned text of that line."""

_PLAIN = bytes((0x09, 0x0A, *range(0x20, 0x7F)))
MAX_LINE = 8192
"""Longer lines are cut: no device prints them, and a regular expression must not meet them."""

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u200b-\u200f\u2028\u2029\u202f\u2060\ufeff\ufffd]"
    "|\\\\[_#*<>\\-\\[\\]]|--More--|<--- More"
)
_ANSI = re.compile(
    "\x1b(?:\\[[0-9;?]{0,24}[ -/]{0,4}[@-~]|\\][^\x07\x1b]{0,256}(?:\x07|\x1b\\\\)?|[()][A-Z0-9]|[@-Z\\\\^_=>78])"
)
_PAGER = re.compile(r"^ {0,4}(?:<--- More --->|--More--) {0,80}")
_ESCAPED = re.compile(r"\\([_#*<>\-\[\]])")
_TO_BLANK = {ord(char): " " for char in "\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2007\u2028\u2029\u202f"}
_TO_NOTHING = dict.fromkeys(
    (*range(9), *range(14, 28), 127, *range(128, 133), *range(134, 160), *range(0x200B, 0x2010), 0x2060, 0xFEFF)
)
_SWEEP = {**_TO_NOTHING, **_TO_BLANK}


class RawText:
    """A text as given, which can be asked for any of its lines. `first_line` is the number of the first one."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        if "\r" in text:
            text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
            if "\n" not in text:
                text = text.replace("\r", "\n")
        self.text = text
        self.first_line = first_line
        self._starts: array[int] | None = None

    def line(self, number: int) -> str:
        """The raw line, freed only of characters that a terminal would act on; empty where there is none."""
        if self._starts is None:
            starts = array("q", [0])
            starts.extend(match.end() for match in re.finditer("\n", self.text))
            starts.append(len(self.text) + 1)
            self._starts = starts
        index = number - self.first_line
        if not 0 <= index < len(self._starts) - 1:
            return ""
        return display(self.text[self._starts[index] : self._starts[index + 1] - 1])

    def numbers(self) -> range:
        """The numbers of its lines."""
        return range(self.first_line, self.first_line + self.text.count("\n") + 1)


def is_odd(text: str) -> bool:
    """Whether a text holds anything that cleaning would change."""
    if not text.isascii():
        return _ODD.search(text) is not None
    if text.encode("ascii").translate(None, _PLAIN):
        return True
    return "\\" in text or "--More--" in text or "<--- More" in text


def display(raw: str) -> str:
    """A raw line made harmless for a terminal, with every visible character kept."""
    if _ODD.search(raw) is None:
        return raw
    pieces = [piece for piece in _erase(_ANSI.sub("", raw)).split("\r") if piece.strip()]
    return _PAGER.sub("", " ".join(pieces).translate(_SWEEP))


def _erase(text: str) -> str:
    """Let backspaces do what they do on a terminal."""
    if "\b" not in text:
        return text
    out: list[str] = []
    for char in text:
        if char != "\b":
            out.append(char)
        elif out:
            out.pop()
    return "".join(out)


def clean(raw: RawText) -> list[Line]:
    """The lines of a text, cleaned. Blank lines are kept; one raw line may give several lines, with one number."""
    text = raw.text
    text = text.removeprefix("\ufeff")
    lines = text.split("\n")
    first = raw.first_line
    if not is_odd(text) and max(map(len, lines)) <= MAX_LINE:
        return list(enumerate(lines, first))
    out: list[Line] = []
    for number, line in enumerate(lines, first):
        if _ODD.search(line) is None:
            out.append((number, line[:MAX_LINE]))
            continue
        stripped = _ESCAPED.sub(r"\1", _erase(_ANSI.sub("", line)))
        pieces = [piece.translate(_SWEEP) for piece in stripped.split("\r")]
        kept = [piece for piece in (_PAGER.sub("", piece) for piece in pieces) if piece.strip()]
        out.extend((number, piece[:MAX_LINE]) for piece in kept or [""])
    return out


def over_long(raw: RawText) -> int:
    """How many lines of the text are longer than what is read of a line."""
    ends = [match.start() for match in re.finditer("\n", raw.text)]
    return sum(1 for start, end in pairwise([-1, *ends, len(raw.text)]) if end - start - 1 > MAX_LINE)
