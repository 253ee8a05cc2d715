"""Lines of small blocks: the states of a tunnel over time, and its traffic, a cell for each span."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, TextIO

from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vpn_check.model.pollreport import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """The characters of the cells. `levels` from nothing to the most; `none`: no poll; `unknown`: no answer."""

    healthy: str
    warning: str
    critical: str
    unknown: str
    none: str
    levels: str


BLOCKS = Alphabet(healthy="▁", warning="▄", critical="█", unknown="?", none="·", levels="▁▂▃▄▅▆▇█")
ASCII = Alphabet(healthy="_", warning="=", critical="#", unknown="?", none=".", levels="_-~+*xX#")


def alphabet(out: TextIO) -> Alphabet:
    """The one that a stream can take."""
    try:
        (BLOCKS.levels + BLOCKS.none).encode(getattr(out, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A span of time cut into equal cells of `seconds`, each with what its points add up to; None: no poll.

    `measured`: for each cell the seconds over which its packets were counted.
    """

    seconds: int
    sums: tuple[Tally | None, ...]
    measured: tuple[int, ...]

    def states(self, letters: Alphabet) -> str:
        """The worst state of each cell. A cell that is partly known shows what is known, if that is worse."""
        return "".join(letters.none if tally is None else _state(tally, letters) for tally in self.sums)

    def rates(self) -> tuple[float | None, ...]:
        """Packets a second in both directions, over the spans whose counters could be compared; None: not known."""
        return tuple(
            (tally.encaps + tally.decaps) / seconds if tally is not None and seconds else None
            for tally, seconds in zip(self.sums, self.measured, strict=True)
        )

    def traffic(self, letters: Alphabet) -> str:
        """The rates on a scale from nothing to the highest of them; any packet at all is more than the lowest level."""
        rates = self.rates()
        peak = max((rate for rate in rates if rate is not None), default=0.0)
        return "".join(letters.none if rate is None else _level(rate, peak, letters.levels) for rate in rates)


def cells(points: Sequence[Point], *, since: datetime, until: datetime, step: int, most: int) -> Cells:
    """Put points into at most `most` cells, each a whole number of steps, so that no cell has fewer points than others.

    Args:
        points: in order of time.
        since: the begin of the first cell.
        until: the end of the last one, or just before it.
        step: seconds that each point covers.
        most: cells at most.
    """
    steps = max(ceil((until - since).total_seconds() / step), 1)
    each = ceil(steps / max(most, 1))
    sums: list[Tally | None] = [None] * ceil(steps / each)
    measured = [0] * len(sums)
    for point in points:
        place = int((point.at - since).total_seconds() // (step * each))
        if -1 <= place < len(sums) + 1:   # the first point may begin before `since`, the last one at `until`
            place = min(max(place, 0), len(sums) - 1)
            before = sums[place]
            sums[place] = point.tally if before is None else before + point.tally
            measured[place] += step if point.tally.counted else 0
    return Cells(seconds=step * each, sums=tuple(sums), measured=tuple(measured))


def _state(tally: Tally, letters: Alphabet) -> str:
    if not tally.polls:
        return letters.none
    return (letters.healthy, letters.warning, letters.unknown, letters.critical)[tally.rank]


def _level(rate: float, peak: float, levels: str) -> str:
    if rate <= 0 or peak <= 0:
        return levels[0]
    return levels[min(1 + int(rate / peak * (len(levels) - 1)), len(levels) - 1)]
