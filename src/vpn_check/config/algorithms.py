"""Names of algorithms, normalised: the same algorithm has one name on all platforms."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INTEGRITY = {
    "md5": "md5", "sha": "sha1", "sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256",
    "sha384": "sha384", "sha-384": "sha384", "sha512": "sha512", "sha-512": "sha512", "null": "null",
}  # fmt: skip
_ENCRYPTION = re.compile(r"(aes(?:-(?:cbc|gcm|gmac))?|des|3des|seal|null|chacha20-poly1305)-?(128|192|256)?")


def encryption(words: Sequence[str]) -> tuple[str, ...]:
    """Encryption algorithms from words such as `aes 256`, `aes-cbc-256 3des`, `aes-gcm-256`."""
    found: list[str] = []
    for word in words:
        if word in {"128", "192", "256"} and found and found[-1].startswith("aes"):
            found[-1] = f"{found[-1].rpartition('-')[0]}-{word}"
            continue
        match = _ENCRYPTION.fullmatch(word)
        if match is None:
            found.append(word)
            continue
        name = match[1].replace("aes-cbc", "aes")
        found.append(f"{name}-{match[2] or '128'}" if name.startswith("aes") else name)
    return tuple(found)


def integrity(words: Sequence[str]) -> tuple[str, ...]:
    """Hashes from words such as `sha`, `sha256`."""
    return tuple(_INTEGRITY.get(word, word) for word in words)


def group(word: str) -> str:
    """The number of a Diffie-Hellman group from `group14` or `14`."""
    return word.removeprefix("group")


def transforms(words: Sequence[str]) -> dict[str, tuple[str, ...] | bool]:
    """The fields of a transform set from its words: `esp-aes 256 esp-sha-hmac`."""
    esp: list[str] = []
    integrity_: list[str] = []
    ah: list[str] = []
    compression = False
    last: list[str] | None = None
    for word in words:
        if word in {"128", "192", "256"} and last:
            last[-1] = f"{last[-1].rpartition('-')[0]}-{word}"
            continue
        last = None
        if word.startswith("ah-"):
            ah += integrity([word.removeprefix("ah-").removesuffix("-hmac")])
        elif word.startswith("esp-") and word.endswith("-hmac"):
            integrity_ += integrity([word.removeprefix("esp-").removesuffix("-hmac")])
        elif word == "esp-none":
            continue
        elif word.startswith("esp-"):
            name = word.removeprefix("esp-").replace("gmac", "aes-gmac").replace("gcm", "aes-gcm")
            esp += encryption([name.replace("aes-aes", "aes")])
            last = esp if esp[-1].startswith("aes") else None
        elif word == "comp-lzs":
            compression = True
    return {"esp": tuple(esp), "integrity": tuple(integrity_), "ah": tuple(ah), "compression": compression}
