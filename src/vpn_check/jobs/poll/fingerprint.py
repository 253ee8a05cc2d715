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
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.errors import HistoryError
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


def local_key(environ: Mapping[str, str]) -> bytes:
    """The key of this host's digests, made at first use. Raises HistoryError where it cannot be kept."""
    base = environ.get("VPN_CHECK_STATE") or os.path.join(  # noqa: PTH118  as jobs/debug/where.py spells it
        environ.get("XDG_STATE_HOME") or str(Path(environ.get("HOME") or "/") / ".local" / "state"), "vpn-check")
    path = Path(base) / "history.key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = secrets.token_bytes(_KEY_BYTES)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        if not path.exists():   # written whole, then linked: of two that begin at once, one wins and both read its key
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(fresh)
            try:
                os.link(part, path)
            except FileExistsError:
                fresh = b""
            part.unlink()
        return path.read_bytes()
    except OSError as error:
        raise HistoryError(f"The key of the history cannot be kept in {path} ({error.strerror}).",
                           hint="Set VPN_CHECK_STATE to a folder that you can write to.") from error


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
