"""A check of the set-up, step by step: what `vpn-check doctor` finds out about this machine, and about each device."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from vpn_check.model.device import Device


class StepState(StrEnum):
    """What came of a step. skipped: it does not apply, or an earlier one failed."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what was found, in a sentence, and what to do next where something is to be done."""

    name: str
    state: StepState
    found: str
    advice: str = ""


def ok(name: str, found: str, advice: str = "") -> Step:
    """A step that is as it should be."""
    return Step(name=name, state=StepState.OK, found=found, advice=advice)


def warn(name: str, found: str, advice: str = "") -> Step:
    """A step that will do, with something to know or to mend."""
    return Step(name=name, state=StepState.WARN, found=found, advice=advice)


def fail(name: str, found: str, advice: str = "") -> Step:
    """A step behind which nothing works."""
    return Step(name=name, state=StepState.FAIL, found=found, advice=advice)


def skipped(name: str, found: str) -> Step:
    """A step that does not apply."""
    return Step(name=name, state=StepState.SKIPPED, found=found)


NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """The steps of one device, or of this machine (`device` None)."""

    steps: tuple[Step, ...]
    device: Device | None = None

    @property
    def status(self) -> Status:
        """Healthy, warning, or unknown where a step failed: nothing can be said of tunnels then."""
        states = {step.state for step in self.steps}
        if StepState.FAIL in states:
            return Status.UNKNOWN
        return Status.WARNING if StepState.WARN in states else Status.HEALTHY

    @property
    def failed(self) -> Step | None:
        """The first step that failed."""
        return next((step for step in self.steps if step.state is StepState.FAIL), None)
