"""The one cleaning pass before anything is matched.

Terminals leave carriage returns, escapes, pager prompts with their wipe characters, NULs; copies through mail, wikis
and word processors leave byte order marks, no-break spaces and escaped underscores. The cleaned lines keep the
number of the raw line they came from, so that evidence is quoted as it was given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.parse.text import Text

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


def clean(text: Text) -> Iterator[Line]:
    """The lines of a text, cleaned. Blank lines are kept; one raw line may give several lines, with one number."""
    for numbers, lines in clean_blocks(text):
        yield from zip(numbers, lines, strict=True)


def clean_blocks(text: Text) -> Iterator[tuple[Sequence[int], list[str]]]:
    """The same, many lines at a time: their numbers, and the lines."""
    for first, block in text.blocks():
        plain = block.removeprefix("\ufeff") if first == text.first_line else block
        lines = plain.split("\n")
        if not is_odd(plain) and max(map(len, lines)) <= MAX_LINE:
            yield range(first, first + len(lines)), lines
        else:
            cleaned = [pair for number, line in enumerate(lines, first) for pair in _clean_line(number, line)]
            yield [number for number, _ in cleaned], [line for _, line in cleaned]


def _clean_line(number: int, line: str) -> Iterator[Line]:
    if _ODD.search(line) is None:
        yield number, line[:MAX_LINE]
        return
    stripped = _ESCAPED.sub(r"\1", _erase(_ANSI.sub("", line)))
    pieces = [piece.translate(_SWEEP) for piece in stripped.split("\r")]
    kept = [piece for piece in (_PAGER.sub("", piece) for piece in pieces) if piece.strip()]
    for piece in kept or [""]:
        yield number, piece[:MAX_LINE]
