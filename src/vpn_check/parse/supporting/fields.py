"""The rows of a template by field name: text without its margins, numbers as integers, what is absent as None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.parse.values import integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.parse.engine import Parsed, Row

_NOTHING = {"(none)", "<none>"}


class Fields:
    """One row. An empty value is None; `(none)` is the word `none`, for that is what the device says."""

    __slots__ = ("_index", "_row")

    def __init__(self, index: dict[str, int], row: Row) -> None:
        self._index, self._row = index, row

    def text(self, name: str) -> str | None:
        """The value, stripped; None where the device printed none, or the template has no such value."""
        slot = self._index.get(name)
        value = self._row[slot] if slot is not None else None
        word = value.strip() if isinstance(value, str) else ""
        return "none" if word in _NOTHING else word or None

    def number(self, name: str) -> int | None:
        """The value as an integer; None where nothing numeric was printed."""
        return integer(self.text(name))

    def listed(self, name: str) -> list[str]:
        """The values of a list, stripped."""
        slot = self._index.get(name)
        value = self._row[slot] if slot is not None else None
        return [word.strip() for word in value] if isinstance(value, list) else []

    def has(self, *names: str) -> bool:
        """Whether any of these was printed."""
        return any(self.text(name) is not None for name in names)


def fields(parsed: Parsed) -> Iterator[Fields]:
    """The rows, in the order in which they were printed."""
    index = {name: slot for slot, name in enumerate(parsed.header)}
    for row in parsed.rows:
        yield Fields(index, row)
