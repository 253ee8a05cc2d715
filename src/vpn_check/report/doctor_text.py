"""The answer of `doctor` on a terminal: one aligned line a step, and below it what to do."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, TextIO

from vpn_check.model.checkup import StepState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.checkup import Checkup, Step

_COLOURS = {StepState.OK: "\x1b[32m", StepState.WARN: "\x1b[1;33m", StepState.FAIL: "\x1b[1;31m",
            StepState.SKIPPED: "\x1b[2m"}
_RESET = "\x1b[0m"
_STATE = 7
_NAME = 24


class DoctorReport:
    """Writes check-ups to a stream.

    Args:
        stream: where to write.
        colour: whether the stream takes colours.
        width: columns; None asks the terminal.
    """

    def __init__(self, stream: TextIO, *, colour: bool = False, width: int | None = None) -> None:
        self._stream = stream
        self._colour = colour
        self._width = max(60, min(width or shutil.get_terminal_size((100, 24)).columns, 140))

    def write(self, checkups: Sequence[Checkup]) -> None:
        """Write all of them; a line sums up the devices."""
        for number, checkup in enumerate(checkups):
            if number:
                self._stream.write("\n")
            self._stream.write(f"{_title(checkup)}\n")
            width = min(max(len(step.name) for step in checkup.steps), _NAME) if checkup.steps else 0
            for step in checkup.steps:
                self._step(step, width)
        devices = [checkup for checkup in checkups if checkup.device is not None]
        if devices:
            self._stream.write(f"\n{_summary(devices)}\n")

    def _step(self, step: Step, width: int) -> None:
        state = f"{step.state.value:{_STATE}}"
        painted = f"{_COLOURS[step.state]}{state}{_RESET}" if self._colour else state
        indent = 2 + _STATE + 2 + width + 2
        head, *rest = self._lines(step.found, indent)
        name = f"{step.name:{width}}"
        if len(step.name) > width:   # a long command has its line to itself
            self._stream.write(f"  {painted}  {step.name}\n{' ' * indent}{head}\n")
        else:
            self._stream.write(f"  {painted}  {name}  {head}\n")
        for line in (*rest, *(self._lines(f"-> {step.advice}", indent, 3) if step.advice else ())):
            self._stream.write(f"{' ' * indent}{line}\n")

    def _lines(self, text: str, indent: int, hang: int = 0) -> list[str]:
        return textwrap.wrap(text, max(self._width - indent, 30), subsequent_indent=" " * hang,
                             break_long_words=False, break_on_hyphens=False) or [""]


def _title(checkup: Checkup) -> str:
    device = checkup.device
    return "This machine" if device is None else f"{device.name} ({device.host} port {device.port})"


def _summary(devices: Sequence[Checkup]) -> str:
    ready = sum(checkup.failed is None for checkup in devices)
    failed = [f"{checkup.device.name} fails at: {checkup.failed.name}" for checkup in devices
              if checkup.failed is not None and checkup.device is not None]
    return "; ".join([f"{ready} of {len(devices)} device{'' if len(devices) == 1 else 's'} ready", *failed]) + "."
