"""A step: words that a device prints at a point of an exchange, and what they tell of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.desk import Desk
    from vpn_check.diagnose.negotiation.talk import Talk

    Act = Callable[[Desk, Talk, Message, re.Match[str]], Talk | None]
    """What a step does. It returns the talk that the rest of the message belongs to, None where that is the same."""


_ANY = re.compile("")


class Step(NamedTuple):
    """`word` must stand in a message before `pattern` is tried; `closes`: all else that it says comes before this."""

    word: str
    pattern: re.Pattern[str]
    act: Act
    closes: bool = False


def step(word: str, pattern: str, act: Act, *, closes: bool = False) -> Step:
    """A step with its pattern compiled; where the word says it all, the pattern is empty."""
    return Step(word, re.compile(pattern) if pattern else _ANY, act, closes)
