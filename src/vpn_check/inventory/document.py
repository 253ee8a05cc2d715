"""YAML with line numbers, in which no key stands twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from vpn_check.errors import InventoryError


class Section(dict[Any, Any]):
    """A mapping that knows the line of each of its keys."""

    lines: dict[Any, int]

    @classmethod
    def empty(cls) -> Section:
        """One without keys."""
        section = cls()
        section.lines = {}
        return section


class Loader(yaml.CSafeLoader):
    """YAML's safe loader, with line numbers. `repeats` says whether a key given twice is let pass (the last counts)."""

    repeats = False


def _mapping(loader: Loader, node: yaml.MappingNode) -> Section:
    lines: dict[Any, int] = {}
    for key_node, _ in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            continue
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if isinstance(key, Iterable) and not isinstance(key, str):
            raise _DefectError(line, "a key must be a word.", "Write it without brackets.")
        if key in lines and not loader.repeats:
            raise _DefectError(line, f"the key `{key}` is given twice, first in line {lines[key]}.",
                               "Remove one of the two.")
        lines[key] = line
    loader.flatten_mapping(node)
    result = Section(loader.construct_mapping(node, deep=True))
    result.lines = lines
    return result


Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class _DefectError(Exception):
    def __init__(self, line: int, what: str, hint: str) -> None:
        super().__init__(what)
        self.line = line
        self.hint = hint


def read(path: Path) -> str:
    """The text of a file. Raises InventoryError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
        raise InventoryError(f"The inventory {path} cannot be read ({why}).",
                             hint="Give another one with --inventory.") from exc


def compose(path: Path, text: str, loader: type[Loader] = Loader) -> yaml.Node | None:
    """The document's nodes, from which its form can be told. Raises InventoryError with the line."""
    with _errors(path):
        return yaml.compose(text, Loader=loader)


def construct(path: Path, node: yaml.Node | None, loader: type[Loader] = Loader) -> Any:  # noqa: ANN401  any YAML
    """The document of these nodes, its mappings as `Section`. Raises InventoryError with the line."""
    if node is None:
        return None
    with _errors(path):
        builder = loader("")
        try:
            return builder.construct_document(node)
        finally:
            builder.dispose()


def parse(path: Path, text: str, loader: type[Loader] = Loader) -> Any:  # noqa: ANN401  any YAML
    """The document, its mappings as `Section`. Raises InventoryError with the line."""
    return construct(path, compose(path, text, loader), loader)


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except _DefectError as exc:
        raise InventoryError(f"{path}, line {exc.line}: {exc}", hint=exc.hint) from None
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else "?"
        raise InventoryError(f"{path}, line {line}: this is not YAML ({exc.problem}).",
                             hint="Look at indentation, colons and quotes around there.") from None
    except yaml.YAMLError as exc:
        raise InventoryError(f"{path}: this is not YAML ({str(exc).splitlines()[0]}).",
                             hint="Look for characters that no editor shows.") from None
