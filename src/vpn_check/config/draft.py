"""A noun in the making: values with the statements that gave them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from vpn_check.config.tree import Node
from vpn_check.model.config import Configured

_C = TypeVar("_C", bound=Configured)


class Draft:
    """Collects the fields of one noun from statements that may stand far apart."""

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  fields of any noun
        self.values: dict[str, Any] = values
        self._stated: dict[str, list[Node]] = {}

    def say(self, name: str, node: Node) -> None:
        """Remember that this statement gave the field; the empty name is the statement that opens the noun."""
        node.used = True
        self._stated.setdefault(name, []).append(node)

    def set(self, name: str, value: Any, node: Node) -> None:  # noqa: ANN401  same
        """Set a field; the last statement wins, as on the device."""
        self.values[name] = value
        self._stated.pop(name, None)
        self.say(name, node)

    def add(self, name: str, value: Any, node: Node) -> None:  # noqa: ANN401  same
        """Append to a field that holds several values, each once."""
        held = self.values.setdefault(name, [])
        if value not in held:
            held.append(value)
        self.say(name, node)

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  same
        """What a field holds so far."""
        return self.values.get(name, default)

    def remove(self, name: str) -> None:
        """Forget a field."""
        self.values.pop(name, None)
        self._stated.pop(name, None)

    def make(self, noun: type[_C], **further: Any) -> _C:  # noqa: ANN401  same
        """The noun; what was said of it and is no field of it (a map entry's word in a profile) is left out."""
        known = {field.name for field in fields(noun)}
        values = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in {**self.values, **further}.items()
            if name in known
        }
        stated = {name: tuple(node.statement for node in nodes) for name, nodes in self._stated.items()}
        return noun(**values, stated=stated)
