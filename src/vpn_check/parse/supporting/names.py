"""Which supporting command it is: by the words as typed on a device, or by the text that came without its command."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vpn_check.parse.supporting.table import SUPPORTING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vpn_check.parse.clean import Line

_LOOKED_AT = 60


@cache
def resolve(typed: str) -> str | None:
    """The full words of a command as typed (`sh cry ses rem 192.0.2.1 det`); None where it is none of these.

    Arguments and what stands behind `|` are passed over; of two commands that fit, the one with more words is meant.
    """
    words = typed.lower().partition("|")[0].split()
    fitting = [name for name in SUPPORTING if _fits(name.split(), words)]
    return max(fitting, key=lambda name: len(name.split()), default=None)


def _fits(known: list[str], words: list[str]) -> bool:
    if len(words) < len(known):
        return False
    return all(
        len(word) > 1 and (full.startswith(word) or word == f"{full}s")
        for full, word in zip(known, words, strict=False)
    )


def recognise(lines: Iterable[Line]) -> str | None:
    """The command whose answer begins in these lines; None where no sign of any is seen."""
    seen = 0
    for _, text in lines:
        if not text.strip():
            continue
        for name, entry in SUPPORTING.items():
            if entry.signs.match(text):
                return name
        seen += 1
        if seen == _LOOKED_AT:
            break
    return None
