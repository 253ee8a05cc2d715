"""The literal text that a template's rule begins with, taken from its regex: by it a line selects the rules to try."""

from __future__ import annotations

import re

LONGEST = 14
"""Characters of a prefix that are worth knowing."""

_LITERAL = re.compile(r"(?:[A-Za-z0-9 #%_:,='\"<>/!@&~`;-]|\\[.()\[\]{}#|+*?^$ /-])")
_LEAD = re.compile(r"\^(?:\\s[*+]|\\s\{0,[0-9]+\}| [*+])?")


def literal_prefix(regex: str) -> str:
    """The text that a line, stripped on the left, must begin with for this regex to match; '' where unknown."""
    lead = _LEAD.match(regex)
    if lead is None or "(?i" in regex or _top_level_alternation(regex):
        return ""
    out: list[str] = []
    position = lead.end()
    while (match := _LITERAL.match(regex, position)) is not None:
        following = regex[match.end() : match.end() + 1]
        if following and following in "*?{":
            break
        out.append(match[0][-1])
        position = match.end()
        if following == "+" or len(out) == LONGEST:
            break
    return "".join(out).lstrip()


def _top_level_alternation(regex: str) -> bool:
    depth = 0
    escaped = in_class = False
    for char in regex:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "|" and depth == 0:
            return True
    return False
