"""Commands by their words, abbreviated as devices allow it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NUMBER = "<n>"
"""A word of the vocabulary that any number matches."""


class Refusal(StrEnum):
    """Why a line is no command."""

    INVALID = "invalid"
    INCOMPLETE = "incomplete"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A line that names one command: its full words, and the numbers given."""

    command: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that does not; `column` is where the first word stands that does not fit."""

    why: Refusal
    column: int


def _fitting(word: str, candidates: Iterable[str]) -> set[str]:
    low = word.lower()
    names = set(candidates)
    if low in names:
        return {low}
    found = {name for name in names if name != NUMBER and name.lower().startswith(low)}
    if not found and NUMBER in names and word.isdigit():
        return {NUMBER}
    return found


def resolve(line: str, vocabulary: Iterable[Sequence[str]]) -> Resolved | Refused:
    """Find the command of the vocabulary that a line means.

    Args:
        line: what was typed; words may be shortened as long as they stay unambiguous.
        vocabulary: the commands that exist, each as its words.

    Returns:
        The command in full, or what is wrong and where.
    """
    commands = [tuple(words) for words in vocabulary]
    column, chosen, numbers = 0, list[str](), list[int]()
    for word in line.split():
        column = line.index(word, column)
        depth = len(chosen)
        fitting = _fitting(word, (words[depth] for words in commands if len(words) > depth))
        if not fitting:
            return Refused(why=Refusal.INVALID, column=column)
        if len(fitting) > 1:
            return Refused(why=Refusal.AMBIGUOUS, column=column)
        name = fitting.pop()
        if name == NUMBER:
            numbers.append(int(word))
        chosen.append(name)
        commands = [words for words in commands if len(words) > depth and words[depth] == name]
        column += len(word)
    if tuple(chosen) not in commands:
        return Refused(why=Refusal.INCOMPLETE, column=column)
    return Resolved(command=" ".join(chosen), numbers=tuple(numbers))
