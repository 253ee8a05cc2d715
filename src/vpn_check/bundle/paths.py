"""Where a text lies in a bundle: a folder a device, a file a command, as `vpn-check analyze` reads it."""

from __future__ import annotations

import re

DEVICES = "devices"
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 120


def plain(name: str) -> str:
    """A name that is safe as a file or folder anywhere."""
    word = _ODD.sub("_", name).strip("._-")[:_LONGEST]
    return word or "unnamed"


class Paths:
    """Gives each text of a bundle a path of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def folder(self, device: str) -> str:
        """A folder for a device; two devices of one name get two."""
        return self._new(f"{DEVICES}/{plain(device)}", "")

    def text(self, folder: str, name: str) -> str:
        """A file for a text. A second of one name goes into a folder of its own: the name tells what it is."""
        return self._new(f"{folder}/{plain(name)}", ".txt")

    def _new(self, stem: str, suffix: str) -> str:
        path, number = f"{stem}{suffix}", 2
        while path.lower() in self._taken:
            place, _, name = stem.rpartition("/")
            path = f"{place}/{number}/{name}{suffix}" if suffix else f"{stem}-{number}"
            number += 1
        self._taken.add(path.lower())
        return path
