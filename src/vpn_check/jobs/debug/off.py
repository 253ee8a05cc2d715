"""`vpn-check debug-off`: undo what open journals hold, or have the guard that holds them do it now."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vpn_check.errors import InputError, VpnCheckError
from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.jobs.debug.reach import undo_device

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.collect.jump import Bastions
    from vpn_check.collect.live import Access
    from vpn_check.jobs.debug.journal import Journal
    from vpn_check.model.device import Credentials

Way = Callable[["Journal"], tuple["Credentials", "Bastions"]]
"""Resolves what to log in with for a journal, and the bastions on the way."""
_LOOK = 0.2
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What became of one journal. `reason` and `by_hand` where it is not proved off."""

    device: str
    journal: str
    off: bool
    reason: str = ""
    by_hand: tuple[str, ...] = ()


def debug_off(names: Sequence[str], *, way: Way, access: Access,
              say: Callable[[str], None], patience: float = _PATIENCE) -> Iterator[Undone]:
    """Undo open journals.

    Args:
        names: the devices; none: all of them.
        way: what to log in with, and the bastions on the way, for a journal that nobody holds.
        access: how to log in.
        say: is told how it goes, a line each.
        patience: seconds that a guard has to do it.
    """
    folder = JournalFolder()
    for name in folder.names():
        try:
            journal = folder.read(name)
        except InputError as error:
            yield Undone(device="?", journal=str(folder.file(name)), off=False, reason=str(error))
            continue
        if names and journal.device.name not in names:
            continue
        yield _undo(folder, journal, way, access, say, patience)


def _undo(folder: JournalFolder, journal: Journal, way: Way, access: Access,
          say: Callable[[str], None], patience: float) -> Undone:
    device, file = journal.device.name, str(folder.file(journal.name))
    holder = folder.holder(journal.name)
    if holder is not None:
        say(f"{device}: the guard (process {holder}) is told to switch off now.")
        if _guard_did(folder, journal.name, holder, patience):
            return Undone(device=device, journal=file, off=True)
        return _left(folder, journal, "the guard has not proved it yet, and goes on trying")
    with folder.held(journal.name) as mine:
        if not mine:
            return _left(folder, journal, "another process holds the journal")
        say(f"{device}: logging in to switch off.")
        try:
            credentials, bastions = way(journal)
            with closing(bastions):
                proof = undo_device(journal, credentials, replace(access, bastions=bastions), patience=patience)
        except VpnCheckError as error:
            with suppress(VpnCheckError):
                folder.write(replace(journal, tries=journal.tries + 1, last=str(error)))
            return _left(folder, journal, str(error))
        if proof.off:
            folder.close(journal.name)
            return Undone(device=device, journal=file, off=True)
        return Undone(device=device, journal=file, off=False, reason=proof.reason, by_hand=proof.by_hand)


def _guard_did(folder: JournalFolder, name: str, holder: int, patience: float) -> bool:
    with suppress(OSError):
        if holder:
            os.kill(holder, signal.SIGUSR1)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not folder.file(name).exists():
            return True
        if folder.holder(name) is None:
            break
        time.sleep(_LOOK)
    return not folder.file(name).exists()


def _left(folder: JournalFolder, journal: Journal, reason: str) -> Undone:
    return Undone(device=journal.device.name, journal=str(folder.file(journal.name)), off=False, reason=reason,
                  by_hand=(*journal.off, journal.forms.listed))
