"""Routes, route-maps and what holds for the whole device."""

from __future__ import annotations

from vpn_check.config.addresses import address, network
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.tree import Node


def _ip_route(c: Collector, node: Node) -> None:
    """`ip route [vrf V] P M [INTERFACE] [NEXT-HOP] [DISTANCE] [track N] [global]`, `ipv6 route P ...`."""
    words = node.words[2:]
    if node.no:
        return
    vrf = None
    if words[:1] == ["vrf"] and len(words) > 2:  # noqa: PLR2004  with its value
        vrf, words = words[1], words[2:]
    mask = words[1] if len(words) > 1 and node.words[0] == "ip" and "/" not in words[0] else None
    prefix = network(words[0], mask) if words else None
    if prefix is None:
        return
    held = c.draft("route", f"{node.source.origin}:{node.line}", node, prefix=prefix, vrf=vrf)
    rest = words[2:] if mask is not None else words[1:]
    _path(held.values, rest)


def _path(values: dict[str, object], words: list[str]) -> None:
    place = 0
    interface: list[str] = []
    while place < len(words):
        word = words[place]
        if address(word) is not None:
            values["next_hop"] = word
        elif word == "track" and place + 1 < len(words):
            values["track"] = number(words[place + 1])
            place += 1
        elif word in {"name", "tag"}:
            place += 1
        elif word == "global":
            values["next_hop_global"] = True
        elif word in {"permanent", "multicast", "dhcp", "tunneled"}:
            pass
        elif word.isdigit() and (values.get("next_hop") is not None or interface) and not _names_type(interface):
            values["distance"] = int(word)
        else:
            interface.append(word)
        place += 1
    if interface:
        values["interface"] = " ".join(interface)


def _names_type(interface: list[str]) -> bool:
    """Whether an interface name still lacks its number (`Tunnel 0`)."""
    return bool(interface) and interface[-1].isalpha()


def _route(c: Collector, node: Node) -> None:
    """ASA, PIX: `route outside 0.0.0.0 0.0.0.0 192.0.2.1 [1] [track N]`; 0 stands for 0.0.0.0."""
    words = node.words
    if len(words) < 5 or node.no:  # noqa: PLR2004  all of it
        return
    zero = {"0": "0.0.0.0"}  # noqa: S104  a default route, not a bind address
    base, mask = (zero.get(word, word) for word in words[2:4])
    known = c.names.get(base)
    prefix = network(base if known is None else str(address(str(known.value)) or base), mask)
    if prefix is None:
        return
    held = c.draft("route", f"{node.source.origin}:{node.line}", node, prefix=prefix, interface=words[1])
    held.values["next_hop"] = words[4]
    if len(words) > 5 and words[5].isdigit():  # noqa: PLR2004  with its value
        held.values["distance"] = int(words[5])
    held.values["track"] = number(node.after("track"))


def _route_map(c: Collector, node: Node) -> None:
    words = node.words
    name = words[1]
    permit = "deny" not in words[2:3]
    sequence = number(words[-1]) if len(words) > 2 else 10  # noqa: PLR2004  with its value
    clause = c.draft("route-map clause", f"{name}\0{sequence}", node, sequence=sequence or 10, permit=permit)
    c.draft("route-map", name, node, name=name)
    c.seen.add("route-map")
    for child in node.children:
        _clause(clause.values, child)
        clause.say("match" if child.words[0] == "match" else "set", child)


def _clause(values: dict[str, object], node: Node) -> None:
    words = node.words
    fields = {
        ("match", "ip", "address"): "acls",
        ("match", "interface"): "interfaces",
        ("match", "ip", "next-hop"): "",
        ("set", "ip", "next-hop"): "next_hops",
        ("set", "interface"): "set_interfaces",
    }
    for start, field in fields.items():
        if tuple(words[: len(start)]) == start and field:
            rest = [word for word in words[len(start) :] if word not in {"verify-availability", "recursive"}]
            if field == "acls" and rest[:1] == ["prefix-list"]:
                field, rest = "prefix_lists", rest[1:]  # noqa: PLW2901  the same statement in another form
            held = values.get(field)
            values[field] = list(dict.fromkeys([*(held if isinstance(held, list) else ()), *rest]))
            return
    if words[:2] == ["set", "vrf"]:
        values["set_vrf"] = words[2]
    elif words[0] == "match":
        values["other_matches"] = True


def _router(c: Collector, node: Node) -> None:
    name = " ".join(node.words[1:])
    c.draft("router", name, node, name=name)


def _system(name: str, *, negated: bool = True) -> object:
    def handler(c: Collector, node: Node) -> None:
        c.settings("system").set(name, (not node.no) if negated else " ".join(node.words[1:]), node)

    return handler


def _sysopt(c: Collector, node: Node) -> None:
    words = node.words
    if words[2:3] in (["permit-ipsec"], ["permit-vpn"]):
        c.settings("system").set("permit_vpn", not node.no, node)
    elif words[2:3] == ["tcpmss"] and len(words) > 3 and words[3] != "minimum":  # noqa: PLR2004  with its value
        c.settings("system").set("tcpmss", None if node.no else number(words[3]), node)
    c.seen.add("sysopt")
    node.used = True


def _ntp(c: Collector, node: Node) -> None:
    names = [word for word in node.words[2:] if word not in {"vrf", "ip", "ipv6"}]
    if names:
        c.settings("system").add("ntp_servers", names[0] if "vrf" not in node.words else names[1], node)


def _zone_pair(c: Collector, node: Node) -> None:
    source, destination = node.after("source"), node.after("destination")
    c.settings("system").add("zone_pairs", (node.words[2], source or "", destination or ""), node)
    for child in node.children:
        child.used = True


def _control_plane(c: Collector, node: Node) -> None:
    for child in node.children:
        if child.starts("service-policy"):
            c.settings("system").set("control_plane_policy", child.words[-1], child)
    node.used = True


def _licence(c: Collector, node: Node) -> None:
    c.settings("system").set("licence_level", " ".join(node.words[3:]), node)


def _management_access(c: Collector, node: Node) -> None:
    c.settings("system").set("management_access", node.words[1] if len(node.words) > 1 else None, node)


def _hostname(c: Collector, node: Node) -> None:
    c.settings("device").set("hostname", node.words[1].strip('"') if len(node.words) > 1 else None, node)


def _failover(c: Collector, node: Node) -> None:
    if len(node.words) == 1 and not node.no:
        c.settings("system").set("failover", True, node)
    if node.words[1:2] == ["key"]:
        node.hide(node.words[-1])
    node.used = True


ROUTING: Table = {
    "ip route": _ip_route,
    "ipv6 route": _ip_route,
    "route": _route,
    "route-map": _route_map,
    "router": _router,
    "ipv6 router": _router,
    "sysopt connection": _sysopt,
    "nat-control": _system("nat_control"),  # type: ignore[dict-item]  # a Handler
    "same-security-traffic permit intra-interface": _system("intra_interface"),  # type: ignore[dict-item]  # same
    "conduit": _system("conduits"),  # type: ignore[dict-item]  # same
    "aaa new-model": _system("aaa_new_model"),  # type: ignore[dict-item]  # same
    "firewall transparent": _system("firewall_transparent"),  # type: ignore[dict-item]  # same
    "management-access": _management_access,
    "ntp server": _ntp,
    "zone-pair security": _zone_pair,
    "control-plane": _control_plane,
    "license boot level": _licence,
    "hostname": _hostname,
    "failover": _failover,
}
"""Routes and the device as a whole."""
