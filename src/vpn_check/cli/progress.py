"""How far a run is, on standard error: only on a terminal, and never with --quiet."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.device import Device
    from vpn_check.model.finding import Diagnosis

_NAMED = 3   # devices waited for that are named


class Progress:
    """A bar with the number of devices done and the names of those that are waited for. A context manager.

    Args:
        total: how many devices there are.
        shown: False: nothing is shown, and rich is not imported.
    """

    def __init__(self, total: int, *, shown: bool) -> None:
        self.begun_names: set[str] = set()
        self._total = total
        self._busy: dict[str, None] = {}
        self._bad = 0
        self._lock = Lock()
        self._bar: Any = None
        self._task: Any = None
        if shown:
            self._bar, self._task = _bar(total)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begun(self, device: Device) -> None:
        """Work on a device has begun (called in any thread)."""
        with self._lock:
            self.begun_names.add(device.name)
            self._busy[device.name] = None
            self._show(0)

    def done(self, diagnosis: Diagnosis) -> None:
        """A device's answer is there."""
        self.finished(diagnosis.device, diagnosis.status)

    def finished(self, name: str, status: Status) -> None:
        """A device is done with, whatever came of it."""
        with self._lock:
            self._busy.pop(name, None)
            self._bad += status is not Status.HEALTHY
            self._show(1)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar off the terminal while an answer is written."""
        if self._bar is None:
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def _show(self, advance: int) -> None:
        if self._bar is None:
            return
        names = [*self._busy][:_NAMED]
        more = len(self._busy) - len(names)
        waits = f"asking {', '.join(names)}{f' and {more} more' if more else ''}" if names else ""
        bad = f"{self._bad} not healthy  " if self._bad else ""
        self._bar.update(self._task, advance=advance, waits=bad + waits)


def shown_on_terminal(*, quiet: bool) -> bool:
    """Whether somebody looks: standard error is a terminal, and --quiet was not given."""
    return not quiet and sys.stderr.isatty()


def _bar(total: int) -> tuple[Any, Any]:
    from rich.console import Console  # noqa: PLC0415  slow to load, and only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415  same
    from rich.progress import Progress as Bar  # noqa: PLC0415  same

    bar = Bar(SpinnerColumn(), MofNCompleteColumn(), BarColumn(bar_width=20), TimeElapsedColumn(),
              TextColumn("{task.fields[waits]}"), console=Console(stderr=True), transient=True)
    return bar, bar.add_task("devices", total=total, waits="")
