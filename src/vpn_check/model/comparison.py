"""Two ends of a tunnel side by side: parameter by parameter, and where the packets stop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import Diagnosis, Evidence, Finding


class Match(StrEnum):
    """Whether a parameter fits at both ends. Some may differ and still fit (lifetimes: the shorter holds)."""

    AGREE = "agree"
    DIFFER = "differ"
    UNKNOWN = "not comparable"

    @staticmethod
    def of(fits: bool | None) -> Match:  # noqa: FBT001  three-valued
        """The word for a verdict that may be missing."""
        return Match.UNKNOWN if fits is None else Match.AGREE if fits else Match.DIFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One parameter of both ends, in the words of each. `note` says why, where it is not plain."""

    parameter: str
    here: str
    there: str
    match: Match
    note: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelComparison:
    """One tunnel seen from both ends."""

    name: str
    peer: str | None
    rows: tuple[Row, ...]

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows that do not fit."""
        return tuple(row for row in self.rows if row.match is Match.DIFFER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both ends: their tunnels side by side, each end's own diagnosis, and the joint verdict."""

    here: Diagnosis
    there: Diagnosis
    tunnels: tuple[TunnelComparison, ...]
    verdict: Finding | None
