"""Access lists, objects, object-groups and names."""

from __future__ import annotations

from vpn_check.config import services
from vpn_check.config.addresses import address, host, masked, prefix, take
from vpn_check.config.collector import Collector, Table
from vpn_check.config.draft import Draft
from vpn_check.config.entries import port_ranges, standard_number
from vpn_check.config.tree import Node
from vpn_check.model.config import AddressKind, AddressSpec, PortSpec, ServiceSpec

_KINDS = {"extended", "standard", "ethertype", "webvpn"}
_ENTRY = {"permit", "deny", "remark", "line"}


def _access_list(c: Collector, node: Node) -> None:
    """`access-list NAME ...` of all platforms. Entries wait until all objects are known."""
    words = node.words[1:]
    if len(words) < 2 or node.no:  # noqa: PLR2004  with its value
        return
    name, rest = words[0].rstrip(";"), words[1:]
    if rest[0] not in _ENTRY | _KINDS:
        node.used = True  # `compiled`, `cached ACL log flows`, `; 3 elements; name hash: 0x...`
        return
    line: list[str] = []
    if rest[0] == "line" and len(rest) > 2:  # noqa: PLR2004  with its value
        line, rest = rest[:2], rest[2:]
    kind = rest[0] if rest[0] in _KINDS else "standard" if c.wildcard and standard_number(name) else "extended"
    if rest[0] in _KINDS:
        rest = rest[1:]
    c.acl_nodes.append((name, kind, node, [*line, *rest]))
    c.seen.add("access-list")
    node.used = True


def _named_list(c: Collector, node: Node) -> None:
    """`ip access-list extended NAME` with its entries below."""
    words = node.words[2:]
    version6 = node.words[0] == "ipv6"
    if not words:
        return
    kind = "ipv6" if version6 else words[0]
    name = words[0] if version6 else words[-1]
    c.draft("acl", name, node, name=name, kind=kind)
    c.seen.add("access-list")
    for child in node.children:
        if child.words and not child.no:
            c.acl_nodes.append((name, kind, child, child.words))
        child.used = True


def _counted_list(c: Collector, node: Node) -> None:
    """`Extended IP access list NAME` of `show access-lists`, with its entries and their counts below."""
    extended, six = node.words[0] == "Extended", node.words[0] == "IPv6"
    name = node.words[3] if six else node.words[4]
    kind = "ipv6" if six else "extended" if extended else "standard"
    c.draft("acl", name, node, name=name, kind=kind)
    c.seen.add("access-list")
    for child in node.children:
        c.acl_nodes.append((name, kind, child, child.words))
        child.used = True


def _name(c: Collector, node: Node) -> None:
    """`name 10.1.1.1 server [description ...]`."""
    if len(node.words) < 3 or node.no:  # noqa: PLR2004  all of it
        return
    found = address(node.words[1])
    if found is not None:
        c.names[node.words[2]] = host(node.words[1], node.words[2], {})
        node.used = True


def _object(c: Collector, node: Node) -> None:
    if len(node.words) < 3:  # noqa: PLR2004  all of it
        return
    name = node.words[2]
    if node.words[1] == "service":
        held = c.draft("service object", name, node, name=name)
        for child in node.children:
            if child.starts("service"):
                held.set("spec", _service(child.words[1:]), child)
        return
    held = c.draft("object", name, node, name=name)
    for child in node.children:
        if child.starts("nat"):
            c.object_nat.append((name, child))
            child.used = True
        elif child.starts("fqdn"):
            held.set("fqdn", child.words[-1], child)
        elif child.words[0] in {"host", "subnet", "range"}:
            held.set("spec", _object_address(c, child.words), child)
        else:
            child.used = True


def _object_address(c: Collector, words: list[str]) -> AddressSpec | None:
    if words[0] == "subnet":
        found = take(words[1:], c.names, wildcard=False)
        return found[0] if found else None
    if words[0] == "host":
        return host(words[1], words[1], c.names)
    return _range(c, words[1:])


def _range(c: Collector, words: list[str]) -> AddressSpec | None:
    if len(words) < 2:  # noqa: PLR2004  two ends
        return None
    first, last = (host(word, word, c.names) for word in words[:2])
    if first.kind is not AddressKind.NETWORK or last.kind is not AddressKind.NETWORK:
        return None
    return AddressSpec(
        kind=AddressKind.RANGE, text=" ".join(words[:2]), value=first.value, last=last.value, version=first.version
    )


def _service(words: list[str]) -> ServiceSpec | None:
    """`tcp [source OP N] [destination OP N]`, `icmp echo`, `object NAME`."""
    if not words:
        return None
    if words[0] in {"object", "group-object"} and len(words) > 1:
        return ServiceSpec(name=words[1])
    if words[0] == "tcp-udp":
        protocols: tuple[int | None, ...] = (6, 17)
    else:
        known, value = services.protocol(words[0])
        if not known:
            return None
        protocols = (value,)
    rest = words[1:]
    if protocols in {(1,), (58,)}:
        table = services.ICMP_TYPES if protocols == (1,) else services.ICMP6_TYPES
        kind = table.get(rest[0]) if rest else None
        if kind is None and rest and rest[0].isdigit():
            kind = (int(rest[0]), int(rest[1]) if len(rest) > 1 and rest[1].isdigit() else None)
        return ServiceSpec(protocol=protocols[0], protocols=protocols, icmp=kind)
    source = _ports(rest[rest.index("source") + 1 :]) if "source" in rest else None
    after = rest[rest.index("destination") + 1 :] if "destination" in rest else ([] if "source" in rest else rest)
    return ServiceSpec(protocol=protocols[0], protocols=protocols, source=source, destination=_ports(after))


def _ports(words: list[str]) -> PortSpec | None:
    if not words:
        return None
    if words[0] not in {"eq", "neq", "gt", "lt", "range"}:
        number = services.port(words[0])  # a bare port, as `service-object tcp 443` of IOS
        return PortSpec(ranges=((number, number),), text=words[0]) if number is not None else None
    numbers = [number for word in words[1:3] if (number := services.port(word)) is not None]
    wanted = 2 if words[0] == "range" else 1
    if len(numbers) < wanted:
        return None
    return PortSpec(ranges=port_ranges(words[0], numbers[:wanted]), text=" ".join(words[: wanted + 1]))


def _group(c: Collector, node: Node) -> None:
    if len(node.words) < 3:  # noqa: PLR2004  all of it
        return
    kind, name = node.words[1], node.words[2]
    held = c.draft("object-group", name, node, name=name, kind=kind)
    default = node.words[3] if len(node.words) > 3 else None  # noqa: PLR2004  `object-group service WEB tcp`
    for child in node.children:
        if not child.no:
            _member(c, held, child, kind, default)
        child.used = True


def _member(c: Collector, held: Draft, node: Node, kind: str, default: str | None) -> None:  # noqa: C901  one line a form
    words = node.words
    if words[0] == "description":
        return
    if words[0] == "group-object" and len(words) > 1:
        if kind == "network":
            held.add("addresses", AddressSpec(kind=AddressKind.GROUP, text=" ".join(words), name=words[1]), node)
        else:
            held.add("services", ServiceSpec(name=words[1]), node)
    elif kind == "network":
        _network_member(c, held, node, words[1:] if words[0] == "network-object" else words)
    elif words[0] == "port-object":
        protocols: tuple[int | None, ...] = (
            (6, 17) if default in {"tcp-udp", None} else (services.protocol(default)[1],)
        )
        ports = _ports(words[1:])
        if ports is not None:
            held.add("services", ServiceSpec(protocol=protocols[0], protocols=protocols, destination=ports), node)
    elif words[0] in {"protocol-object", "service-object"} or kind in {"service", "protocol"}:
        made = _service(words[1:] if words[0].endswith("-object") else words)
        if made is not None:
            held.add("services", made, node)
    elif words[0] == "icmp-object":
        made = _service(["icmp", *words[1:]])
        if made is not None:
            held.add("services", made, node)


def _network_member(c: Collector, held: Draft, node: Node, words: list[str]) -> None:
    """A member: `host A`, `A M` (netmask on firewalls and on routers alike), `object O`, `range A B`, a prefix."""
    if words[:1] == ["range"]:
        spec = _range(c, words[1:])
    elif words and (found := prefix(words[0])) is not None:
        spec = found
    elif len(words) > 1 and (spec_ := masked(words[0], words[1], c.names, wildcard=False)) is not None:
        spec = spec_
    else:
        taken = take(words, c.names, wildcard=False)
        spec = taken[0] if taken else None
    held.add("addresses", spec or AddressSpec(kind=AddressKind.UNKNOWN, text=" ".join(words)), node)


OBJECTS: Table = {
    "access-list": _access_list,
    "ip access-list": _named_list,
    "ipv6 access-list": _named_list,
    "Extended IP access list": _counted_list,
    "Standard IP access list": _counted_list,
    "IPv6 access list": _counted_list,
    "name": _name,
    "object": _object,
    "object-group": _group,
}
"""Statements that name addresses and services."""
