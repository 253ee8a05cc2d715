"""Suggestions for words that are nearly right."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 20


def nearest(word: str, allowed: Iterable[str]) -> str:
    """A sentence with the nearest of the allowed words, or with all of them."""
    names = [str(name) for name in allowed]
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f"Did you mean `{near[0]}`?"
    if not names:
        return "There is none."
    return f"There are: {', '.join(sorted(names)[:_SHOWN])}{' and more' if len(names) > _SHOWN else ''}."
