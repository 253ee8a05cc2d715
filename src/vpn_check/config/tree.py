"""A configuration text as a tree of lines, whether its indentation survived or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from vpn_check.config.grammar import CHILDREN, FLAT, HEADERS
from vpn_check.model.config import ConfigSource, Statement

Line = tuple[int, str]
Mask = Callable[[str], str]
HIDDEN = "<removed>"
_BANNER = re.compile(r"banner\s+\S+\s+(\^C|\S)")
_LONGEST_BANNER = 200
_NOISE = re.compile(r"[!:]|\[OK\]|(?:Building|Current) configuration|end$|(?:exit|quit)$|exit-", re.IGNORECASE)
_ANGLE = re.compile(r"<-{2,}|!-{2,}")


@dataclass(slots=True)
class Node:
    """A statement with the statements below it. `no` says that it is negated; `words` do not hold the `no`."""

    line: int
    text: str
    words: list[str]
    no: bool
    indent: int
    source: ConfigSource
    mask: Mask
    children: list[Node] = field(default_factory=list)
    used: bool = False
    _secrets: list[str] = field(default_factory=list)
    _statement: Statement | None = None

    def hide(self, secret: str) -> None:
        """Keep this word out of everything that quotes the statement."""
        if secret.strip("*\"'"):
            self._secrets.append(secret)
            self._statement = None

    @property
    def statement(self) -> Statement:
        """The statement as it may be quoted."""
        if self._statement is None:
            text = self.text
            for secret in self._secrets:
                text = re.sub(rf"(?<!\S){re.escape(secret)}(?!\S)", HIDDEN, text)
            self._statement = Statement(line=self.line, text=self.mask(text), source=self.source)
        return self._statement

    def after(self, *words: str) -> str | None:
        """The word behind these words, wherever they stand in the statement."""
        rest = self.rest(*words)
        return rest[0] if rest else None

    def rest(self, *words: str) -> list[str]:
        """The words behind these words."""
        count = len(words)
        for place in range(len(self.words) - count + 1):
            if self.words[place : place + count] == list(words):
                return self.words[place + count :]
        return []

    def starts(self, *words: str) -> bool:
        """Whether the statement begins with these words."""
        return self.words[: len(words)] == list(words)


def read_tree(lines: Iterable[Line], source: ConfigSource, mask: Mask) -> list[Node]:
    """Build the tree. Comments, blank lines and banners are left out; nothing else is."""
    top: list[Node] = []
    path: list[Node] = []
    for number, text in _without_banners(lines):
        stripped = text.strip()
        indent = len(text) - len(text.lstrip())
        if _NOISE.match(stripped):
            if stripped[:1] == "!" and "Incomplete" in stripped and path:
                path[-1].children.append(_node(number, stripped, indent, source, mask))
            path = _closed(path, stripped, indent)
            continue
        made = _node(number, stripped, indent, source, mask)
        path = path[: _depth(path, made)]
        (path[-1].children if path else top).append(made)
        path.append(made)
    return top


def _node(number: int, stripped: str, indent: int, source: ConfigSource, mask: Mask) -> Node:
    words = stripped.split()
    no = words[0] == "no" and len(words) > 1
    return Node(number, stripped, words[1:] if no else words, no, indent, source, mask)


def _closed(path: list[Node], stripped: str, indent: int) -> list[Node]:
    """What stays open behind a `!` or an `exit`: what the line stands inside of."""
    if stripped.startswith("exit") and path:
        inside = [held for held in path if held.indent < indent]
        return inside or _headers(path)[:-1]
    return path


def _headers(path: list[Node]) -> list[Node]:
    return [held for held in path if held.children or kind_of(held) is not None]


def kind_of(held: Node) -> str | None:
    """The kind of section that a statement opens, if it is known to open one."""
    return next((kind for kind, pattern in HEADERS if pattern.match(held.text)), None)


def _depth(path: list[Node], made: Node) -> int:
    """How many of the open statements the new one stands below."""
    for depth in range(len(path), 0, -1):
        above = path[depth - 1]
        kind = kind_of(above)
        fits = kind is not None and CHILDREN[kind].match(made.text) is not None
        if fits:
            return depth
        if made.indent > above.indent and not _global(made, path[: depth - 1]) and kind not in FLAT:
            return depth
    return 0


def _global(made: Node, above: list[Node]) -> bool:
    """Whether a statement belongs at the top whatever its indentation."""
    return not above and kind_of(made) not in {None, "peer", "certificate"}


def _without_banners(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that are statements."""
    closing: str | None = None
    skipped = 0
    for number, text in lines:
        if closing is not None:
            skipped += 1
            if closing in text or skipped > _LONGEST_BANNER:
                closing = None
            continue
        if not text.strip():
            continue
        banner = _BANNER.match(text.strip())
        if banner is not None and (banner[1] == "^C" or not banner[1].isalnum()):
            if text.count(banner[1]) < 2:  # noqa: PLR2004  opened and closed
                closing, skipped = banner[1], 0
            continue
        yield number, text
