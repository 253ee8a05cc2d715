"""The log lines of a text, kept as the places where they stand: a long log is read again when it is needed."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.model.log import LogBlock
from vpn_check.parse.clean import clean_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.parse.clean import Line
    from vpn_check.parse.text import Text


@dataclass(slots=True)
class LogPlaces:
    """Runs of line numbers of one text that hold log lines, in their order. Its text must not change."""

    text: Text
    source: int
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)

    def feed(self, lines: Sequence[Line]) -> None:
        """Take further lines."""
        for number, _ in lines:
            if self.lasts and number <= self.lasts[-1] + 1:
                self.lasts[-1] = max(number, self.lasts[-1])
            else:
                self.firsts.append(number)
                self.lasts.append(number)

    def blocks(self) -> Iterator[LogBlock]:
        """See LogPart."""
        for numbers, lines in clean_blocks(self.text):
            if not numbers or not self.firsts:
                continue
            at = bisect_left(self.lasts, numbers[0])
            if at == len(self.lasts):
                return
            if self.firsts[at] <= numbers[0] and numbers[-1] <= self.lasts[at]:
                yield LogBlock(source=self.source, numbers=numbers, lines=lines)
                continue
            own = [pair for pair in zip(numbers, lines, strict=True) if self._has(pair[0])]
            if own:
                yield LogBlock(
                    source=self.source, numbers=[number for number, _ in own], lines=[line for _, line in own]
                )

    def _has(self, number: int) -> bool:
        at = bisect_left(self.lasts, number)
        return at < len(self.lasts) and self.firsts[at] <= number
