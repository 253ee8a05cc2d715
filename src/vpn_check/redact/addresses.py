"""Stand-ins for addresses: the same address always gets the same one, and what contained what still does.

The stand-in of an address is made bit by bit: each bit is flipped or kept by a keyed hash of the bits before it (the
scheme of Crypto-PAn, Xu et al. 2002). Two addresses share as many leading bits as before, so containment and equality
of networks survive. A network that is printed with its mask becomes the network that its addresses move to.

What has a meaning of its own stays: unspecified, loopback, multicast, broadcast, masks and wildcards; a private,
shared or link-local address stays one (RFC 1918, 6598, 3927, 4193, 4291).
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT4 = tuple(
    map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "128.0.0.0/32", "192.0.0.0/32"))
)
"""The last two can only be masks."""
_KEPT6 = tuple(map(IPv6Network, ("::/127", "ff00::/8")))
_PREFIXES4 = (
    "0.0.0.0/8",
    "127.0.0.0/8",
    "224.0.0.0/3",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
)
_PREFIXES6 = ("::/127", "ff00::/8", "fe80::/10", "fc00::/8", "fd00::/8", "2000::/3")

_OCTET = r"0*(?:25[0-5]|2[0-4]\d|1?\d?\d)"
V4 = rf"(?<![A-Za-z0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?![A-Za-z0-9]|\.\d+\.\d)"
_MASK = r"(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)"
_FOLLOWED = re.compile(
    rf"(?P<address>{V4})(?:"
    rf"(?P<by_end>(?:/\d{{1,5}})?(?:\s*-\s*|,?\s*end[\w ]{{0,14}}[:=]?\s*))(?P<end>{V4})"
    rf"|(?=(?:/|\s{{1,20}}|,?\s{{0,3}}(?:[Ss]ubnet[ -]|[Nn]et)?[Mm]ask\s{{0,3}}[:=]?\s{{0,3}}|,\s?|\s?/\s?)(?P<mask>{_MASK}))"
    r"|(?=/(?P<length>\d{1,2})(?![\d.]))|)"
)
_V6 = re.compile(
    r"(?<![A-Za-z0-9:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)(?P<address>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?)"
    r"(?![A-Za-z0-9:]|\.\d)(?:/(?P<length>\d{1,3})(?![\d.]))?"
)
_DASHED = re.compile(r"(?<!\d)(\d{1,3})([-_])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d)")
_VERSION = re.compile(r"(?:[Vv]ersion|[Rr]elease|[Ii]mage|\bSW|\bFW|OID)[ :=]{0,3}[^\s,;]{0,8}$")
_BITS4, _BITS6 = 32, 128


class AddressBook:
    """Stand-ins for IPv4 and IPv6 addresses. What it has replaced is in `pairs()`.

    Args:
        salt: secret; with the same salt the same addresses get the same stand-ins.
    """

    def __init__(self, salt: bytes) -> None:
        self.salt = salt
        self._fixed = {_BITS4: _nodes(_PREFIXES4), _BITS6: _nodes(_PREFIXES6)}
        self._moved = lru_cache(maxsize=1 << 16)(self._move)
        self._given: dict[str, str] = {}
        self._seen: set[str] = set()

    def pairs(self) -> dict[str, str]:
        """Every address that was replaced, with its stand-in. Networks have their length."""
        return dict(sorted(self._given.items()))

    def learn(self, text: str) -> None:
        """Note which addresses a text shows, so that names made of them are known as such."""
        self._seen.update(match[0] for match in _ADDRESS.finditer(text))

    def redact(self, text: str) -> str:
        """The text with every address replaced by its stand-in."""
        if ":" in text:
            text = _V6.sub(self._six, text)
        if "." in text:
            text = _FOLLOWED.sub(self._four, text)
        return _DASHED.sub(self._dashed, text) if "-" in text or "_" in text else text

    def v4(self, address: IPv4Address, length: int = _BITS4) -> IPv4Address:
        """The stand-in of an address, or of a network's first address."""
        if any(address in kept for kept in _KEPT4):
            return address
        value = self._moved(int(address), _BITS4) & _mask(length, _BITS4)
        moved = IPv4Address(value)
        self._note(address, moved, length, _BITS4)
        return moved

    def v6(self, address: IPv6Address, length: int = _BITS6) -> IPv6Address:
        """The stand-in of an address, or of a network's first address."""
        if any(address in kept for kept in _KEPT6):
            return address
        moved = IPv6Address(self._moved(int(address), _BITS6) & _mask(length, _BITS6))
        self._note(address, moved, length, _BITS6)
        return moved

    def _note(self, address: object, moved: object, length: int, bits: int) -> None:
        tail = f"/{length}" if length < bits else ""
        self._given[f"{address}{tail}"] = f"{moved}{tail}"

    def _move(self, value: int, bits: int) -> int:
        fixed, moved, free = self._fixed[bits], 0, False
        for depth in range(bits):
            prefix = value >> (bits - depth)
            flip = 0
            if (depth, prefix) not in fixed:
                flip = 1 if not free else self._coin(bits, depth, prefix)  # the first free bit: nobody keeps an address
                free = True
            moved = moved << 1 | (value >> (bits - 1 - depth) & 1) ^ flip
        return moved

    def _coin(self, bits: int, depth: int, prefix: int) -> int:
        data = b"%d/%d/%x" % (bits, depth, prefix)
        return hashlib.blake2b(data, key=self.salt, digest_size=1).digest()[0] & 1

    def _four(self, match: re.Match[str]) -> str:
        if _VERSION.search(match.string[max(0, match.start() - 24) : match.start()]):
            return match[0]
        if match["address"].startswith("1.3.6.1") and match.string[match.end("address") :][:1] == ".":
            return match[0]
        address = _v4(match["address"])
        if match["end"] is not None:
            return self._range(match, address, _v4(match["end"]))
        length = _BITS4
        if match["mask"] is not None:
            length = _length_of(match["mask"])
        elif match["length"] is not None:
            length = int(match["length"])
        return str(self.v4(address, length if _is_network(address, length) else _BITS4))

    def _range(self, match: re.Match[str], first: IPv4Address, last: IPv4Address) -> str:
        size = int(last) - int(first) + 1
        if size > 1 and size & (size - 1) == 0 and int(first) % size == 0:
            start = self.v4(first, _BITS4 + 1 - size.bit_length())
            end = IPv4Address(int(start) + size - 1) if start != first else last
            return f"{start}{match['by_end']}{end}"
        return f"{self.v4(first)}{match['by_end']}{self.v4(last)}"

    def _six(self, match: re.Match[str]) -> str:
        word = match["address"]
        if "." in word:  # an IPv4 address inside: it is replaced as one
            return match[0]
        try:
            address = IPv6Address(word)
        except ValueError:
            return match[0]
        length = min(int(match["length"]), _BITS6) if match["length"] else _BITS6
        network = length < _BITS6 and int(address) & ~_mask(length, _BITS6) == 0
        shown = str(self.v6(address, length if network else _BITS6))
        shown = shown.upper() if word.upper() == word else shown
        return shown + (f"/{match['length']}" if match["length"] else "")

    def _dashed(self, match: re.Match[str]) -> str:
        dotted = ".".join((match[1], match[3], match[4], match[5]))
        if dotted not in self._seen:
            return match[0]
        return str(self.v4(_v4(dotted))).replace(".", match[2])


_ADDRESS = re.compile(V4)


def _v4(text: str) -> IPv4Address:
    return IPv4Address(".".join(str(int(octet)) for octet in text.split(".")))


def _mask(length: int, bits: int) -> int:
    return (1 << bits) - (1 << (bits - length))


def _is_network(address: IPv4Address, length: int) -> bool:
    return 0 < length < _BITS4 and int(address) & ~_mask(length, _BITS4) & 0xFFFFFFFF == 0


def _length_of(text: str) -> int:
    """The prefix length that a netmask or a wildcard means; 32 for everything else."""
    octets = [int(octet) for octet in text.split(".")]
    if max(octets) > 255:  # noqa: PLR2004  no address at all
        return _BITS4
    value = int.from_bytes(bytes(octets))
    inverse = value ^ 0xFFFFFFFF
    if value and inverse & (inverse + 1) == 0:
        return _BITS4 - inverse.bit_length()
    return _BITS4 - value.bit_length() if value & (value + 1) == 0 else _BITS4


def _nodes(networks: Iterable[str]) -> set[tuple[int, int]]:
    """The branching points on the way to networks that stay where they are."""
    found: set[tuple[int, int]] = set()
    for text in networks:
        network = ip_network(text)
        bits, value = network.max_prefixlen, int(network.network_address)
        found |= {(depth, value >> (bits - depth)) for depth in range(network.prefixlen)}
    return found
