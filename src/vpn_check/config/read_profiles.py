"""ISAKMP profiles and IKEv2 profiles of routers."""

from __future__ import annotations

from vpn_check.config.addresses import address, network
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.draft import Draft
from vpn_check.config.tree import Node
from vpn_check.model.config import IdentityMatch


def _isakmp_profile(c: Collector, node: Node) -> None:  # noqa: C901  one line a statement
    held = c.draft("ike_profile1", node.words[3], node, name=node.words[3], version=1)
    held.values["aggressive"] = False
    for child in node.children:
        words = child.words
        if child.starts("keyring"):
            held.add("keyrings", words[1], child)
        elif child.starts("match", "identity"):
            held.add("matches", _identity(words[2:]), child)
        elif child.starts("match", "certificate"):
            held.add("certificate_maps", words[-1], child)
        elif child.starts("self-identity"):
            held.set("identity", " ".join(words[1:]), child)
        elif child.starts("vrf"):
            held.set("ivrf", words[1], child)
        elif child.starts("local-address"):
            held.add("local_addresses", words[1], child)
        elif child.starts("client", "authentication", "list"):
            held.set("client_authentication", words[3], child)
        elif child.starts("ca", "trust-point"):
            held.add("trustpoints", words[2], child)
        elif child.starts("keepalive"):
            held.set("dpd", " ".join(words[1:]), child)
        elif child.starts("initiate", "mode", "aggressive"):
            held.set("aggressive", True, child)
        elif child.starts("virtual-template"):
            held.set("virtual_template", words[-1], child)


def _ikev2_profile(c: Collector, node: Node) -> None:  # noqa: C901, PLR0912  one line a statement
    held = c.draft("ike_profile2", node.words[3], node, name=node.words[3], version=2)
    c.seen.add("ikev2")
    for child in node.children:
        words = child.words
        if child.starts("match", "identity"):
            held.add("matches", _identity(words[3:] if words[2:3] == ["remote"] else words[2:]), child)
        elif child.starts("match", "certificate"):
            held.add("certificate_maps", words[-1], child)
        elif child.starts("match", "fvrf"):
            held.set("fvrf", words[2], child)
        elif child.starts("match", "address", "local"):
            held.add("local_addresses", words[-1], child)
        elif child.starts("identity", "local"):
            held.set("identity", " ".join(words[2:]), child)
        elif child.starts("authentication"):
            _authentication(held, child)
        elif child.starts("keyring"):
            _keyring(held, child)
        elif child.starts("pki", "trustpoint"):
            held.add("trustpoints", words[2], child)
        elif child.starts("dpd"):
            held.set("dpd", " ".join(words[1:]), child)
        elif child.starts("lifetime"):
            held.set("lifetime", number(words[1]), child)
        elif child.starts("ivrf"):
            held.set("ivrf", words[1], child)
        elif child.starts("virtual-template"):
            held.set("virtual_template", words[-1], child)


def _authentication(held: Draft, node: Node) -> None:
    """`authentication [local|remote] METHOD [key K]`; a bare method stands for both."""
    words = node.words[1:]
    if "key" in words:
        place = words.index("key")
        for word in words[place + 1 :]:
            node.hide(word)
        words = words[:place]
    sides = [words[0]] if words[:1] in (["local"], ["remote"]) else ["local", "remote"]
    method = words[1] if len(sides) == 1 and len(words) > 1 else words[0] if words else ""
    if "local" in sides:
        held.set("local_authentication", method, node)
    if "remote" in sides:
        held.add("remote_authentication", method, node)


def _keyring(held: Draft, node: Node) -> None:
    words = node.words[1:]
    if words[:1] == ["aaa"]:
        held.set("keyring_aaa", " ".join(words[1:]), node)
    elif words:
        held.add("keyrings", words[1] if words[0] == "local" and len(words) > 1 else words[0], node)


def _identity(words: list[str]) -> IdentityMatch:
    kind = words[0] if words else ""
    found, vrf = None, None
    rest = words[1:]
    if kind == "address" and rest:
        rest = [word for word in rest if word != "ipv6"]
        mask = rest[1] if len(rest) > 1 and address(rest[1]) is not None else None
        plain = mask is None and "/" not in rest[0]
        zero = rest[0] == "0.0.0.0"  # noqa: S104  a wildcard, not a bind address
        found = network(rest[0], "0.0.0.0" if plain and zero else mask)  # noqa: S104  same
        after = rest[2:] if mask is not None else rest[1:]
        vrf = after[0] if after else None
    return IdentityMatch(kind=kind, text=" ".join(words), network=found, vrf=vrf)


PROFILES: Table = {"crypto isakmp profile": _isakmp_profile, "crypto ikev2 profile": _ikev2_profile}
"""Statements that open a profile."""
