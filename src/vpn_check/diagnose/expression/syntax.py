"""The subset of regular expressions that a signature of a site may use, read into a tree.

Characters, classes, groups, alternatives, repetitions and anchors; no look-around, no back references, no flags. This
is what both the standard library and RE2 understand in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters, digits

OTHER = 1 << 256
"""The bit of a set of characters that stands for all beyond U+00FF."""
EVERYTHING = (1 << 257) - 1
_BEYOND_ASCII = EVERYTHING & ~((1 << 128) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chars:
    """One character of a set: bit n is U+00nn."""

    members: int
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    r"""A place without width: `^`, `$`, `\b`, `\B`."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """Parts one after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One of several alternatives."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A part `least` to `most` times; `most` None: without limit."""

    body: Node
    least: int
    most: int | None


Node = Chars | Edge | Sequence | Branch | Repeat


class SubsetError(ValueError):
    """What is not part of the subset, in a sentence."""


def read_expression(text: str) -> tuple[Node, frozenset[str]]:
    """The tree of an expression and the names of its groups.

    Raises:
        SubsetError: the text is no regular expression, or holds what the subset leaves out.
    """
    reader = _Reader(text)
    node = reader.branch()
    if reader.at < len(text):
        raise SubsetError(f"a closing parenthesis at character {reader.at + 1} has no opening one")
    return node, frozenset(reader.names)


def _set_of(characters: str) -> int:
    found = 0
    for character in characters:
        found |= 1 << min(ord(character), 256)
    return found


_DIGIT = _set_of(digits)
_WORD = _set_of(ascii_letters + digits + "_")
_SPACE = _set_of(" \t\n\r\f\v")
_CLASSES = {  # what lies beyond ASCII may belong to either side of a class: both engines differ there
    "d": _DIGIT | _BEYOND_ASCII,
    "w": _WORD | _BEYOND_ASCII,
    "s": _SPACE | _BEYOND_ASCII,
    "D": EVERYTHING & ~_DIGIT,
    "W": EVERYTHING & ~_WORD,
    "S": EVERYTHING & ~_SPACE,
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_OPERATIONS = ("--", "&&", "~~", "||")   # the library warns that it may read these as operations on sets one day
_MOST_COUNT = 1000


class _Reader:
    """Recursive descent over the text of an expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.names: list[str] = []

    def branch(self) -> Node:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Branch(options=tuple(options))

    def _take(self, word: str) -> bool:
        if self.text.startswith(word, self.at):
            self.at += len(word)
            return True
        return False

    def _next(self) -> str:
        if self.at >= len(self.text):
            raise SubsetError("the expression ends in the middle")
        self.at += 1
        return self.text[self.at - 1]

    def _sequence(self) -> Node:
        items: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            items.append(self._repeated(self._atom()))
        return Sequence(items=tuple(items))

    def _atom(self) -> Node:
        start = self.at
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return self._set()
        if character == ".":
            return Chars(members=EVERYTHING & ~_set_of("\n"))
        if character in "^$":
            return Edge(kind=character)
        if character == "\\":
            return self._escape()
        if character in "*+?" or (character == "{" and self._count_follows()):
            raise SubsetError(f"`{character}` at character {start + 1} repeats nothing; a plain one is `\\{character}`")
        return Chars(members=_set_of(character), literal=character)

    def _count_follows(self) -> bool:
        inside, closed, _ = self.text[self.at :].partition("}")
        return bool(closed) and inside.replace(",", "", 1).isdigit()

    def _group(self) -> Node:
        start = self.at
        if self._take("?P<"):
            name = ""
            while (character := self._next()) != ">":
                name += character
            if not name.isidentifier() or not name.isascii():
                raise SubsetError(f"`{name}` is no name for a group; use letters, digits and _")
            if name in self.names:
                raise SubsetError(f"two groups are named `{name}`; use another name for one of them")
            self.names.append(name)
        elif self._take("?") and not self._take(":"):
            kind = self.text[self.at : self.at + (2 if self.text[self.at : self.at + 1] in "<P" else 1)]
            raise SubsetError(
                f"`(?{kind}` at character {start} is not allowed; of the groups that begin with `(?`, only `(?:...)`"
                " and `(?P<name>...)` are"
            )
        node = self.branch()
        if not self._take(")"):
            raise SubsetError(f"the group that opens at character {start} is not closed; a plain parenthesis is `\\(`")
        return node

    def _escape(self) -> Node:
        character = self._next()
        if character in _CLASSES:
            return Chars(members=_CLASSES[character])
        if character in "bB":
            return Edge(kind="\\" + character)
        return self._plain_escape(character)

    def _plain_escape(self, character: str) -> Chars:
        if character in _CONTROLS:
            return Chars(members=_set_of(_CONTROLS[character]), literal=_CONTROLS[character])
        if character.isdigit():
            raise SubsetError(f"`\\{character}` refers back to a group, which is not allowed")
        if character.isalpha():
            raise SubsetError(f"`\\{character}` is not allowed; of the escapes with a letter, \\d \\w \\s \\b \\t are")
        return Chars(members=_set_of(character), literal=character)

    def _set(self) -> Node:
        start = self.at
        negated = self._take("^")
        members, first = 0, True
        while True:
            if self.at >= len(self.text):
                raise SubsetError(f"the set that opens at character {start} is not closed; a plain bracket is `\\[`")
            character = self._next()
            if character == "]" and not first:
                break
            first = False
            low = self._member(character)
            if low.literal and self.text[self.at : self.at + 1] == "-" and self.text[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                high = self._member(self._next())
                if not high.literal or ord(high.literal) < ord(low.literal):
                    raise SubsetError(f"the range `{low.literal}-{high.literal}` runs backwards")
                for code in range(ord(low.literal), min(ord(high.literal), 256) + 1):
                    members |= 1 << min(code, 256)
                continue
            members |= low.members
        inner = self.text[start : self.at - 1].removeprefix("^")
        if inner.startswith("[") or any(pair in inner for pair in _OPERATIONS):
            raise SubsetError(f"the set that opens at character {start} doubles a character or opens with a bracket, "
                              "which may come to mean a set of sets; write each character once, and a bracket as `\\[`")
        return Chars(members=(EVERYTHING & ~members) | (OTHER if negated else 0) if negated else members)

    def _member(self, character: str) -> Chars:
        if character != "\\":
            return Chars(members=_set_of(character), literal=character)
        escaped = self._next()
        if escaped in _CLASSES:
            return Chars(members=_CLASSES[escaped])
        return self._plain_escape(escaped)

    def _repeated(self, node: Node) -> Node:
        bounds = self._bounds()
        if bounds is None:
            return node
        if isinstance(node, Edge):
            raise SubsetError(f"`{node.kind}` is a place and cannot be repeated")
        self._take("?")
        if self._bounds() is not None:
            raise SubsetError(f"a repetition is repeated at character {self.at}; put the inner one into a group")
        return Repeat(body=node, least=bounds[0], most=bounds[1])

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        if self.text[self.at : self.at + 1] != "{":
            return None
        self.at += 1
        if not self._count_follows():
            self.at -= 1
            return None
        inside, _, _ = self.text[self.at :].partition("}")
        self.at += len(inside) + 1
        low, comma, high = inside.partition(",")
        least = int(low or 0)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > _MOST_COUNT:
            raise SubsetError(f"`{{{inside}}}` repeats too often; {_MOST_COUNT} is the limit")
        if most is not None and most < least:
            raise SubsetError(f"`{{{inside}}}` ends below its beginning")
        return least, most
