"""Whom to tell: URLs of services, from a file that only its owner may read, for they hold tokens and passwords."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One service to tell: its URL as apprise reads it, never shown, and the line of the file that it stands in."""

    url: str = field(repr=False)
    line: int

    @property
    def scheme(self) -> str:
        """`mailto`, `slack`: all of the URL that may be said. `?` where it has none."""
        scheme, colon, _ = self.url.partition("://")
        return scheme.lower() if colon and scheme.isascii() and scheme.isalnum() else "?"


def read_urls(path: Path) -> tuple[Address, ...]:
    """The URLs of a file: one a line; empty lines and lines that begin with `#` say nothing.

    Raises:
        UsageError: the file cannot be read, others can read it, or there is no URL in it.
    """
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                raise UsageError(f"The notification file {path} can be read by others (mode {mode:04o}).",
                                 hint=f"Type: chmod 600 {path}")
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
        raise UsageError(f"The notification file {path} cannot be read ({why}).",
                         hint="Give --notify-file a file with one URL a line.") from None
    found = tuple(
        Address(url=line.strip(), line=number)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.strip().startswith("#")
    )
    if not found:
        raise UsageError(f"There is no URL in the notification file {path}.",
                         hint="Write one a line, for example mailto://... as apprise describes it.")
    return found
