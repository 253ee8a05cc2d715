"""YAML with line numbers, in which no key stands twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import yaml

from vpn_check.errors import InventoryError

if TYPE_CHECKING:
    from pathlib import Path


class Section(dict[Any, Any]):
    """A mapping that knows the line of each of its keys."""

    lines: dict[Any, int]

    @classmethod
    def empty(cls) -> Section:
        """One without keys."""
        section = cls()
        section.lines = {}
        return section


class _Loader(yaml.CSafeLoader):
    """YAML's safe loader that refuses a key given twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Section:
    lines: dict[Any, int] = {}
    for key_node, _ in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            continue
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if isinstance(key, Iterable) and not isinstance(key, str):
            raise _DefectError(line, "a key must be a word.", "Write it without brackets.")
        if key in lines:
            raise _DefectError(line, f"the key `{key}` is given twice, first in line {lines[key]}.",
                               "Remove one of the two.")
        lines[key] = line
    loader.flatten_mapping(node)
    result = Section(loader.construct_mapping(node, deep=True))
    result.lines = lines
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class _DefectError(Exception):
    def __init__(self, line: int, what: str, hint: str) -> None:
        super().__init__(what)
        self.line = line
        self.hint = hint


def parse(path: Path, text: str) -> object:
    """The document, its mappings as `Section`. Raises InventoryError with the line."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a subclass of the safe loader
    except _DefectError as exc:
        raise InventoryError(f"{path}, line {exc.line}: {exc}", hint=exc.hint) from None
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else "?"
        raise InventoryError(f"{path}, line {line}: this is not YAML ({exc.problem}).",
                             hint="Look at indentation, colons and quotes around there.") from None
    except yaml.YAMLError as exc:
        raise InventoryError(f"{path}: this is not YAML ({str(exc).splitlines()[0]}).",
                             hint="Look for characters that no editor shows.") from None
