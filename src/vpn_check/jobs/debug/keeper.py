"""The main line's hold on its guard: start it, know that it lives, tell it the end."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from vpn_check.errors import UsageError
from vpn_check.jobs.debug import wire
from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.jobs.debug.where import journal_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEPT = ("HOME", "PATH", "LANG", "LC_ALL", "SSH_AUTH_SOCK", "PYTHONPATH", "VIRTUAL_ENV", "XDG_STATE_HOME", "TMPDIR")
"""What the guard's environment keeps: nothing that may hold a secret."""
_START = 60.0    # seconds that the guard has to start, on a host that is busy
_END = 10.0


class Keeper:
    """A running guard. A context manager: leaving it hands over what is not said to be done.

    It starts at once, and holds nothing until it is armed.

    Args:
        environ: the environment of this process.

    Raises:
        UsageError: the guard cannot be started.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._kept = {name: environ[name] for name in _KEPT if name in environ}
        self._kept["VPN_CHECK_STATE"] = str(Path(journal_folder(environ)).absolute().parent)
        self._armed = False
        self._wire, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "vpn_check.jobs.debug.guard"], stdin=theirs.fileno(), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, cwd="/", env=self._kept)
        except OSError as error:
            self._wire.close()
            raise UsageError(f"The guard cannot be started ({error.strerror}); nothing was switched on.") from error
        finally:
            theirs.close()

    def arm(self, task: wire.Task) -> None:
        """Give the guard what it has to undo, and wait until it has it on disk.

        Raises:
            UsageError: it does not. Nothing may be switched on.
        """
        try:
            wire.send_task(self._wire, replace(task, environ=self._kept))
            answer = self._word(_START)
        except OSError:
            answer = b""
        if answer != wire.READY:
            self._process.kill()
            self._process.wait()
            with suppress(OSError):
                JournalFolder(Path(journal_folder(self._kept))).close(task.journal.name)
            why = (answer or b"").decode(errors="replace").strip()
            raise UsageError(why or "The guard did not start; nothing was switched on.")
        self._armed = True

    def _word(self, seconds: float) -> bytes | None:
        """The next word of the guard; None: none came in time."""
        ready, _, _ = select.select([self._wire], [], [], seconds)
        return wire.receive_word(self._wire) if ready else None

    def asks_to_stop(self) -> str:
        """Why to stop now, as the guard says or shows; empty: go on."""
        word = self._word(0)
        if word is None:
            return ""
        return "asked" if word == wire.STOP else "guard"

    def done(self) -> None:
        """Say that all is off and the journal closed; wait for the guard's end."""
        with suppress(OSError):
            self._wire.sendall(wire.DONE)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END)
        self._wire.close()

    def hand_over(self, seconds: float) -> bool:
        """Let the guard undo; whether it has proved within so long that all is off."""
        with suppress(OSError):
            self._wire.sendall(wire.YOURS)
            word = self._word(seconds)
            while word == wire.STOP:
                word = self._word(seconds)
            if word == wire.OFF:
                self._process.wait()
                self._wire.close()
                return True
        self._wire.close()
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._wire.close()   # the guard sees the end of the stream, and undoes what it was not told to be done
        if not self._armed:
            self._process.wait()
