"""The guard: a process of its own that undoes when the main line ends in any other way than saying that all is off.

It stands in its own session and depends on nothing of the main line: not on its terminal, its pipes or its life. What
it logs in with it was told over a socket pair and keeps in memory. It ends when the device has proved that all is off,
or when trying on would do harm: a refused password is tried once, a changed host key sees no password.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import sys
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.jump import Bastions
from vpn_check.collect.live import Access
from vpn_check.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    CommandNotAllowed,
    DialogueError,
    HostKeyError,
    PrivilegeError,
    Unreachable,
    UsageError,
    VpnCheckError,
)
from vpn_check.jobs.debug import wire
from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.jobs.debug.reach import undo_device
from vpn_check.jobs.debug.where import journal_folder

if TYPE_CHECKING:
    from vpn_check.jobs.debug.journal import Journal

_FIRST_PAUSE = 0.3
_LONGEST_PAUSE = {True: 10.0, False: 60.0}   # seconds between two tries: cannot be reached; reached, and not proved
_LATER_PAUSE = 60.0
_EAGER = 3_600.0      # seconds for which a device that cannot be reached is tried every few seconds
_LONGEST_LIFE = 7 * 86_400.0
_GRACE = 15.0
_PATIENCE = 20.0      # seconds to wait, in one try, for the end of a session that debugs belong to
_FINAL: tuple[tuple[type[VpnCheckError], str], ...] = (
    (AuthenticationFailed, "refused"), (HostKeyError, "host key"), (DialogueError, "dialogue"),
    (PrivilegeError, "privilege"), (AlgorithmMismatch, "algorithms"), (CommandNotAllowed, "defect"),
)
"""Failures at which nobody tries on: the state that the journal then shows."""


def main() -> int:
    """Run the guard; standard input is one end of the socket pair."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))   # a core would hold the password
    talk = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    task = wire.receive_task(talk)
    if task is None:
        return 0
    folder = JournalFolder(Path(journal_folder(task.environ)))
    with folder.held(task.journal.name) as mine:
        if not mine:
            return 1
        try:
            folder.write(task.journal)
        except UsageError as error:
            with suppress(OSError):
                talk.sendall(f"{error}\n".encode())
            return 1
        guard = Guard(folder, task)
        guard.take_signals()
        with suppress(OSError):
            talk.sendall(wire.READY)
        if guard.watch(talk, time.monotonic() + task.deadline):
            guard.undo(talk)
        return 0


class Guard:
    """What the process does.

    Args:
        folder: where the journal is.
        task: what there is to know.
        grace: seconds that the main line has to end by itself when it is told to.
    """

    def __init__(self, folder: JournalFolder, task: wire.Task, *, grace: float = _GRACE) -> None:
        self._grace = grace
        self._folder = folder
        self._task = task
        self._journal = task.journal
        self._host_keys = HostKeys(task.environ)
        self._called, self._call = os.pipe()
        os.set_blocking(self._call, False)

    def take_signals(self) -> None:
        """Outlive the terminal; act at once where the host goes down (SIGTERM) or `debug-off` asks (SIGUSR1)."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGUSR1):
            signal.signal(number, lambda _number, _frame: _ring(self._call))

    def watch(self, talk: socket.socket, deadline: float) -> bool:
        """Wait for the main line's end; whether there is something to undo."""
        told = False
        while True:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([talk.fileno(), self._called], [], [], max(0.0, left))
            if talk.fileno() in ready:
                return wire.receive_word(talk) != wire.DONE
            if told:
                return True
            if self._called in ready:
                os.read(self._called, 64)
            told, deadline = True, time.monotonic() + self._grace
            with suppress(OSError):
                talk.sendall(wire.STOP)

    def undo(self, talk: socket.socket) -> None:
        """Try until the device has proved that all is off, or until trying does harm."""
        began = time.monotonic()
        pause = _FIRST_PAUSE
        while True:
            unreachable = self._try()
            with suppress(OSError):
                talk.sendall(wire.OFF if self._journal.state == "off" else wire.OPEN)
            if self._journal.state != "armed":
                return
            spent = time.monotonic() - began
            if spent > _LONGEST_LIFE:
                self._note(replace(self._journal, state="given up"))
                return
            longest = _LATER_PAUSE if spent > _EAGER else _LONGEST_PAUSE[unreachable]
            ready, _, _ = select.select([self._called], [], [], min(pause, longest))
            if ready:
                os.read(self._called, 64)
            pause = min(pause * 2, longest)

    def _try(self) -> bool:
        """One log-in. Whether the device could not be reached."""
        journal = self._journal
        try:
            with closing(Bastions(self._host_keys, self._task.limits, self._task.gateways.get)) as bastions:
                access = Access(host_keys=self._host_keys, limits=self._task.limits, bastions=bastions)
                proof = undo_device(journal, self._task.credentials, access, patience=_PATIENCE)
        except VpnCheckError as error:
            state = next((state for kind, state in _FINAL if isinstance(error, kind)), "armed")
            self._note(replace(journal, tries=journal.tries + 1, last=str(error), state=state))
            return isinstance(error, Unreachable)
        if proof.off:
            self._journal = replace(journal, state="off")
            self._folder.close(journal.name)
        else:
            self._note(replace(journal, tries=journal.tries + 1, last=proof.reason))
        return False

    def _note(self, journal: Journal) -> None:
        self._journal = journal
        with suppress(UsageError):   # the disk may be full; undoing matters more than writing of it
            self._folder.write(journal)


def _ring(descriptor: int) -> None:
    with suppress(OSError):
        os.write(descriptor, b"!")


if __name__ == "__main__":
    sys.exit(main())
