"""Key material and other long runs of bytes: what a debug dumps, what a certificate store shows."""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"(?P<before>\b(?:SKEYID(?:_[ade])?|SKEYSEED|SK_[a-z]{1,2}|shared secret|key data|key material|keying material|KEYMAT|DH secret|"
    r"(?:private|session|encryption|authentication|cipher|derived) key|nonce)\b[^0-9A-Fa-f\n]{0,16}(?<![A-Za-z]))"
    r"(?P<bytes>(?:0x)?(?:[0-9A-Fa-f]{2,}[ :]?){4,})(?![A-Za-z])",
    re.IGNORECASE,
)
_PAIRS = r"(?:[0-9A-Fa-f]{2}(?: - |[ :])){11,}[0-9A-Fa-f]{2}"
_QUADS = r"(?:[0-9A-Fa-f]{4} ){5,}[0-9A-Fa-f]{2,4}"
_EIGHTS = r"(?:[0-9A-Fa-f]{8} {1,2}){2,}[0-9A-Fa-f]{2,8}"
_SOLID = r"(?:0x)?[0-9A-Fa-f]{32,}"
_RUN = re.compile(rf"(?<![\w.:])(?:{_PAIRS}|{_QUADS}|{_EIGHTS}|{_SOLID})(?![\w.])(?: ?[0-9A-Fa-f]{{2,8}}\b)*")
_LONG = re.compile(r"[0-9A-Fa-f]{8} |(?:[0-9A-Fa-f]{2}[ :]){7}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4} ){5}|[0-9A-Fa-f]{32}")
_LETTER = re.compile(r"[A-Fa-f]")

ANNOUNCES = re.compile(
    r"\b(?:SKEYID(?:_[ade])?|SKEYSEED|SK_[a-z]{1,2}|shared secret|key(?:ing)? material|key data|KEYMAT|DH secret|"
    r"(?:session|encryption|authentication|cipher|private) key)\b",
    re.IGNORECASE,
)
"""A line after which dumped bytes are key material, however few stand in a line."""
DUMP = re.compile(
    r"^(?P<stamp>(?:.{0,60}?(?:[:>]|\b[0-9A-Fa-f]{4}:)\s+)?\s*)(?P<bytes>(?:0x)?[0-9A-Fa-f]{2,}(?:[ :,]{1,3}(?:0x)?[0-9A-Fa-f]{2,})*)\s*"
    r"(?P<text>[|.\s].{0,40})?$"
)
"""A line that holds nothing but bytes, behind a time stamp or an offset."""
BEGIN = re.compile(r"-----BEGIN (?P<what>[A-Z0-9 ]{2,40})-----")
END = re.compile(r"-----END [A-Z0-9 ]{2,40}-----")
BASE64 = re.compile(r"^\s*(?=[^\s]*[0-9+/])(?=[^\s]*[A-Za-z])[A-Za-z0-9+/]{40,}={0,2}\s*$")


def mask_material(text: str, mask: str) -> str:
    """Replace runs of bytes in a line. Decimal columns, addresses and SPIs are none."""
    if speaks_of_keys(text.lower()):
        text = _NAMED.sub(lambda match: f"{match['before']}{mask}", text)
    if _LONG.search(text) is not None:
        text = _RUN.sub(lambda match: mask if _LETTER.search(match[0]) else match[0], text)
    return mask if BASE64.match(text) else text


def speaks_of_keys(small: str) -> bool:
    """Whether a line, in small letters, may announce key material."""
    return "key" in small or "secret" in small or "sk_" in small or "nonce" in small


def is_public(what: str) -> bool:
    """Whether what a PEM header announces may be shown to anybody."""
    return what in {"CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "X509 CRL"}
