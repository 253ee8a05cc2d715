"""Host patterns of Ansible inventories: `edge[01:20]`, `leaf[a:f]`, `r[1:9:2].example.net:2222`."""

from __future__ import annotations

import re
import string

_WITH_PORT = re.compile(r"((?:[^:\[\]]|\[[^\]]*\])+):([0-9]{1,5})")
_IPV6_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*)\](?::([0-9]{1,5}))?")
_RANGE = re.compile(r"\[([^\[\]]*)\]")
_MOST = 65536


def expand(pattern: str) -> tuple[tuple[str, ...], int | None]:
    """The host names that a pattern stands for, and the port behind it.

    Raises:
        ValueError: the range is not one; the text completes "the host range must ...".
    """
    port = None
    if found := _IPV6_WITH_PORT.fullmatch(pattern):
        return (found[1],), int(found[2]) if found[2] else None
    if found := _WITH_PORT.fullmatch(pattern):
        pattern, port = found[1], int(found[2])
    names = _ranged(pattern)
    return names, port


def _ranged(pattern: str) -> tuple[str, ...]:
    found = _RANGE.search(pattern)
    if found is None:
        if "[" in pattern or "]" in pattern:
            raise ValueError("have both brackets")
        return (pattern,)
    tails = _ranged(pattern[found.end():])
    numbers = _numbers(found[1])
    if len(tails) * len(numbers) > _MOST:
        raise ValueError(f"stand for {_MOST} hosts at most")
    return tuple(f"{pattern[:found.start()]}{number}{tail}" for number in numbers for tail in tails)


def _numbers(text: str) -> tuple[str, ...]:
    first, _, rest = text.partition(":")
    last, _, step_text = rest.partition(":")
    first = first or "0"
    if not last or not re.fullmatch(r"[0-9]*", step_text) or step_text == "0":
        raise ValueError("be [first:last] or [first:last:step]")
    step = int(step_text or 1)
    letters = string.ascii_letters
    if len(first) == len(last) == 1 and first in letters and last in letters:
        start, end = letters.index(first), letters.index(last)
        if start > end:
            raise ValueError("begin before it ends")
        return tuple(letters[start:end + 1:step])
    if not (first.isascii() and first.isdigit() and last.isascii() and last.isdigit()):
        raise ValueError("be of numbers or of single letters")
    width = len(first) if first[0] == "0" and len(first) > 1 else 0
    if width and width != len(last):
        raise ValueError("have as many digits at its end as at its beginning")
    if int(last) - int(first) > _MOST * step:
        raise ValueError(f"stand for {_MOST} hosts at most")
    return tuple(str(number).zfill(width) for number in range(int(first), int(last) + 1, step))
