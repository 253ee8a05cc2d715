"""Why a verdict is what it is: the layers from below, what was ruled out and by what, and what would decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import Evidence


class LayerState(StrEnum):
    """How a layer stands. Above the first one that fails nothing can work: it rests on that."""

    WORKS = "works"
    FAILS = "fails"
    UNKNOWN = "not seen"
    RESTS = "rests on the layer that fails"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of a tunnel, with the device's lines that show how it stands."""

    name: str
    state: LayerState
    told: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOut:
    """Causes that the evidence excludes, and the evidence."""

    causes: tuple[str, ...]
    by: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """The reasoning behind a verdict.

    `against` are facts that do not fit it. `decide` is the one command (or step) that would decide between the causes
    that remain, and `tells` how to read its answer; both empty where nothing remains to be decided.
    """

    layers: tuple[Layer, ...]
    ruled_out: tuple[RuledOut, ...] = ()
    against: tuple[RuledOut, ...] = ()
    decide: str = ""
    tells: str = ""
