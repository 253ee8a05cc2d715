"""Interfaces of all platforms; PIX 6 spreads one over flat statements."""

from __future__ import annotations

from ipaddress import ip_interface

from vpn_check.config.addresses import address
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.draft import Draft
from vpn_check.config.keys import mark
from vpn_check.config.tree import Node
from vpn_check.model.config import AddressSpec


def _interface(c: Collector, node: Node) -> None:
    name = " ".join(node.words[1:])
    if c.generation.firewall and len(node.words) > 2 and not node.words[2].isdigit():  # noqa: PLR2004  PIX 6: `interface ethernet0 auto`
        node.used = True
        if "shutdown" in node.words:
            c.draft("interface", node.words[1], node, name=node.words[1]).set("shutdown", True, node)
        return
    name = " ".join(word for word in node.words[1:] if word not in {"point-to-point", "multipoint", "type"})
    held = c.draft("interface", name, node, name=name)
    for child in node.children:
        _line(c, held, child)


def _line(c: Collector, held: Draft, node: Node) -> None:  # noqa: C901, PLR0912, PLR0915  one line a statement
    words = node.words
    first, second = words[0], words[1] if len(words) > 1 else None
    if node.no:
        if first == "shutdown":
            held.set("shutdown", False, node)
        node.used = True
        return
    if first == "nameif":
        held.set("nameif", second, node)
    elif first == "security-level":
        held.set("security_level", number(second), node)
    elif first in {"ip", "ipv6"} and second == "address":
        _address(held, node, words[2:], c)
    elif words[:2] == ["ip", "unnumbered"]:
        held.set("dynamic_address", f"unnumbered {' '.join(words[2:])}", node)
    elif words[:2] == ["ip", "mtu"]:
        held.set("ip_mtu", number(words[-1]), node)
    elif first == "mtu":
        held.set("mtu", number(words[-1]), node)
    elif words[:3] == ["ip", "tcp", "adjust-mss"]:
        held.set("adjust_mss", number(words[3]), node)
    elif words[:2] == ["ip", "nat"] and len(words) > 2:  # noqa: PLR2004  with its value
        held.set("nat", words[2], node)
    elif words[:2] == ["ip", "access-group"] and len(words) > 3:  # noqa: PLR2004  with its value
        held.set("acl_out" if words[3] == "out" else "acl_in", words[2], node)
        c.draft("access-group", f"{held.get('name')}\0{words[3]}", node).values.update(
            acl=words[2], direction=words[3], interface=held.get("name")
        )
    elif words[:3] == ["ip", "policy", "route-map"]:
        held.set("policy_route_map", words[3], node)
    elif words[:2] == ["ip", "verify"]:
        held.set("verify_unicast", True, node)
    elif words[:2] == ["ip", "nhrp"]:
        _nhrp(held, node, words[2:])
    elif words[:2] == ["crypto", "map"] and len(words) > 2:  # noqa: PLR2004  with its value
        held.set("crypto_map", words[2], node)
        if words[3:4] == ["redundancy"]:
            held.set("crypto_map_redundancy", words[4] if len(words) > 4 else None, node)  # noqa: PLR2004  with its value
    elif words[:3] == ["crypto", "ipsec", "df-bit"]:
        held.set("df_bit", words[3], node)
    elif words[:3] == ["crypto", "ipsec", "fragmentation"]:
        held.set("before_encryption", words[3] == "before-encryption", node)
    elif words[:4] == ["crypto", "ipsec", "client", "ezvpn"]:
        held.set("ezvpn", " ".join(words[4:]), node)
    elif words[:2] == ["crypto", "engine"]:
        held.set("crypto_engine", " ".join(words[2:]), node)
    elif first == "tunnel":
        _tunnel(held, node, words[1:])
    elif words[:2] == ["vrf", "forwarding"] or words[:3] == ["ip", "vrf", "forwarding"]:
        held.set("vrf", words[-1], node)
    elif words[:2] == ["zone-member", "security"]:
        held.set("zone", words[-1], node)
    elif first == "management-only":
        held.set("management_only", True, node)
    elif first == "shutdown":
        held.set("shutdown", True, node)
    elif first == "standby":
        _standby(held, node, words[1:])
    elif first == "service-policy":
        held.add("service_policies", " ".join(words[1:]), node)
    node.used = True


def _address(held: Draft, node: Node, words: list[str], c: Collector) -> None:
    if not words:
        return
    if words[0] in {"dhcp", "negotiated", "pppoe", "autoconfig"}:
        held.set("dynamic_address", words[0], node)
        return
    base = words[0]
    known = c.names.get(base)
    if isinstance(known, AddressSpec):
        base = str(address(str(known.value)) or base)
    try:
        text = f"{base}/{words[1]}" if len(words) > 1 and address(words[1]) is not None else base
        found = ip_interface(text)
    except ValueError:
        return
    if "secondary" not in words:
        held.values["addresses"] = [held_ for held_ in held.get("addresses", []) if held_.version != found.version]
    held.add("addresses", found, node)


def _tunnel(held: Draft, node: Node, words: list[str]) -> None:
    tunnel = held.values.setdefault("tunnel", Draft())
    first, rest = words[0], words[1:]
    if first in {"source", "destination"} and rest:
        value = " ".join(word for word in rest if word not in {"interface", "ipv4", "ipv6"}) or rest[0]
        tunnel.set(first, value, node)
    elif first == "mode":
        tunnel.set("mode", " ".join(rest), node)
    elif first == "key" and rest:
        tunnel.set("key", number(rest[0]), node)
    elif first == "vrf" and rest:
        tunnel.set("vrf", rest[0], node)
    elif first == "protection" and "profile" in rest:
        place = rest.index("profile")
        tunnel.set("protection", rest[place + 1] if place + 1 < len(rest) else None, node)
        tunnel.values["shared"] = "shared" in rest
        if "ikev2-profile" in rest:
            tunnel.values["ikev2_profile"] = rest[-1]
    held.say("tunnel", node)


def _nhrp(held: Draft, node: Node, words: list[str]) -> None:
    nhrp = held.values.setdefault("nhrp", Draft())
    first, rest = words[0], words[1:]
    if first == "network-id" and rest:
        nhrp.set("network_id", number(rest[0]), node)
    elif first == "authentication" and rest:
        node.hide(rest[-1])
        nhrp.set("authentication", mark(rest[-1], number(rest[0]) if len(rest) > 1 else None), node)
    elif first == "nhs" and rest:
        nhrp.add("servers", rest[0], node)
        if "nbma" in rest:
            nhrp.add("maps", (rest[0], rest[rest.index("nbma") + 1]), node)
    elif first == "map" and len(rest) > 1:
        if rest[0] == "multicast":
            nhrp.add("multicast", rest[1], node)
        else:
            nhrp.add("maps", (rest[0], rest[-1]), node)
    elif first == "holdtime" and rest:
        nhrp.set("holdtime", number(rest[0]), node)
    elif first in {"redirect", "shortcut"}:
        nhrp.set(first, True, node)
    held.say("nhrp", node)


def _standby(held: Draft, node: Node, words: list[str]) -> None:
    group = number(words[0]) if words else None
    rest = words[1:] if group is not None else words
    groups = held.values.setdefault("standby", {})
    made = groups.setdefault(group or 0, Draft(group=group or 0))
    if rest[:1] == ["ip"] and len(rest) > 1:
        made.set("address", address(rest[1]) or rest[1], node)
    elif rest[:1] == ["name"] and len(rest) > 1:
        made.set("name", rest[1], node)
    elif rest[:1] == ["authentication"] and len(rest) > 1:
        node.hide(rest[-1])
    node.used = True


def _nameif6(c: Collector, node: Node) -> None:
    """PIX 6: `nameif ethernet0 outside security0`."""
    words = node.words
    if len(words) < 4:  # noqa: PLR2004  all of it
        return
    held = c.draft("interface", words[1], node, name=words[1])
    held.set("nameif", words[2], node)
    held.set("security_level", number(words[3].removeprefix("security")), node)


def _of_nameif(c: Collector, nameif: str, node: Node) -> Draft:
    """The interface of this nameif; PIX 6 statements may name it before anything else does."""
    for held in c.drafts["interface"].values():
        if held.get("nameif") == nameif or held.get("name") == nameif:
            return held
    held = c.draft("interface", nameif, node, name=nameif)
    held.values["nameif"] = nameif
    return held


def _address6(c: Collector, node: Node) -> None:
    """PIX 6: `ip address outside 192.0.2.1 255.255.255.0`."""
    words = node.words[2:]
    if len(words) > 1:
        _address(_of_nameif(c, words[0], node), node, words[1:], c)


def _mtu(c: Collector, node: Node) -> None:
    """ASA, PIX: `mtu outside 1500`."""
    if len(node.words) == 3:  # noqa: PLR2004  all of it
        _of_nameif(c, node.words[1], node).set("mtu", number(node.words[2]), node)


INTERFACES: Table = {"interface": _interface, "nameif": _nameif6, "ip address": _address6, "mtu": _mtu}
"""Statements that make interfaces."""
