"""What the catalogue tells a reader: pages on one cause or message, and rows of the tables of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A remedy and the platforms that it is written for; none means all."""

    remedy: Remedy
    platforms: tuple[PlatformName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page: running text, points, lines of a device as they are printed, or advice."""

    heading: str
    text: str = ""
    points: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.points or self.lines or self.advice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page on a cause code or on a known message."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """A cause code in the table: its rules and known messages by name."""

    code: str
    phase: str
    meaning: str
    rules: tuple[str, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A known message in the table. `severity` is None where it is no finding by itself."""

    id: str
    platforms: tuple[PlatformName, ...]
    phase: str
    cause: str
    severity: str | None
    confidence: float | None
    consequence: bool
    wording: str
    summary: str
    meaning: str
    causes: tuple[str, ...]
    advice: tuple[Advice, ...]
    caveats: tuple[str, ...]
    references: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeTable:
    """The causes with their rules and messages."""

    causes: tuple[CauseRow, ...]
    messages: tuple[MessageRow, ...]
