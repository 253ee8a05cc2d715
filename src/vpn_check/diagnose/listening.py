"""Reading a log of any length for certain words: only messages in which one may stand are made.

Logs repeat themselves. Two lines that differ in their digits only are of one shape: they begin alike, are cut alike,
name their peer in the same place and hold the same words. So the work on a line is done once a shape, and a line of a
known shape costs a look-up. What comes out is what reading every line by itself gives (see logtext.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from vpn_check.diagnose.addresses import clean_address, peer_span
from vpn_check.diagnose.logtext import (
    Joiner,
    Message,
    Nature,
    begins_message,
    nature,
    pieces,
    prefix_length,
    single_spaced,
    stamp,
)
from vpn_check.diagnose.words import WordSearch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from vpn_check.model.log import LogBlock

_DIGITS = str.maketrans("123456789", "0" * 9)
_HEXADECIMAL = re.compile("[0A-Fa-f]{8,}")  # of a shape; see _spells_numbers()
_LETTER_AND_DIGIT = "(?=[A-Fa-f]*0)0*[A-Fa-f][0A-Fa-f]*"
_PART = re.compile(
    f"^{_LETTER_AND_DIGIT}(?![A-Za-z])|(?<![A-Za-z]){_LETTER_AND_DIGIT}$"
    "|^0*[A-Fa-f][0A-Fa-f]*$|0x0*[A-Fa-f][0A-Fa-f]*$"
)
_REMEMBERED = 30_000  # shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How lines of one shape are read.

    `cues` are the words that may stand in it, `doubtful` those of them that hold digits, unless another is sure.
    `whole`: the line begins a message and holds no other; `open`: it may carry on what stands before it, or hold
    several; neither: it is blank. What the line says begins at `start`; where it is no single piece there is no `kind`.
    Of a whole line the debug prefix has the length `prefix`, and its peer stands at `peer` of what follows; `doubled`:
    blanks are to be made single first.
    """

    cues: tuple[int, ...] = ()
    doubtful: tuple[str, ...] = ()
    whole: bool = False
    open: bool = False
    start: int = 0
    kind: Nature | None = None
    time: slice | None = None
    prefix: int = 0
    peer: slice | None = None
    doubled: bool = False


class Listener:
    """Reads logs for a set of words. The numbers of the words are their places in the sequence given.

    Args:
        words: what to listen for.
        useful: whether a message that holds a word (by its number) may be of any use, whatever digits stand in it.
        marks: a line that this matches is given too; the number after that of the last word stands for it.
        fast: see WordSearch.
    """

    def __init__(
        self,
        words: Sequence[str],
        *,
        useful: Callable[[int, str], bool] | None = None,
        marks: re.Pattern[str] | None = None,
        fast: bool = True,
    ) -> None:
        self.words = tuple(words)
        self._useful = useful
        self._marks = marks
        shapes = [word.translate(_DIGITS) for word in words]
        self._search = WordSearch(shapes, fast=fast)
        self._flat = _HEXADECIMAL if not any(map(_spells_numbers, shapes)) else None
        self._order = 0
        self._plans: dict[str, _Plan] = {}
        self._heard: dict[str, tuple[tuple[int, ...], tuple[str, ...], tuple[int, int] | None]] = {}

    def messages(self, blocks: Iterable[LogBlock]) -> Iterator[Message]:
        """The messages in which one of the words may stand, in their order, with the numbers of these words."""
        joiner = Joiner()
        for block in blocks:
            yield from self._of_block(block, joiner)
        yield from self._ended(joiner.close())

    def _of_block(self, block: LogBlock, joiner: Joiner) -> Iterator[Message]:
        lines, numbers, source = block.lines, block.numbers, block.source
        plans = self._shaped(lines)
        for place, alone in _worth_reading(plans):
            plan, line = plans[place], lines[place]
            if plan.whole:
                if (ended := joiner.close()) is not None:
                    yield from self._ended(ended)
                if alone:
                    if not plan.doubtful or _one_in(plan.doubtful, line):
                        self._order += 1
                        yield _message(plan, line, source, numbers[place], self._order)
                    continue
            yield from self._ended(*_join(joiner, plan, line, source, numbers[place]))

    def _ended(self, *messages: Message | None) -> Iterator[Message]:
        for message in messages:
            if message is not None and (heard := self._heard_in(message)) is not None:
                yield heard

    def _heard_in(self, message: Message) -> Message | None:
        text = message.text
        shape = self._shape(text.translate(_DIGITS))
        known = self._heard.get(shape)
        if known is None:
            if len(self._heard) >= _REMEMBERED:
                self._heard.clear()
            cues = self._worth(text, self._found([shape])[0])
            known = self._heard[shape] = (cues, self._doubtful(cues), peer_span(text) if cues else None)
        cues, doubtful, span = known
        if not cues or (doubtful and not _one_in(doubtful, text)):
            return None
        peer = clean_address(text[slice(*span)]) if span is not None else None
        self._order += 1
        return message._replace(cues=cues, peer=peer, order=self._order)

    def _shaped(self, lines: Sequence[str]) -> list[_Plan]:
        shapes = "\n".join(lines).translate(_DIGITS).split("\n")
        known = self._plans
        plans = list(map(known.get, shapes))
        if None not in plans:
            return cast("list[_Plan]", plans)
        if len(known) >= _REMEMBERED:
            known.clear()
        flat = {place: self._shape(shapes[place]) for place, plan in enumerate(plans) if plan is None}
        fresh = {shape: lines[place] for place, shape in flat.items() if shape not in known}
        cues = self._found([single_spaced(shape) for shape in fresh])
        for (shape, line), words in zip(fresh.items(), cues, strict=True):
            known[shape] = self._plan(line, words)
        for place, shape in flat.items():
            plans[place] = known[shape]
        return cast("list[_Plan]", plans)

    def _plan(self, line: str, cues: tuple[int, ...]) -> _Plan:
        parts = pieces(line)
        if not parts:
            return _Plan()
        time, rest, stamped = stamp(parts[0])
        kind = nature(rest, stamped=stamped)
        odd = "\xa0" in line or "\u2019" in line or rest.startswith("%>") or time not in line  # a time in columns
        if len(parts) > 1 or not rest or odd:
            return _Plan(cues=cues, open=True)
        start = len(line.rstrip()) - len(rest)
        at = line.rfind(time, 0, start) if time else 0
        when = slice(at, at + len(time)) if time else None
        if not begins_message(rest, kind):
            return _Plan(cues=cues, open=True, start=start, kind=kind, time=when)
        text = single_spaced(rest)
        prefix = prefix_length(text)
        span = peer_span(text[prefix:])
        cues = self._worth(text[prefix:], cues)
        return _Plan(
            cues=cues,
            doubtful=self._doubtful(cues) if text == rest else (),
            whole=True,
            start=start,
            kind=kind,
            time=when,
            prefix=prefix,
            peer=slice(*span) if span is not None else None,
            doubled=text != rest,
        )

    def _found(self, shapes: Sequence[str]) -> list[tuple[int, ...]]:
        found = self._search.found(shapes)
        if self._marks is None:
            return found
        mark = len(self.words)
        return [
            (*cues, mark) if self._marks.search(shape) is not None else cues
            for cues, shape in zip(found, shapes, strict=True)
        ]

    def _shape(self, line: str) -> str:
        return self._flat.sub(_zeros, line) if self._flat is not None else line

    def _worth(self, text: str, cues: tuple[int, ...]) -> tuple[int, ...]:
        if self._useful is None or _HEXADECIMAL.search(text.translate(_DIGITS)) is not None:
            return cues
        return tuple(cue for cue in cues if cue == len(self.words) or self._useful(cue, text))

    def _doubtful(self, cues: tuple[int, ...]) -> tuple[str, ...]:
        if cues[-1:] == (len(self.words),):
            return ()
        words = [self.words[cue] for cue in cues]
        return () if any(word == word.translate(_DIGITS) for word in words) else tuple(words)


def _one_in(words: tuple[str, ...], text: str) -> bool:
    for word in words:  # noqa: SIM110  once a line: a generator would cost more than the look
        if word in text:
            return True
    return False


def _spells_numbers(word: str) -> bool:
    """Whether a word may be a piece of a hexadecimal number, or hold one: then these are no two of a shape."""
    return _PART.search(word) is not None or any(run.strip("0") for run in _HEXADECIMAL.findall(word))


def _zeros(found: re.Match[str]) -> str:
    return "0" * len(found[0])


def _worth_reading(plans: Sequence[_Plan]) -> Iterator[tuple[int, bool]]:
    """Places of lines that are to be read, in order, and whether a line is known to be a message by itself."""
    wanted = {place for place, plan in enumerate(plans) if plan.cues or plan.open}
    carried_on = {_before(plans, place) for place in wanted if plans[place].open}
    carried_on.add(_before(plans, len(plans)))  # the next block may carry the last line on
    carried_on.discard(-1)
    for place in sorted(wanted | carried_on):
        yield place, place not in carried_on


def _before(plans: Sequence[_Plan], place: int) -> int:
    place -= 1
    while place >= 0 and not plans[place].whole and not plans[place].open:
        place -= 1
    return place


def _join(joiner: Joiner, plan: _Plan, line: str, source: int, number: int) -> Iterable[Message | None]:
    if plan.kind is None:
        return joiner.take(line, source, number)
    time = line[plan.time] if plan.time is not None else ""
    return (joiner.piece(line[plan.start :].rstrip(), time, plan.kind, source, number, line),)


def _message(plan: _Plan, line: str, source: int, number: int, order: int) -> Message:
    rest = line[plan.start :]
    text = " ".join(rest.split()) if plan.doubled else rest.rstrip()
    prefix = ""
    if plan.prefix:
        prefix, text = text[: plan.prefix].rstrip(), text[plan.prefix :]
    return Message(
        text,
        prefix,
        line[plan.time] if plan.time is not None else "",
        clean_address(text[plan.peer]) if plan.peer is not None else None,
        (line.strip(),),
        ((source, number),),
        order,
        plan.cues,
    )
