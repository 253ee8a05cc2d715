"""A thread that takes what the watched session shows, so that the main line is free to look at the load."""

from __future__ import annotations

import time
from threading import Thread
from typing import TYPE_CHECKING

from vpn_check.collect.stream import StreamClosedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.collect.watch import Watch
    from vpn_check.jobs.debug.capture import Capture
    from vpn_check.model.transcript import Command, CommandOutput

_LONGEST_DRAIN = 4.0   # seconds
_LOOK = 0.2   # seconds between two chances to be stopped


class Listener:
    """Reads a watched session into a capture.

    Args:
        watch: the session.
        capture: where the text goes.
        tell: is told once, `full` or `closed`. Called in the listener's thread.
    """

    def __init__(self, watch: Watch, capture: Capture, tell: Callable[[str], None]) -> None:
        self._watch = watch
        self._capture = capture
        self._tell = tell
        self._stopping = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to read."""
        self._stopping = False
        self._thread = Thread(target=self._run, name="debug-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Read no more; the session is the caller's again."""
        self._stopping = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def say(self, command: Command, *, patience: float) -> CommandOutput:
        """Send a command on the watched session while nobody else reads it; what comes goes to the capture."""
        output = self._watch.tell(command, patience=patience)
        self._capture.add(output.text)
        return output

    def hush(self, commands: tuple[Command, ...], *, patience: float) -> None:
        """Send commands one after the other, whatever their answers; after so many seconds without waiting for them."""
        end = time.monotonic() + patience
        for command in commands:
            if self._watch.open:
                self.say(command, patience=max(0.0, end - time.monotonic()))

    def calm(self, seconds: float) -> bool:
        """Take what is still on its way. Whether nothing more came for so long, on a session that is still open."""
        end = time.monotonic() + _LONGEST_DRAIN
        try:
            while self._watch.open and time.monotonic() < end:
                text = self._watch.heard(seconds)
                if not text:
                    return self._watch.open
                self._capture.add(text)
        except StreamClosedError:
            return False
        return False

    def _run(self) -> None:
        told = False
        while not self._stopping:
            try:
                self._capture.add(self._watch.heard(_LOOK))
            except StreamClosedError:
                self._tell("closed")
                return
            if self._capture.full and not told:
                told = True
                self._tell("full")
