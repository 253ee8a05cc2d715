"""A statement of a configuration, and how nouns remember which statements said what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vpn_check.model.configtext import ConfigSource
from vpn_check.model.finding import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One line of a configuration. `text` is masked: no secret of the line is in it."""

    line: int
    text: str
    source: ConfigSource

    @property
    def evidence(self) -> Evidence:
        """The line as a finding quotes it."""
        return Evidence(source=self.source.command, line=self.line, text=self.text, origin=self.source.origin)


Stated = Mapping[str, tuple[Statement, ...]]
"""Which statements gave which field. The statement that opens a noun is under the empty name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """Base of everything that statements say."""

    stated: Stated = field(default_factory=dict, repr=False, compare=False)

    def at(self, *names: str) -> tuple[Statement, ...]:
        """The statements that gave these fields, in the order of the text; without names, all of them."""
        found = [line for name in (names or self.stated) for line in self.stated.get(name, ())]
        return tuple(sorted(dict.fromkeys(found), key=lambda line: (line.source.origin or "", line.line)))

    def says(self, name: str) -> bool:
        """Whether a statement gives this field; a value without one is a default."""
        return bool(self.stated.get(name))


def quote(*statements: Statement) -> tuple[Evidence, ...]:
    """Statements as evidence, each once, in the order given."""
    return tuple(dict.fromkeys(statement.evidence for statement in statements))
