"""Many fixed words looked for at once, each at its price: with an Aho-Corasick automaton where one is installed."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ahocorasick_rs import AhoCorasick


class WordSearch:
    """Finds which of its words stand in which texts. `fast` False does without the automaton of the extra `fast`."""

    def __init__(self, words: Sequence[str], *, fast: bool = True) -> None:
        self._words = tuple(words)
        self._automaton = _automaton(self._words) if fast else None

    def found(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """For each text the numbers of the words that stand in it, ascending. No text holds a line end."""
        joined = "\n".join(texts)
        starts = [0, *accumulate(len(text) + 1 for text in texts)]
        hits: list[set[int]] = [set() for _ in texts]
        automaton = self._automaton
        for word, at in self._places(joined, starts) if automaton is None else _places_by(automaton, joined):
            hits[bisect_right(starts, at) - 1].add(word)
        return [tuple(sorted(words)) for words in hits]

    def _places(self, joined: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
        find = joined.find
        for number, word in enumerate(self._words):
            at = find(word)
            while at >= 0:
                yield number, at
                at = find(word, starts[bisect_right(starts, at)])


def _automaton(words: Sequence[str]) -> AhoCorasick | None:
    try:
        import ahocorasick_rs  # noqa: PLC0415  the extra `fast`
    except ImportError:
        return None
    return ahocorasick_rs.AhoCorasick(words)


def _places_by(automaton: AhoCorasick, joined: str) -> Iterator[tuple[int, int]]:
    for word, at, _ in automaton.find_matches_as_indexes(joined, overlapping=True):
        yield word, at
