"""A page of the catalogue on a terminal."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from vpn_check.model.knowledge import Advice, Page, Section

_WIDEST, _NARROWEST = 110, 60


class PageWriter:
    """Writes pages to a stream. `width` columns; None asks the terminal."""

    def __init__(self, stream: TextIO, *, width: int | None = None) -> None:
        self._stream = stream
        self._width = max(_NARROWEST, min(width or shutil.get_terminal_size((100, 24)).columns, _WIDEST))

    def write(self, page: Page) -> None:
        """Write one page."""
        self._put(page.title)
        self._put(page.lead, indent=2)
        for section in page.sections:
            if section:
                self._section(section)

    def _section(self, section: Section) -> None:
        self._stream.write("\n")
        if section.heading:
            self._put(section.heading)
        if section.text:
            self._put(section.text, indent=2)
        for line in section.lines:
            for part in line.splitlines():
                self._stream.write(f"  | {part}\n")
        for point in section.points:
            self._put(f"- {point}", indent=2)
        for advice in section.advice:
            self._advice(advice)

    def _advice(self, advice: Advice) -> None:
        remedy = advice.remedy
        marks = [", ".join(advice.platforms)] if advice.platforms else []
        marks += ["interrupts traffic"] if remedy.disruptive else []
        self._put(f"- {remedy.text}" + (f" ({'; '.join(marks)})" if marks else ""), indent=2)
        for command in remedy.commands:
            self._stream.write(f"      {command}\n")
        for change in remedy.changes:
            self._stream.write(f"      change: {change}\n")

    def _put(self, text: str, *, indent: int = 0) -> None:
        further = indent + (2 if text.startswith("- ") else 0)
        lines = textwrap.wrap(
            text,
            self._width,
            initial_indent=" " * indent,
            subsequent_indent=" " * further,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._stream.write("\n".join(lines) + "\n")
