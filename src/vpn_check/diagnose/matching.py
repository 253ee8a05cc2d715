"""Finding the known messages of a log.

Only the literals of the catalogue are looked for at first; a file is parsed, and its expressions are compiled, when one
of its literals appears.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.diagnose.catalogue import FOLDER, load_one, read_yaml
from vpn_check.diagnose.logtext import Message, clean_address
from vpn_check.diagnose.signature import WORDS, Signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CHUNK = 2000  # messages searched at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A message that a signature recognised. `index` is its place in the log, `lines` how many lines it took."""

    signature: Signature
    message: Message
    index: int
    groups: Mapping[str, str]
    peer: str | None
    lines: int


def match(messages: Sequence[Message], signatures: Sequence[Signature] | None = None) -> tuple[Event, ...]:
    """Every recognised message, once a signature, in the order of the log."""
    index = _index(tuple(signatures)) if signatures is not None else _own_index()
    events: list[Event] = []
    for first in range(0, len(messages), _CHUNK):
        chunk = messages[first : first + _CHUNK]
        starts = [0, *accumulate(len(message.text) + 1 for message in chunk)]
        text = "\n".join(message.text for message in chunk)
        seen: set[tuple[int, str]] = set()
        for literal, entries in index:
            for place in _places(text, literal, starts):
                for signature in map(_signature_of, entries):
                    if (place, signature.id) in seen:
                        continue
                    if (found := _search(signature, literal, chunk[place].text)) is not None:
                        seen.add((place, signature.id))
                        events.append(_event(signature, chunk[place], first + place, found))
    events.sort(key=lambda event: event.index)
    return tuple(events)


def _places(text: str, literal: str, starts: Sequence[int]) -> Iterator[int]:
    """The messages of a chunk in which a literal stands; one search over the joined text is far faster than many."""
    at = text.find(literal)
    while at >= 0:
        place = bisect_right(starts, at) - 1
        yield place
        at = text.find(literal, starts[place + 1])


def _event(signature: Signature, message: Message, place: int, found: re.Match[str]) -> Event:
    groups = {name: value.strip() for name, value in found.groupdict().items() if value and value.strip()}
    peer = clean_address(groups.pop("peer", None)) or message.peer
    for name, value in groups.items():
        groups[name] = WORDS.get(name, {}).get(value, value)
    if {"prot", "trans", "hmac_alg"} <= groups.keys():
        groups["proposal"] = f"{groups['prot']}, {groups['trans']} with {groups['hmac_alg']}"
    elif "identity" in groups:
        groups["proposal"] = groups["identity"].strip()
    lines = _lines_needed(message.raw, found.group())
    return Event(signature=signature, message=message, index=place, groups=groups, peer=peer, lines=lines)


def _lines_needed(raw: Sequence[str], words: str) -> int:
    """How many lines it took to say these words; what was joined after them need not be quoted."""
    for count in range(1, len(raw)):
        if words in " ".join(" ".join(line.lstrip("> ") for line in raw[:count]).split()):
            return count
    return len(raw)


def _search(signature: Signature, literal: str, text: str) -> re.Match[str] | None:
    for pattern in signature.patterns:
        if literal in pattern.literals and (found := _compiled(pattern.regex).search(text)) is not None:
            return found
    return None


_Index = tuple[tuple[str, tuple[Signature | Path, ...]], ...]
_LITERAL_LINE = re.compile(r"^ *- literal: *(.+?) *$", re.MULTILINE)


@cache
def _own_index() -> _Index:
    """The literals of the catalogue; a file is only understood as a whole when one of its literals was seen."""
    by_literal: dict[str, list[Signature | Path]] = defaultdict(list)
    for path in sorted(FOLDER.glob("*.yaml")):
        for word in _literals(path.read_text(encoding="utf-8")):
            by_literal[word].append(path)
    return tuple((word, tuple(entries)) for word, entries in by_literal.items())


def _literals(text: str) -> tuple[str, ...]:
    words: list[str] = []
    for value in _LITERAL_LINE.findall(text):
        known = read_yaml(value) if value[0] in "[\"'" else value
        words += known if isinstance(known, list) else [known]
    return tuple(dict.fromkeys(words))


def _index(signatures: tuple[Signature, ...]) -> _Index:
    by_literal: dict[str, list[Signature | Path]] = defaultdict(list)
    for signature in signatures:
        for word in dict.fromkeys(word for pattern in signature.patterns for word in pattern.literals):
            by_literal[word].append(signature)
    return tuple((word, tuple(entries)) for word, entries in by_literal.items())


def _signature_of(entry: Signature | Path) -> Signature:
    return entry if isinstance(entry, Signature) else load_one(entry)


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)
