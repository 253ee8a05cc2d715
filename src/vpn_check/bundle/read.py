"""Read a bundle that somebody else may have made: nothing is unpacked to disk, nothing grows without bound."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from vpn_check.bundle.manifest import MANIFEST, Entry, Manifest, load
from vpn_check.errors import InputError
from vpn_check.model.finding import DeviceFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.transcript import CommandOutput

MOST_FILES = 20_000
LARGEST_FILE = 256 << 20
LARGEST_BUNDLE = 1 << 30
"""Bytes, unpacked. A capture of ten thousand tunnels is 23 MB."""
_CHUNK = 1 << 20


class _Store(Protocol):
    def names(self) -> list[str]: ...

    def read(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle that was read: its manifest, with the texts of the outputs in it."""

    path: Path
    manifest: Manifest


def read_bundle(path: Path) -> Bundle:
    """Read and check a bundle. A text whose checksum does not match is left out, and its device says so.

    Raises:
        InputError: it is no bundle, it is damaged, or it is built to do harm.
    """
    try:
        if path.is_dir():
            return _read(path, _Folder(path))
        with zipfile.ZipFile(path) as archive:
            return _read(path, _Zip(path, archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(
            f"{path}: the bundle is damaged or cannot be read ({error}).", hint="Ask for it again, compare its SHA-256."
        ) from error


def _read(path: Path, store: _Store) -> Bundle:
    names = store.names()
    if MANIFEST not in names:
        raise InputError(f"{path}: is no evidence bundle, it has no {MANIFEST}.", hint="Unpack it and give the folder.")
    manifest = load(store.read(MANIFEST), str(path))
    sums = {name: digest for name, _, digest in manifest.files}
    known = set(names)
    budget = LARGEST_BUNDLE
    devices: list[Entry] = []
    for device in manifest.devices:
        outputs: list[CommandOutput] = []
        faults = list(device.faults)
        for output in device.outputs:
            name = output.origin or ""
            if name not in known:
                faults.append(_fault(f"{name}: is missing from the bundle."))
                continue
            data = store.read(name)
            budget -= len(data)
            if budget < 0:
                raise InputError(
                    f"{path}: holds more than {LARGEST_BUNDLE >> 20} MiB.", hint="This is no usual bundle."
                )
            if hashlib.sha256(data).hexdigest() != sums.get(name):
                faults.append(
                    _fault(f"{name}: the checksum does not match the manifest; it was changed and is not used.")
                )
                continue
            outputs.append(replace(output, text=data.decode("utf-8", errors="replace")))
        devices.append(replace(device, outputs=tuple(outputs), faults=tuple(faults)))
    return Bundle(path=path, manifest=replace(manifest, devices=tuple(devices)))


def _fault(message: str) -> DeviceFault:
    return DeviceFault(step=InputError.step, message=message)


class _Zip:
    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise InputError(f"{path}: holds {len(entries)} files.", hint="This is no bundle of vpn-check.")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            refuse_path(entry.filename, str(path))
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if entry.filename in self._entries or entry.flag_bits & 1 or kind not in {0, stat.S_IFREG}:
                raise InputError(
                    f"{path}: {entry.filename!r} is there twice, encrypted, or no file.",
                    hint="This is no bundle of vpn-check.",
                )
            if entry.file_size > LARGEST_FILE:
                raise InputError(
                    f"{path}: {entry.filename!r} says it has {entry.file_size} bytes.",
                    hint=f"A file may have {LARGEST_FILE >> 20} MiB.",
                )
            self._entries[entry.filename] = entry

    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        parts: list[bytes] = []
        left = LARGEST_FILE
        with self._archive.open(self._entries[name]) as file:
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:  # the header had said less
                    raise InputError(
                        f"{name!r} grows beyond {LARGEST_FILE >> 20} MiB.", hint="This is no usual bundle."
                    )
                parts.append(chunk)
        return b"".join(parts)


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        return list(self._walk())

    def _walk(self) -> Iterator[str]:
        for count, found in enumerate(sorted(self._path.rglob("*"))):
            if count > MOST_FILES:
                raise InputError(f"{self._path}: holds more than {MOST_FILES} files.", hint="Give a smaller folder.")
            if found.is_file() and not found.is_symlink():
                yield found.relative_to(self._path).as_posix()

    def read(self, name: str) -> bytes:
        refuse_path(name, str(self._path))
        path = self._path / name
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path}: has more than {LARGEST_FILE >> 20} MiB.", hint="Give a smaller capture.")
        return path.read_bytes()


def refuse_path(name: str, where: str) -> None:
    """Refuse a name that leads out of the folder it belongs into.

    Raises:
        InputError: it does.
    """
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or "\0" in name
        or not path.parts
    ):
        raise InputError(f"{where}: the name {name!r} leads out of the bundle.", hint="It was not made by vpn-check.")
