"""Finding the known messages of a log.

Only the literals of the catalogue are listened for; a file is parsed, and its expressions are compiled, when one of its
literals is heard. So a literal, and no more, is what a line costs that says nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.diagnose.addresses import clean_address
from vpn_check.diagnose.catalogue import FOLDER, load_one
from vpn_check.diagnose.digits import blind_to_digits
from vpn_check.diagnose.listening import Listener
from vpn_check.diagnose.signature import WORDS, Signature
from vpn_check.diagnose.signature_file import read_yaml
from vpn_check.diagnose.words import WordSearch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from vpn_check.diagnose.expression.search import Found
    from vpn_check.diagnose.logtext import Message
    from vpn_check.model.log import LogBlock


_CHUNK = 2000  # messages searched at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A message that a signature recognised. `lines`: how many lines of the message it took."""

    signature: Signature
    message: Message
    groups: Mapping[str, str]
    peer: str | None
    lines: int

    @property
    def index(self) -> int:
        """Its place in the log."""
        return self.message.order


class Matcher:
    """Recognises messages.

    Args:
        signatures: which messages to look for; None: those of the catalogue.
        further: messages to look for besides.

    `words` are the literals of all of them.
    """

    def __init__(self, signatures: Sequence[Signature] | None = None, *, further: Sequence[Signature] = ()) -> None:
        index = _joined(_index(signatures) if signatures is not None else _own_index(), _index(further))
        self.words = tuple(word for word, _ in index)
        self._entries = [entries for _, entries in index]
        self._loaded: list[tuple[Signature, ...] | None] = [None] * len(self.words)

    def recognise(self, message: Message, heard: Iterable[int]) -> Iterator[Event]:
        """What a message says, once a signature; `heard` are the numbers of the words that may stand in it."""
        text = message.text
        seen: set[str] = set()
        for number in heard:
            word = self.words[number]
            if word not in text:
                continue
            for signature in self._signatures(number):
                if signature.id not in seen and (found := _search(signature, word, text)) is not None:
                    seen.add(signature.id)
                    yield _event(signature, message, found)

    def useful(self, number: int, text: str) -> bool:
        """Whether a message that holds this word may be recognised, whatever digits stand in it."""
        word = self.words[number]
        patterns = [pattern for s in self._signatures(number) for pattern in s.patterns if word in pattern.literals]
        return any(not blind_to_digits(pattern.regex) or pattern.search(text) for pattern in patterns)

    def _signatures(self, number: int) -> tuple[Signature, ...]:
        loaded = self._loaded[number]
        if loaded is None:
            loaded = self._loaded[number] = tuple(map(_signature_of, self._entries[number]))
        return loaded


def match(
    messages: Iterable[Message], signatures: Sequence[Signature] | None = None, *, further: Sequence[Signature] = ()
) -> tuple[Event, ...]:
    """Every recognised message, once a signature, in the order of the log. The arguments are those of Matcher."""
    matcher = Matcher(signatures, further=further)
    search = WordSearch(matcher.words)
    held = tuple(messages)
    events: list[Event] = []
    for first in range(0, len(held), _CHUNK):
        chunk = held[first : first + _CHUNK]
        heard = search.found([message.text for message in chunk])
        events += (e for message, words in zip(chunk, heard, strict=True) for e in matcher.recognise(message, words))
    return tuple(events)


def scan(
    blocks: Iterable[LogBlock], signatures: Sequence[Signature] | None = None, *, fast: bool = True
) -> Iterator[Event]:
    """The same for a log of any length, of which no more than a block is held. `fast`: see WordSearch."""
    matcher = Matcher(signatures)
    for message in Listener(matcher.words, useful=matcher.useful, fast=fast).messages(blocks):
        yield from matcher.recognise(message, message.cues)


def _event(signature: Signature, message: Message, found: Found | re.Match[str]) -> Event:
    groups = {name: value.strip() for name, value in found.groupdict().items() if value and value.strip()}
    peer = clean_address(groups.pop("peer", None)) or message.peer
    for name, value in groups.items():
        groups[name] = WORDS.get(name, {}).get(value, value)
    if {"prot", "trans", "hmac_alg"} <= groups.keys():
        groups["proposal"] = f"{groups['prot']}, {groups['trans']} with {groups['hmac_alg']}"
    elif "identity" in groups:
        groups["proposal"] = groups["identity"].strip()
    lines = _lines_needed(message.raw, found.group()) if len(message.raw) > 1 else 1
    return Event(signature=signature, message=message, groups=groups, peer=peer, lines=lines)


def _lines_needed(raw: Sequence[str], words: str) -> int:
    """How many lines it took to say these words; what was joined after them need not be quoted."""
    for count in range(1, len(raw)):
        if words in " ".join(" ".join(line.lstrip("> ") for line in raw[:count]).split()):
            return count
    return len(raw)


def _search(signature: Signature, literal: str, text: str) -> Found | re.Match[str] | None:
    for pattern in signature.patterns:
        if literal in pattern.literals and (found := pattern.search(text)) is not None:
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
        word = read_yaml(value) if value[0] in "[\"'" else value
        words += word if isinstance(word, list) else [word]
    return tuple(dict.fromkeys(words))


def _index(signatures: Iterable[Signature]) -> _Index:
    by_literal: dict[str, list[Signature | Path]] = defaultdict(list)
    for signature in signatures:
        for word in dict.fromkeys(word for pattern in signature.patterns for word in pattern.literals):
            by_literal[word].append(signature)
    return tuple((word, tuple(entries)) for word, entries in by_literal.items())


def _joined(one: _Index, other: _Index) -> _Index:
    """One entry a literal, whichever of the two it is of."""
    entries: dict[str, tuple[Signature | Path, ...]] = dict(one)
    for word, held in other:
        entries[word] = (*entries.get(word, ()), *held)
    return tuple(entries.items())


def _signature_of(entry: Signature | Path) -> Signature:
    return entry if isinstance(entry, Signature) else load_one(entry)
