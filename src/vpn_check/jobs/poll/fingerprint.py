"""A configuration as lines to keep and compare: no secret is in them, and a changed one is seen to have changed.

Each line carries the lines that it stands under (`crypto map VPN 10 ipsec-isakmp > set peer 203.0.113.2`). A secret is
replaced by a mask with a short keyed digest (HMAC-SHA-256, RFC 2104): equal secrets have equal digests, and without the
key, which lies in a file of its own that only its owner can read, a guess cannot be tried.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.errors import HistoryError
from vpn_check.jobs.debug.where import journal_folder
from vpn_check.redact.material import mask_material
from vpn_check.redact.secrets import MASK, mask_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_VOLATILE = re.compile(
    r"^\s*(?:!|:|Building configuration|Current configuration\s*:|ntp clock-period|Cryptochecksum|end\s*$|"
    r"(?:ASA|PIX) Version|version \d)"
)
_DATA = re.compile(r"^\s*(?:[0-9A-F]{8} ){2,}[0-9A-F ]*$|^\s*quit\s*$")
"""Certificates in hexadecimal: long, and their serial number stands in the line above."""
_DIGITS = 8
_KEY_BYTES = 32


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where this host's user keeps the state of polls: beside the journals of debugs."""
    return Path(journal_folder(environ)).parent


def local_key(folder: Path) -> bytes:
    """The key of this host's digests, made at first use. Raises HistoryError where it cannot be kept."""
    path = folder / "history.key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        return path.read_bytes()
    except OSError as error:
        raise HistoryError(f"The key of the history cannot be kept in {path} ({error.strerror}).",
                           hint="Set VPN_CHECK_STATE to a folder that you can write to.") from error


def _make(path: Path) -> None:
    """Written whole, then linked: of two that begin at once one wins, and both read its key."""
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".key-")   # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    with suppress(FileExistsError):
        path.hardlink_to(part)
    Path(part).unlink()


def digest(key: bytes, text: str) -> str:
    """A short keyed digest: tells equal from different, and nothing else."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def config_lines(lines: Iterable[str], key: bytes) -> tuple[str, ...]:
    """The lines of a configuration that say something, each below what it stands under, secrets masked."""
    return tuple(_placed(lines, key))


def _placed(lines: Iterable[str], key: bytes) -> Iterator[str]:
    above: list[tuple[int, str]] = []
    for raw in lines:
        text = raw.rstrip()
        if not text.strip() or _VOLATILE.match(text) or _DATA.match(text):
            continue
        depth = len(text) - len(text.lstrip())
        while above and above[-1][0] >= depth:
            above.pop()
        shown = _masked(text.strip(), key)
        yield " > ".join([*(held for _, held in above), shown])
        above.append((depth, shown))


def _masked(text: str, key: bytes) -> str:
    marked = mask_values(text, lambda _before, value: f"{MASK[:-1]}:{digest(key, value)}>")
    return mask_material(marked, MASK)
