"""What handlers write into: one draft a noun, by kind and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from vpn_check.config.draft import Draft
from vpn_check.config.tree import Node
from vpn_check.model.config import AddressSpec, Generation


@dataclass(slots=True)
class Collector:
    """Everything that is being read of one device. `waiting` are statements that need all objects known first."""

    generation: Generation
    drafts: dict[str, dict[str, Draft]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, AddressSpec] = field(default_factory=dict)
    acl_nodes: list[tuple[str, str, Node, list[str]]] = field(default_factory=list)
    """(list, kind, statement, words of the entry), in the order of the text."""
    nat_nodes: list[Node] = field(default_factory=list)
    object_nat: list[tuple[str, Node]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)

    @property
    def wildcard(self) -> bool:
        """Whether masks of access lists are wildcards."""
        return self.generation.router

    def draft(self, kind: str, key: str, node: Node, /, **values: object) -> Draft:
        """The draft of this kind and name; made at its first statement."""
        held = self.drafts[kind].get(key)
        if held is None:
            held = self.drafts[kind][key] = Draft(**values)
            held.say("", node)
        node.used = True
        self.seen.add(kind)
        return held

    def drop(self, kind: str, name: str, node: Node) -> None:
        """A `no` statement takes the noun back (pasted change scripts hold such)."""
        self.drafts[kind].pop(name, None)
        node.used = True

    def settings(self, kind: str) -> Draft:
        """The one draft of a kind that exists once."""
        return self.drafts[kind].setdefault("", Draft())


Handler = Callable[[Collector, Node], None]
Table = dict[str, Handler]
"""Statements by their first words."""


def number(word: str | None) -> int | None:
    """The number that a word is; None where it is none."""
    return int(word) if word is not None and word.isdigit() else None
