"""Which rules lead to a cause: read out of the rules themselves, so that a new rule is on the pages without a table.

A rule is a module among the rules or checks, or one whose docstring says by what a state of affairs is recognised; its
causes are the codes that it, or the table that it reads, names.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOM = Path(__file__).resolve().parent
_FOLDERS = {"rules", "checks"}
_SAYS = "Recognised by"
_CODE = re.compile(r"\b(?:healthy|unknown|(?:ike|ipsec|traffic|config|overlay|device)\.[a-z0-9-]+)\b")


_SOURCES = re.compile(r"\bSources?: .*$")
_SECTION = re.compile(r"\bS[0-9]{1,2}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: its name, its first sentence, by what it recognises, its sections of the source, and its codes."""

    name: str
    title: str
    recognised: str
    references: tuple[str, ...]
    causes: frozenset[str]


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by name."""
    return tuple(sorted(_rules(), key=lambda rule: rule.name))


def _rules() -> Iterator[Rule]:
    for path in _ROOM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        among = path.parent.name in _FOLDERS and "\ndef judge(" in text
        if among or _SAYS in text.partition('"""')[2].partition('"""')[0]:
            yield _rule(path, ast.parse(text))


def _rule(path: Path, tree: ast.Module) -> Rule:
    page = ast.get_docstring(tree) or ""
    title, _, rest = page.partition("\n\n")
    said = " ".join(rest.split())
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    codes = {word for word in words if _CODE.fullmatch(word)}
    for table in {word for word in words if word.endswith(".yaml")}:
        for found in (path.parent / table, path.parent.parent / table):
            if found.is_file():
                codes |= set(_CODE.findall(found.read_text(encoding="utf-8")))
    return Rule(
        name=path.stem,
        title=" ".join(title.split()),
        recognised=_SOURCES.sub("", said).strip().removeprefix(f"{_SAYS}: "),
        references=tuple(_SECTION.findall(said)),
        causes=frozenset(codes),
    )
