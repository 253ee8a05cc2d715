"""Secrets out of a line, whatever the line is quoted in.

Whatever is printed goes through here: a verdict quotes the device's own lines, and a line of a configuration or of a
debug may hold a key. A bundle uses the same rules with a mask of its own for each value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.redact.material import mask_material
from vpn_check.redact.statements import LINE_RULES, REST_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

MASK = "<removed>"
VALUE = r"(?P<value>\"[^\"\r\n]*\"|'[^'\r\n]*'|`[^`\r\n]*`|[^\s]+)"
"""A word, or a quoted text with its quotation marks."""

REST = r"(?P<value>\S(?:.*\S)?)"
"""All that a line still holds."""

_RULES = tuple(
    (words.split("|"), re.compile(f"(?P<before>{rule}){value}", re.IGNORECASE))
    for rules, value in ((REST_RULES, REST), (LINE_RULES, VALUE))
    for words, rule in rules
)
_BY_WORD = {
    word: {place for place, (words, _) in enumerate(_RULES) if word in words}
    for word in dict.fromkeys(word for words, _ in _RULES for word in words)
}
"""Which rules a word in a line calls for: most lines hold none of the words, and looking for those is quick."""
_LEFT = re.compile(r"<removed(?:-[0-9a-f]{4}-\d+)?>|<[\w -]+>|\[\d+\]|[*x.]*\*[*x.]*", re.IGNORECASE)


def redact_line(text: str) -> str:
    """The line with every secret that it shows replaced by a mask. The rest stands as it was."""
    return mask_material(mask_values(text, lambda _before, _value: MASK), MASK)


def mask_values(text: str, mask: Callable[[str, str], str]) -> str:
    """Replace the value of every statement in a line by what `mask` says for it and for the words before it."""
    small = text.lower()
    called: set[int] = set()
    for word, places in _BY_WORD.items():
        if word in small:
            called |= places
    for place in sorted(called):
        rule = _RULES[place][1]
        if rule.search(text) is not None:
            text = rule.sub(lambda match: _masked(match, mask), text)
    return text


def is_masked(value: str) -> bool:
    """Whether a value is masked already: by us, by the device, or by who sent the text."""
    return _LEFT.fullmatch(value) is not None


def _masked(match: re.Match[str], mask: Callable[[str, str], str]) -> str:
    before, value, after = _peeled(match["value"])
    if not value or is_masked(value):
        return match[0]
    return f"{match['before']}{before}{mask(match['before'], value)}{after}"


def _peeled(word: str) -> tuple[str, str, str]:
    """Split a value from the quotation marks around it, and from the full stop or comma of the sentence it stands in."""
    quote = word[0] if word[0] in "\"'`" and len(word) > 1 else ""
    inner = word[len(quote) :]
    if quote and inner.endswith(quote):
        return quote, inner[: -len(quote)], quote
    core = inner.rstrip("'\"`)")
    return quote, core, inner[len(core) :]
