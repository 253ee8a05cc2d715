"""Addresses as statements write them: with netmask, with wildcard, with prefix length, as object, as name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from vpn_check.model.config import AddressKind, AddressSpec

_FULL = {4: (1 << 32) - 1, 6: (1 << 128) - 1}
Names = Mapping[str, AddressSpec]


def address(word: str) -> IPv4Address | IPv6Address | None:
    """The address that the word is; None where it is none."""
    try:
        return ip_address(word)
    except ValueError:
        return None


def network(word: str, mask: str | None = None) -> IPv4Network | IPv6Network | None:
    """A network from `10.1.0.0 255.255.0.0` or `10.1.0.0/16`, host bits ignored; None where it is none."""
    try:
        return ip_network(f"{word}/{mask}" if mask is not None else word, strict=False)
    except ValueError:
        return None


def host(word: str, text: str, names: Names) -> AddressSpec:
    """One address, or a name that stands for one."""
    found = address(word)
    if found is not None:
        return AddressSpec(
            kind=AddressKind.NETWORK,
            text=text,
            value=int(found),
            care=_FULL[found.version],
            version=found.version,
        )
    known = names.get(word)
    if known is not None:
        return AddressSpec(
            kind=AddressKind.NETWORK, text=text, value=known.value, care=_FULL[known.version], version=known.version
        )
    return AddressSpec(kind=AddressKind.UNKNOWN, text=text, name=word)


def masked(word: str, mask: str, names: Names, *, wildcard: bool) -> AddressSpec | None:
    """An address with a netmask, or with a wildcard; None where the words are none."""
    bits = address(mask)
    base = address(word) or _named(word, names)
    if not isinstance(bits, IPv4Address) or not isinstance(base, IPv4Address):
        return None
    care = ~int(bits) & _FULL[4] if wildcard else int(bits)
    text = f"{word} {mask}"
    return AddressSpec(kind=AddressKind.NETWORK, text=text, value=int(base), care=care, mask_text=mask)


def prefix(word: str) -> AddressSpec | None:
    """`2001:db8::/32` or `10.0.0.0/8`."""
    found = network(word) if "/" in word else None
    if found is None:
        return None
    return AddressSpec(
        kind=AddressKind.NETWORK,
        text=word,
        value=int(found.network_address),
        care=int(found.netmask),
        version=found.version,
    )


def _named(word: str, names: Names) -> IPv4Address | None:
    known = names.get(word)
    return IPv4Address(known.value) if known is not None and known.version == 4 else None  # noqa: PLR2004  IPv4


def take(words: Sequence[str], names: Names, *, wildcard: bool) -> tuple[AddressSpec, int] | None:  # noqa: PLR0911  a decision list
    """Read a source or destination from the front of the words, with how many words it took; None: there is none."""
    if not words:
        return None
    first = words[0]
    simple = {"any": AddressKind.ANY, "any4": AddressKind.ANY4, "any6": AddressKind.ANY6}
    if first in simple:
        return AddressSpec(kind=simple[first], text=first, version=6 if first == "any6" else 4), 1
    second = words[1] if len(words) > 1 else None
    if first in {"object", "object-group", "interface", "addrgroup"} and second is not None:
        kind = {"object": AddressKind.OBJECT, "interface": AddressKind.INTERFACE}.get(first, AddressKind.GROUP)
        return AddressSpec(kind=kind, text=f"{first} {second}", name=second), 2
    if first in {"object-group-security", "object-group-user", "user", "user-group", "security-group"}:
        return None
    if first == "host" and second is not None:
        return host(second, f"host {second}", names), 2
    if (found := prefix(first)) is not None:
        return found, 1
    if second is not None and (found := masked(first, second, names, wildcard=wildcard)) is not None:
        return found, 2
    if address(first) is not None or first in names:
        return host(first, first, names), 1
    return None
