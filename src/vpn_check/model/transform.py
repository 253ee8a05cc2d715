"""Transforms as IOS, IOS-XE, ASA and PIX name them, and the bytes each of them takes from a packet.

Sizes: RFC 4303 (ESP: SPI 4, sequence number 4, padding to the cipher's block and to 4, pad length 1, next header 1),
RFC 4302 (AH: 12 and the ICV, padded to 4 over IPv4 and to 8 over IPv6), RFC 2403 and 2404 (HMAC-MD5-96, HMAC-SHA1-96),
RFC 4868 (HMAC-SHA-256-128, -384-192, -512-256), RFC 2451 (DES, 3DES), RFC 3602 (AES-CBC), RFC 3686 (AES-CTR),
RFC 4106 (AES-GCM), RFC 4543 (AES-GMAC), RFC 2410 (NULL).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ALIGNMENT = 4
"""ESP ends on a 4-byte boundary whatever the cipher (RFC 4303, 2.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cipher:
    """What an encryption algorithm adds to each packet, in bytes. `icv` is the tag of a combined-mode algorithm."""

    name: str
    block: int
    iv: int
    icv: int = 0

    @property
    def alignment(self) -> int:
        """The multiple to which payload, padding and the two trailer bytes are filled up."""
        return max(self.block, ALIGNMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """The algorithms of one flow. `esp_icv` and `ah_icv` are truncated ICVs in bytes; None: ESP or AH is not used."""

    cipher: Cipher | None
    esp_icv: int
    ah_icv: int | None = None


NULL = Cipher(name="null", block=1, iv=0)
_CIPHERS: tuple[tuple[re.Pattern[str], Cipher], ...] = tuple(
    (re.compile(pattern), cipher)
    for pattern, cipher in (
        (r"esp-des", Cipher(name="des", block=8, iv=8)),
        (r"esp-3des", Cipher(name="3des", block=8, iv=8)),
        (r"esp-(?:(?:128|192|256)-)?aes(?:-(?:128|192|256))?", Cipher(name="aes-cbc", block=16, iv=16)),
        (r"esp-(?:(?:128|192|256)-)?(?:aes-)?ctr(?:-(?:128|192|256))?", Cipher(name="aes-ctr", block=1, iv=8)),
        (r"esp-(?:(?:128|192|256)-)?(?:aes-)?gcm(?:-(?:128|192|256))?", Cipher(name="aes-gcm", block=1, iv=8, icv=16)),
        (r"esp-(?:(?:128|192|256)-)?(?:aes-)?gmac(?:-(?:128|192|256))?",
         Cipher(name="aes-gmac", block=1, iv=8, icv=16)),
        (r"esp-null", NULL),
    )
)  # fmt: skip
_ICVS = {"md5": 12, "sha": 12, "sha1": 12, "sha256": 16, "sha384": 24, "sha512": 32, "null": 0, "none": 0}
_HMAC = re.compile(r"(esp|ah)-(md5|sha1?|sha-?256|sha-?384|sha-?512|null)-hmac")
_SILENT = {"128", "192", "256", "no", "compression", "comp-lzs", "esp-none", "esp-null-hmac"}
"""Words that add nothing: key sizes, and compression, which is left out where it does not make a packet smaller."""


def transform_of(texts: Iterable[str]) -> Transform | None:
    """Read the transform lines of one flow and direction (`esp-256-aes esp-sha256-hmac`; AH stands in its own SA).

    Returns:
        None where a word is not known, so that nothing is computed from half a transform.
    """
    cipher: Cipher | None = None
    esp_icv, ah_icv = 0, None
    for word in " ".join(texts).replace(",", " ").lower().split():
        found = next((known for pattern, known in _CIPHERS if pattern.fullmatch(word)), None)
        hmac = _HMAC.fullmatch(word)
        if found is not None:
            cipher = found
        elif hmac is not None:
            size = _ICVS[hmac[2].replace("-", "")]
            if hmac[1] == "ah":
                ah_icv = size
            else:
                esp_icv = size
                cipher = cipher or NULL
        elif word not in _SILENT:
            return None
    if cipher is None and ah_icv is None:
        return None
    if cipher is not None and cipher.icv:
        esp_icv = cipher.icv
    return Transform(cipher=cipher, esp_icv=esp_icv, ah_icv=ah_icv)
