"""Single values as devices print them: numbers, SPIs, addresses, durations. No function raises; what is odd is None."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.sa import Address

_INT = re.compile(r"-?[0-9]{1,20}\Z")
_SPI = re.compile(r"(?:0x)?([0-9A-Fa-f]{1,8})(?: ?\(([0-9]+)\))?\Z")
_CLOCK = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+):)?([0-9]+):([0-9]+)\Z")


def integer(text: str | None) -> int | None:
    """A counter; None where nothing, or nothing numeric, was printed."""
    if text is None or _INT.match(text) is None:
        return None
    return int(text)


def spi(text: str) -> tuple[int | None, int | None]:
    """An SPI, and the decimal printed behind it where there is one.

    From `0x3D3(979)`, `0x1E8246FC (511854332)`, `3D3`, `0`; None for `[Not Available]`.
    """
    match = _SPI.match(text.strip())
    if match is None:
        return None, None
    number, printed = match.groups()
    return int(number, 16), int(printed) if printed else None


@lru_cache(maxsize=512)
def address(text: str | None) -> Address | None:
    """An IP address, or the verbatim word where a name or a masked address stands; None where there is nothing."""
    word = (text or "").strip().rstrip(",")
    if not word or word in {"(none)", "none"}:
        return None
    try:
        return ip_address(word)
    except ValueError:
        return word


@lru_cache(maxsize=512)
def endpoint(text: str | None) -> tuple[Address | None, int | None]:
    """An address with the port behind it: `10.1.1.1:500`, `10.1.1.1/4500`, `2001:db8::1/500`, or without any."""
    word = (text or "").strip().rstrip(",")
    head, slash, port = word.rpartition("/")
    if slash and port.isdigit():
        return address(head), int(port) or None
    if word.count(":") == 1:
        head, _, port = word.partition(":")
        if port.isdigit():
            return address(head), int(port)
    return address(word), None


def tidy(text: str) -> str:
    """A list of words without the trailing comma and the runs of blanks."""
    return " ".join(text.replace(" ,", ",").rstrip(", ").split())
