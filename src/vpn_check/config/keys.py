"""From a key as displayed to its mark. The key itself goes no further than this file."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from vpn_check.model.config import KeyForm, KeyMark

_SALT = secrets.token_bytes(32)
"""New in each process: marks of two runs have nothing in common, and nobody can try keys against one."""

_TYPE_7 = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
"""The constant of Cisco's reversible type 7 encoding (public since 1995)."""

_PLACEHOLDER = re.compile(
    r"\*+|[xX]{3,}|\.{3,}|[<\[{(].*[>\]})]|(?:removed|redacted|hidden|secret|masked|key|psk|omitted)", re.IGNORECASE
)

_STAND_IN = re.compile(r"<removed-([0-9a-f]{4})-\d+>")
"""What an evidence bundle shows for a secret: the same for the same secret, within one bundle."""


def mark(shown: str, form: int | None = None) -> KeyMark:
    """The mark of a key as displayed; `form` is the number before it (0, 6, 7)."""
    word = shown.strip("\"'") if len(shown) > 1 else shown
    stand_in = _STAND_IN.fullmatch(word)
    if stand_in is not None and form != 6:  # noqa: PLR2004  type 6: one key is written in many ways
        return KeyMark(KeyForm.HIDDEN, _digest(word.encode()), stand_in[1])
    if _PLACEHOLDER.fullmatch(word):
        return KeyMark(KeyForm.HIDDEN)
    if form == 6:  # noqa: PLR2004  type 6
        return KeyMark(KeyForm.TYPE_6)
    if form == 7:  # noqa: PLR2004  type 7
        clear = _reveal(word)
        return KeyMark(KeyForm.TYPE_7, _digest(clear)) if clear is not None else KeyMark(KeyForm.UNREADABLE)
    return KeyMark(KeyForm.CLEAR, _digest(word.encode()))


def _digest(clear: bytes) -> bytes:
    return hmac.new(_SALT, clear, hashlib.sha256).digest()


def _reveal(shown: str) -> bytes | None:
    """Undo type 7; None where the word is no such encoding."""
    if re.fullmatch(r"\d\d(?:[0-9A-Fa-f]{2})+", shown) is None:
        return None
    start, data = int(shown[:2]), bytes.fromhex(shown[2:])
    return bytes(byte ^ _TYPE_7[(start + place) % len(_TYPE_7)] for place, byte in enumerate(data))
