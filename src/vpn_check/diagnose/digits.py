"""Expressions to which all digits are alike: what they say of a text holds for all texts that differ in digits."""

from __future__ import annotations

import re
from functools import cache

_CLASS = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]")
_COUNT = re.compile(r"\{[0-9]*,?[0-9]*\}")


@cache
def blind_to_digits(pattern: str) -> bool:
    """Whether an expression treats all digits alike; False where that is not certain."""
    classes = _CLASS.findall(pattern)
    if any(re.search(r"[0-9]", found.replace("0-9", "")) for found in classes):
        return False
    rest = _COUNT.sub("", _CLASS.sub("", pattern))
    return re.search(r"[0-9]", rest.replace("\\d", "")) is None
