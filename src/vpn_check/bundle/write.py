"""Write a bundle so that there is either the whole of it or nothing, and never over something."""

from __future__ import annotations

import hashlib
import os
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from vpn_check.bundle.manifest import MANIFEST, dump
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from vpn_check.bundle.manifest import Manifest

_MODE = 0o600
_EARLIEST = 1980
"""A zip knows no year before."""


def refuse_existing(path: Path) -> None:
    """Say at once that a bundle cannot be written there, before a device is asked.

    Raises:
        UsageError: there is something already, or the folder cannot be written.
    """
    if path.is_symlink() or path.exists():
        raise UsageError(f"{path} is there already and is not overwritten.", hint="Give another name with -o.")
    folder = path.parent
    if not folder.is_dir():
        raise UsageError(f"The folder {folder} does not exist.", hint="Create it, or give another path with -o.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"The folder {folder} cannot be written.", hint="Give another path with -o.")


def write_bundle(path: Path, manifest: Manifest, files: Mapping[str, bytes]) -> str:
    """Write the zip and return its SHA-256. The manifest gets the checksums of the files.

    Raises:
        UsageError: something has come to stand at the path in the meantime, or the disk is full.
    """
    listed = tuple((name, len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items()))
    table = dump(replace(manifest, files=listed))
    moment = (manifest.finished_at or manifest.started_at).timetuple()[:6]
    with new_file(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in ((MANIFEST, table), *sorted(files.items())):
                entry = zipfile.ZipInfo(
                    name, date_time=moment if moment[0] >= _EARLIEST else (_EARLIEST, 1, 1, 0, 0, 0)
                )
                entry.external_attr = (0o100000 | _MODE) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed wants a raw file


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is whole and on the disk, with mode 0600; never over another.

    Raises:
        UsageError: the path is taken, or nothing can be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _MODE)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _publish(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already and is not overwritten.", hint="Give another name.") from error
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", hint="Nothing was left half written."
        ) from error


def _publish(temporary: Path, path: Path) -> None:
    """Give the finished file its name, in one step that fails where the name is taken."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: reserve the name, then put the file there
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last over a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
