"""The folder in which a bundle grows while devices are asked: whatever ends the program, what it holds can be read."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.bundle.manifest import MANIFEST, Manifest, dump
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".partial"


class Workspace:
    """`case.zip.partial/` beside the bundle to be: redacted texts, and a manifest that is whole at any moment.

    Raises:
        UsageError: there is one already, of a run that goes on or of one that was ended.
    """

    def __init__(self, bundle: Path) -> None:
        self.path = bundle.with_name(bundle.name + SUFFIX)
        self._files: dict[str, tuple[int, str]] = {}
        try:
            self.path.mkdir(mode=0o700)
        except FileExistsError as error:
            raise UsageError(
                f"{self.path} is left of an earlier run, or of one that goes on.",
                hint=f"Make a bundle of it: vpn-check collect --from {self.path} -o NAME.zip; or remove it.",
            ) from error
        except OSError as error:
            raise UsageError(
                f"{self.path} cannot be created: {error.strerror}.", hint="Give another path with -o."
            ) from error

    def add(self, name: str, data: bytes) -> None:
        """Put a text into the folder."""
        self._put(name, data)
        self._files[name] = (len(data), hashlib.sha256(data).hexdigest())

    def list(self, manifest: Manifest) -> None:
        """Replace the manifest."""
        files = tuple((name, size, digest) for name, (size, digest) in sorted(self._files.items()))
        self._put(MANIFEST, dump(replace(manifest, files=files)))

    def _put(self, name: str, data: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(path)

    def remove(self) -> None:
        """Remove the folder: the bundle holds all that it held."""
        shutil.rmtree(self.path)
