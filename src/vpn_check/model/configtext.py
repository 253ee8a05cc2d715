"""Configurations as received, before they are read. Apart from the nouns: few runs need those."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigSource:
    """The text that statements were read from: the command it answers and the file it lies in."""

    command: str
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigText:
    """Lines of a configuration as received, secrets and all: read at once, and shown nowhere.

    `typed`: they were typed by hand in configuration mode, so that words may be abbreviated.
    """

    source: ConfigSource
    lines: tuple[tuple[int, str], ...] = field(repr=False)
    typed: bool = False
