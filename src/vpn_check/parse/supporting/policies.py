"""`show crypto isakmp policy`: protection suites, in the words that the configuration uses for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(
    r"\s*(?:(?:Global|Default) IKE policy\s*$|Protection suite (?:of )?priority +[0-9]|Default protection suite)"
)

DEFAULT_PRIORITY = 65535
"""The default suite has the last place."""

_KEY_SIZE = re.compile(r"\(([0-9]+)(?: ?-?bit|$)")
_HASH_BITS = {"256": "sha256", "384": "sha384", "512": "sha512"}
_AUTH = {
    "pre-shared key": "pre-share",
    "rivest-shamir-adleman signature": "rsa-sig",
    "rivest-shamir-adleman encryption": "rsa-encr",
    "elliptic curve digital signature algorithm signature": "ecdsa-sig",
    "digital signature algorithm signature": "dss-sig",
}


def policies(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a protection suite."""
    return [_policy(row) for row in fields(parsed) if row.has("PRIORITY", "DEFAULT", "ENCRYPTION")]


def _policy(row: Fields) -> dict[str, Any]:
    encryption = row.text("ENCRYPTION")
    size = _KEY_SIZE.search(encryption or "")
    return {
        "priority": DEFAULT_PRIORITY if row.has("DEFAULT") else row.number("PRIORITY"),
        "encryption": _cipher(encryption),
        "key_size": int(size[1]) if size else None,
        "hash": _hash(row.text("HASH")),
        "auth": _auth(row.text("AUTH")),
        "dh": row.number("DH"),
        "lifetime_sec": row.number("LIFETIME"),
        "volume_kb": row.number("VOLUME"),
    }


def _cipher(text: str | None) -> str | None:
    word = (text or "").lower()
    if "triple des" in word or word.startswith("3des"):
        return "3des"
    for name in ("aes", "des", "seal"):
        if word.startswith(name):
            return f"{name}-gcm" if "gcm" in word or "galois" in word else name
    return text


def _hash(text: str | None) -> str | None:
    word = (text or "").lower()
    if word.startswith(("message digest 5", "md5")):
        return "md5"
    if word.startswith("secure hash standard"):
        size = _KEY_SIZE.search(word)
        return _HASH_BITS.get(size[1], "sha") if size else "sha"
    return text


def _auth(text: str | None) -> str | None:
    word = " ".join((text or "").lower().replace("-", " ").split())
    for printed, name in _AUTH.items():
        if word.startswith(printed.replace("-", " ")):
            return name
    return text
