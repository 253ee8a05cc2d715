"""Address translation of all generations. Rules wait until all objects are known."""

from __future__ import annotations

import re

from vpn_check.config.addresses import address, host, take
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.draft import Draft
from vpn_check.config.services import port, protocol
from vpn_check.config.tree import Node
from vpn_check.model.config import AddressKind, AddressSpec, NatKind, NatRule

_PAIR = re.compile(r"\(([^,()\s]+)(?:,([^,()\s]+))?\)")


def _nat(c: Collector, node: Node) -> None:
    """`nat (...)`, `static (...)`: old and new forms."""
    if node.no:
        node.used = True
        return
    c.nat_nodes.append(node)
    c.seen.add("nat")
    node.used = True


def _global(c: Collector, node: Node) -> None:
    """`global (outside) 1 interface`."""
    pair = _PAIR.match(node.words[1]) if len(node.words) > 2 else None  # noqa: PLR2004  all of it
    if pair is None or number(node.words[2]) is None:
        return
    held = c.draft(
        "global", f"{node.source.origin}:{node.line}", node, interface=pair[1], text=" ".join(node.words[3:])
    )
    held.values["nat_id"] = number(node.words[2])
    first, _, last = node.words[3].partition("-")
    low, high = address(first), address(last or first)
    if low is not None and high is not None:
        held.values["ranges"] = [(low, high)]
    c.seen.add("nat")


def _pool(c: Collector, node: Node) -> None:
    """`ip nat pool P A B netmask M`."""
    words = node.words[3:]
    low, high = (address(word) for word in words[1:3])
    held = c.draft("nat pool", words[0], node, name=words[0])
    if low is not None and high is not None:
        held.add("ranges", (low, high), node)


def _ip_nat(c: Collector, node: Node) -> None:
    if not node.no:
        c.nat_nodes.append(node)
    c.seen.add("nat")
    node.used = True


_MANY = 500
"""Rules beyond which repetitions (of a second fragment) are not looked for."""


def rules(c: Collector) -> list[NatRule]:
    """All rules in the order in which the device tries them."""
    made: list[NatRule] = []
    for node in c.nat_nodes:
        rule = _router_rule(c, node) if node.words[0] == "ip" else _firewall_rule(c, node)
        if rule is None:
            node.used = False
        elif len(made) > _MANY or rule not in made:
            made.append(rule)
    for name, node in c.object_nat:
        rule = _object_rule(c, name, node)
        if rule is not None and (len(made) > _MANY or rule not in made):
            made.append(rule)
    if c.generation.old_nat:
        rank = {NatKind.EXEMPT: 0, NatKind.STATIC: 1, NatKind.DYNAMIC: 3, NatKind.IDENTITY: 2}
        made.sort(key=lambda rule: (rank[rule.kind], rule.kind is NatKind.DYNAMIC and rule.acl is None))
    elif c.generation.object_nat:
        made.sort(key=lambda rule: (rule.section, rule.section == 2 and rule.kind is NatKind.DYNAMIC))  # noqa: PLR2004  object NAT: static first
    else:
        made.sort(key=lambda rule: rule.kind is NatKind.DYNAMIC)  # routers: static translations first
    return made


def _firewall_rule(c: Collector, node: Node) -> NatRule | None:
    pair = _PAIR.match(node.words[1]) if len(node.words) > 2 else None  # noqa: PLR2004  all of it
    if pair is None:
        return None
    words = node.words[2:]
    if node.words[0] == "static":
        return _old_static(c, node, pair, words)
    if pair[2] is not None:
        return _twice(c, node, pair, words)
    return _old_nat(c, node, pair[1], words)


def _old_nat(c: Collector, node: Node, interface: str, words: list[str]) -> NatRule | None:
    """`nat (inside) 0 access-list A`, `nat (inside) 1 10.0.0.0 255.0.0.0`, `nat (inside) 1 access-list A`."""
    identifier = number(words[0]) if words else None
    if identifier is None:
        return None
    draft = Draft(nat_id=identifier, real_interface=interface, outside="outside" in words[1:])
    draft.say("", node)
    rest = words[1:]
    if rest[:1] == ["access-list"] and len(rest) > 1:
        draft.set("acl", rest[1], node)
        return draft.make(NatRule, kind=NatKind.EXEMPT if identifier == 0 else NatKind.DYNAMIC)
    zero = {"0": "0.0.0.0"}  # noqa: S104  everything, not a bind address
    plain = [zero.get(word, word) for word in rest[:2]]
    if plain == ["0.0.0.0"]:  # noqa: S104  same
        plain *= 2
    taken = take(plain, c.names, wildcard=False)
    if taken is None:
        return None
    draft.set("real_source", taken[0], node)
    return draft.make(NatRule, kind=NatKind.IDENTITY if identifier == 0 else NatKind.DYNAMIC)


def _old_static(c: Collector, node: Node, pair: re.Match[str], words: list[str]) -> NatRule | None:
    """`static (inside,outside) [tcp] MAPPED [PORT] REAL [PORT] [netmask M]`, `... MAPPED access-list A`."""
    draft = Draft(real_interface=pair[1], mapped_interface=pair[2])
    draft.say("", node)
    if words[:1] in (["tcp"], ["udp"]):
        draft.values["protocol"] = protocol(words[0])[1]
        words = words[1:]
    if not words:
        return None
    mapped, rest = words[0], words[1:]
    if "protocol" in draft.values and rest:
        draft.values["mapped_port"], rest = port(rest[0]), rest[1:]
    mask = node.after("netmask") or "255.255.255.255"
    draft.values["mapped_source"] = _plain(c, mapped, mask)
    if rest[:1] == ["access-list"] and len(rest) > 1:
        draft.set("acl", rest[1], node)
        return draft.make(NatRule, kind=NatKind.STATIC)
    if not rest:
        return None
    draft.values["real_source"] = _plain(c, rest[0], mask)
    if "protocol" in draft.values and len(rest) > 1:
        draft.values["real_port"] = port(rest[1])
    return draft.make(NatRule, kind=NatKind.STATIC)


def _plain(c: Collector, word: str, mask: str) -> AddressSpec:
    if word == "interface":
        return AddressSpec(kind=AddressKind.INTERFACE, text=word)
    taken = take([word, mask], c.names, wildcard=False)
    return taken[0] if taken else host(word, word, c.names)


def _named(c: Collector, word: str) -> AddressSpec:
    """A name in a rule of the new form: an object, a group, `any`, `interface`, or an address."""
    if word in {"any", "any4", "any6"}:
        return AddressSpec(kind=AddressKind(word), text=word)
    if word == "interface":
        return AddressSpec(kind=AddressKind.INTERFACE, text=word)
    if word in c.drafts["object"]:
        return AddressSpec(kind=AddressKind.OBJECT, text=word, name=word)
    if word in c.drafts["object-group"]:
        return AddressSpec(kind=AddressKind.GROUP, text=word, name=word)
    found = host(word, word, c.names)
    return found if found.kind is AddressKind.NETWORK else AddressSpec(kind=AddressKind.OBJECT, text=word, name=word)


def _twice(c: Collector, node: Node, pair: re.Match[str], words: list[str]) -> NatRule | None:
    """`nat (in,out) [N] [after-auto [N]] source static|dynamic R M [destination static M R] [service ...] ...`."""
    section = 1
    if words and words[0].isdigit():
        words = words[1:]
    if words[:1] == ["after-auto"]:
        section, words = 3, words[1:]
        if words and words[0].isdigit():
            words = words[1:]
    if words[:1] != ["source"] or len(words) < 4:  # noqa: PLR2004  source static R M
        return None
    draft = Draft(section=section, real_interface=pair[1], mapped_interface=pair[2])
    draft.say("", node)
    kind = NatKind.STATIC if words[1] == "static" else NatKind.DYNAMIC
    draft.values["real_source"] = _named(c, words[2])
    rest = words[3:]
    if rest[:1] == ["pat-pool"]:
        rest = rest[1:]
    draft.values["mapped_source"] = _named(c, rest[0])
    place = rest.index("destination") if "destination" in rest else None
    if place is not None and len(rest) > place + 3:
        draft.values["mapped_destination"] = _named(c, rest[place + 2])
        draft.values["real_destination"] = _named(c, rest[place + 3])
    if "service" in rest:
        draft.values["service"] = tuple(rest[rest.index("service") + 1 : rest.index("service") + 3])
    return _flags(draft, rest).make(NatRule, kind=kind)


def _flags(draft: Draft, words: list[str]) -> Draft:
    for word, field in (
        ("no-proxy-arp", "no_proxy_arp"),
        ("route-lookup", "route_lookup"),
        ("unidirectional", "unidirectional"),
        ("inactive", "inactive"),
    ):
        draft.values[field] = word in words
    return draft


def _object_rule(c: Collector, name: str, node: Node) -> NatRule | None:
    """`nat (in,out) static|dynamic M` below `object network NAME`."""
    pair = _PAIR.match(node.words[1]) if len(node.words) > 3 else None  # noqa: PLR2004  all of it
    if pair is None or pair[2] is None:
        return None
    words = node.words[2:]
    draft = Draft(section=2, real_interface=pair[1], mapped_interface=pair[2], object=name)
    draft.say("", node)
    draft.values["real_source"] = AddressSpec(kind=AddressKind.OBJECT, text=name, name=name)
    target = words[1] if words[1] != "pat-pool" else words[2]
    draft.values["mapped_source"] = _named(c, target)
    if words[0] == "static" and "service" in words:
        rest = words[words.index("service") + 1 :]
        draft.values["protocol"] = protocol(rest[0])[1] if rest else None
        draft.values["real_port"] = port(rest[1]) if len(rest) > 1 else None
        draft.values["mapped_port"] = port(rest[2]) if len(rest) > 2 else None  # noqa: PLR2004  with its value
    kind = NatKind.STATIC if words[0] == "static" else NatKind.DYNAMIC
    return _flags(draft, words).make(NatRule, kind=kind)


def _router_rule(c: Collector, node: Node) -> NatRule | None:
    """`ip nat inside|outside source list A|route-map R|static ...`."""
    words = node.words
    draft = Draft(outside=words[2] == "outside", overload="overload" in words, vrf=node.after("vrf"))
    draft.say("", node)
    rest = words[4:]
    if not rest:
        return None
    if rest[0] in {"list", "route-map"} and len(rest) > 1:
        draft.set("acl" if rest[0] == "list" else "route_map", rest[1], node)
        draft.values["pool"] = node.after("pool")
        interface = node.rest("interface")
        draft.values["overload_interface"] = " ".join(word for word in interface if word != "overload") or None
        if "vrf" in interface:
            draft.values["overload_interface"] = " ".join(interface[: interface.index("vrf")])
        return draft.make(NatRule, kind=NatKind.DYNAMIC)
    if rest[0] == "static":
        return _router_static(c, node, draft, rest[1:])
    return None


def _router_static(c: Collector, node: Node, draft: Draft, words: list[str]) -> NatRule | None:
    """`static [tcp|udp] LOCAL [PORT] GLOBAL|interface X [PORT] [route-map R]`, `static network L G /24`."""
    mask = None
    if words[:1] in (["tcp"], ["udp"], ["esp"], ["gre"]):
        draft.values["protocol"] = protocol(words[0])[1]
        words = words[1:]
    elif words[:1] == ["network"]:
        words = words[1:]
        mask = words[2] if len(words) > 2 else None  # noqa: PLR2004  with its value
    if len(words) < 2:  # noqa: PLR2004  both addresses
        return None
    local = words[0] if mask is None else f"{words[0]}{mask}" if mask.startswith("/") else words[0]
    taken = take([local] if mask is None or mask.startswith("/") else [local, mask], c.names, wildcard=False)
    draft.values["real_source"] = taken[0] if taken else host(words[0], words[0], c.names)
    rest = words[1:]
    if draft.get("protocol") in {6, 17}:
        draft.values["real_port"], rest = port(rest[0]), rest[1:]
    if rest[:1] == ["interface"]:
        draft.values["mapped_source"] = AddressSpec(
            kind=AddressKind.INTERFACE, text=" ".join(rest[:2]), name=" ".join(rest[1:2])
        )
    elif rest:
        draft.values["mapped_source"] = host(rest[0], rest[0], c.names)
    if "route-map" in rest:
        draft.set("route_map", node.after("route-map"), node)
    draft.values["redundancy"] = node.after("redundancy")
    return draft.make(NatRule, kind=NatKind.STATIC)


NAT: Table = {
    "nat": _nat,
    "static": _nat,
    "global": _global,
    "ip nat pool": _pool,
    "ip nat inside source": _ip_nat,
    "ip nat outside source": _ip_nat,
}
"""Statements that translate addresses."""
