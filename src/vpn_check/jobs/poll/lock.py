"""One poller a history: a second one that begins while the first still polls would judge by half a story."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def only_one(place: str, folder: Path) -> Iterator[None]:
    """Hold the lock of a history while the context lasts. The system frees it however the process ends.

    Raises:
        HistoryError: another poller of this host holds it, or the folder cannot be written to.
    """
    if "://" not in place:
        place = str(Path(place).expanduser().resolve())   # however the file is called, it is the same one
    path = folder / f"poll-{hashlib.sha256(place.encode()).hexdigest()[:16]}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise HistoryError(f"{path} cannot be written ({error.strerror}).",
                           hint="Set VPN_CHECK_STATE to a folder that you can write to.") from error
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = file.read().strip()
            raise HistoryError(f"Another poller{f' (process {other})' if other else ''} writes to this history.",
                               hint="Wait for it, or ask what it knows: `vpn-check poll --last`.") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
