"""A log, block by block -> exchanges, known messages, successes: one walk, whatever its length."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from vpn_check.diagnose.digits import blind_to_digits
from vpn_check.diagnose.listening import Listener
from vpn_check.diagnose.matching import Matcher
from vpn_check.diagnose.negotiation import arrivals, engine, ikev1_asa, ikev1_router, ikev2
from vpn_check.diagnose.negotiation.desk import Desk
from vpn_check.diagnose.negotiation.exchange import NEGOTIATION
from vpn_check.diagnose.negotiation.ledger import Ledger
from vpn_check.diagnose.negotiation.ordering import oldest_first
from vpn_check.diagnose.negotiation.path_mtu import PING_LINE, PING_WORDS, Sweeps
from vpn_check.diagnose.negotiation.timers import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.exchange import Exchange
    from vpn_check.diagnose.negotiation.steps import Step
    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.log import LogBlock

_REMEMBERED = 30_000  # combinations of words
_SECTION = re.compile(r"^=+ ?[A-Za-z0-9_.\-]{1,40} ?=+$")
_MARKED = re.compile(rf"{_SECTION.pattern}|{PING_LINE.pattern}")
_STEPS: tuple[Step, ...] = (
    *ikev1_router.STEPS,
    *ikev1_asa.STEPS,
    *ikev2.STEPS,
    *engine.STEPS,
    *arrivals.STEPS,
)


@dataclass(frozen=True, slots=True)
class _Words:
    """All words listened for: first those of the catalogue, then those of the steps."""

    matcher: Matcher
    words: tuple[str, ...]
    steps: tuple[tuple[Step, ...], ...]
    own: int
    pings: int
    known: dict[tuple[int, ...], tuple[tuple[int, ...], tuple[Step, ...], bool]] = field(default_factory=dict)

    def meant(self, cues: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[Step, ...], bool]:
        """What these words may mean: known messages (by their words), steps, and whether it may be of a ping."""
        meant = self.known.get(cues)
        if meant is None:
            at, end = bisect_left(cues, self.own), len(self.words)
            steps = tuple(step for cue in cues[at:] if cue != end for step in self.steps[cue - self.own])
            sweep = at < len(cues) and (cues[at] < self.pings or cues[-1] == end)
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            meant = self.known[cues] = cues[:at], steps, sweep
        return meant

    def useful(self, cue: int, text: str) -> bool:
        """Whether a message that holds this word may say anything, whatever digits stand in it."""
        if cue < self.own:
            return self.matcher.useful(cue, text)
        steps = self.steps[cue - self.own]
        return not steps or any(not blind_to_digits(s.pattern.pattern) or s.pattern.search(text) for s in steps)


@cache
def _own_words() -> _Words:
    return _words(())


def _words(further: Sequence[Signature]) -> _Words:
    matcher = Matcher(further=further)
    by_word: dict[str, list[Step]] = {word: [] for word in PING_WORDS}
    for step in _STEPS:
        by_word.setdefault(step.word, []).append(step)
    own = len(matcher.words)
    steps = tuple(tuple(steps) for steps in by_word.values())
    return _Words(matcher, (*matcher.words, *by_word), steps, own, own + len(PING_WORDS))


class Reader:
    """Reads one log.

    Args:
        further: messages to look for besides those of the catalogue.
        kept: gets every exchange, where somebody wants them all.
        fast: see WordSearch.
    """

    def __init__(
        self, further: Sequence[Signature] = (), *, kept: list[Exchange] | None = None, fast: bool = True
    ) -> None:
        self.ledger = Ledger(kept)
        self.desk = Desk(self.ledger)
        self.sweeps = Sweeps()
        self._fast = fast
        self._further = further
        self._source: int | None = None

    @property
    def peers(self) -> tuple[str, ...]:
        """Every peer that a negotiation was seen with, in order."""
        return tuple(self.desk.floor.peers)

    def read(self, blocks: Iterable[LogBlock]) -> None:
        """Walk the log."""
        words = _words(self._further) if self._further else _own_words()
        listener = Listener(words.words, useful=words.useful, marks=_MARKED, fast=self._fast)
        for message in named(oldest_first(listener.messages(blocks))):
            self._take(message, words)
        self.desk.finish()

    def _take(self, message: Message, words: _Words) -> None:
        if message.where[0][0] != self._source:
            self._source = message.where[0][0]
            self.desk.floor.pause()
        if message.text[:1] == "=" and _SECTION.match(message.text):
            self.desk.finish()
            self.desk.section += 1
            return
        own, steps, sweep = words.meant(message.cues)
        if sweep:
            self.sweeps.take(message)
        events = tuple(words.matcher.recognise(message, own)) if own else ()
        closing = self._step(message, steps) if steps else ()
        for event in events:
            if event.signature.phase in NEGOTIATION:
                self.desk.note(self.desk.floor.talk(message, event.peer), event)
            else:
                self.ledger.stray(event, self.desk.section)
        for step, found in closing:
            step.act(self.desk, self.desk.floor.talk(message), message, found)
        if self.desk.floor.over:
            self.desk.tidy()

    def _step(self, message: Message, steps: Sequence[Step]) -> Sequence[tuple[Step, re.Match[str]]]:
        """Take the steps of a message; returns those that close something."""
        text, talk = message.text, None
        closing: tuple[tuple[Step, re.Match[str]], ...] = ()
        for step in steps:
            if step.word not in text or (found := step.pattern.search(text)) is None:
                continue
            if step.closes:
                closing = (*closing, (step, found))
            else:
                talk = talk or self.desk.floor.talk(message)
                talk = step.act(self.desk, talk, message, found) or talk
        return closing


def read_exchanges(blocks: Iterable[LogBlock]) -> Iterator[Exchange]:
    """Every exchange of a log, in the order in which they ended."""
    kept: list[Exchange] = []
    Reader(kept=kept).read(blocks)
    yield from kept
