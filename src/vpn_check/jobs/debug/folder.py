"""Where journals lie: written whole and synced, read, held by one process, removed when all is proved undone.

A journal has mode 0600 in a folder of mode 0700. It is written to a second file, synced, and renamed over the first;
the folder is synced as well. `<name>.lock` is locked by whoever undoes.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.errors import InputError, UsageError
from vpn_check.jobs.debug.journal import from_document, to_document
from vpn_check.jobs.debug.where import journal_folder, open_journals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.jobs.debug.journal import Journal


@dataclass(frozen=True, slots=True)
class JournalFolder:
    """Where journals are kept."""

    path: Path = field(default_factory=lambda: Path(journal_folder()))

    def names(self) -> tuple[str, ...]:
        """The open journals."""
        return tuple(name.removesuffix(".json") for name in open_journals(str(self.path)))

    def file(self, name: str) -> Path:
        """Where a journal lies."""
        return self.path / f"{name}.json"

    def read(self, name: str) -> Journal:
        """Read an open journal.

        Raises:
            InputError: it cannot be read. It stays where it is.
        """
        path = self.file(name)
        try:
            return from_document(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, InputError) as error:
            raise InputError(f"{path}: {error}", hint="It may stand for debugs that are on: look at the device."
                             ) from error

    def prepare(self) -> None:
        """Make the folder, and see that it can be written to.

        Raises:
            UsageError: it cannot.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> UsageError:
        return UsageError(f"The journal cannot be written to {self.path} ({error.strerror}); nothing was switched.",
                          hint="Make the folder writable, or set VPN_CHECK_STATE to another one.")

    def write(self, journal: Journal) -> None:
        """Write a journal and have it on disk when this returns.

        Raises:
            UsageError: it cannot be written; nothing must be switched on.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self.path, prefix=".journal.")   # mode 0600
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    json.dump(to_document(journal), stream, indent=1)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(temporary).replace(self.file(journal.name))
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._sync()
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self, name: str) -> None:
        """Remove the journal of what is proved undone."""
        self.file(name).unlink(missing_ok=True)
        self._sync()
        with suppress(OSError):
            (self.path / f"{name}.lock").unlink(missing_ok=True)

    def _sync(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Hold a journal while the context lasts; yields False where somebody else holds it."""
        descriptor = os.open(self.path / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
            yield True
        finally:
            os.close(descriptor)

    def holder(self, name: str) -> int | None:
        """The process that holds a journal now; None: nobody does."""
        path = self.path / f"{name}.lock"
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            text = os.read(descriptor, 20).decode(errors="replace").strip()
            return int(text) if text.isdigit() else 0
        finally:
            os.close(descriptor)
        return None
