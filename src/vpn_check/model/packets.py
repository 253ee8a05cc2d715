"""Sets of addresses and of packets, with exact arithmetic.

A packet is its version, source, destination, protocol, ports and ICMP type and code. What a packet does not have
(ports of ESP) is left open: a set says nothing of it. All operations are exact; no set is ever approximated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import islice
from typing import Self

from vpn_check.model import decision
from vpn_check.model.decision import Node

_WIDTH = {4: 32, 6: 128}
_END = 128
"""Addresses end at this bit, so that both versions share their places."""
_DESTINATION, _PROTOCOL, _SOURCE_PORT, _DESTINATION_PORT, _ICMP = 128, 256, 264, 280, 296

_LOOKED_AT = 64
"""Blocks that are looked at to name the largest."""

Ports = Sequence[tuple[int, int]]
"""Inclusive ranges."""

Masked = tuple[int, int]
"""An address, and the bits of it that count."""


class _Sets:
    """The algebra that both kinds of sets share. `v4` and `v6` are decision diagrams."""

    __slots__ = ("v4", "v6")

    def __init__(self, v4: Node = False, v6: Node = False) -> None:  # noqa: FBT002  nodes, not flags
        decision.tidy()
        self.v4 = v4
        self.v6 = v6

    @classmethod
    def nothing(cls) -> Self:
        """The empty set."""
        return cls()

    @classmethod
    def everything(cls) -> Self:
        """All of both versions."""
        return cls(v4=True, v6=True)

    @classmethod
    def union_of(cls, sets: Iterable[Self]) -> Self:
        """The union of many."""
        held = list(sets)
        return cls(decision.union_all([one.v4 for one in held]), decision.union_all([one.v6 for one in held]))

    def __or__(self, other: Self) -> Self:
        return type(self)(decision.union(self.v4, other.v4), decision.union(self.v6, other.v6))

    def __and__(self, other: Self) -> Self:
        return type(self)(decision.intersection(self.v4, other.v4), decision.intersection(self.v6, other.v6))

    def __sub__(self, other: Self) -> Self:
        return type(self)(decision.difference(self.v4, other.v4), decision.difference(self.v6, other.v6))

    def __invert__(self) -> Self:
        return type(self)(decision.difference(True, self.v4), decision.difference(True, self.v6))

    def __le__(self, other: Self) -> bool:
        return (self - other).empty

    def __ge__(self, other: Self) -> bool:
        return (other - self).empty

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, _Sets):
            return NotImplemented
        return self <= other <= self

    __hash__ = None  # type: ignore[assignment]  # equal sets may be written in different ways

    def __bool__(self) -> bool:
        return not self.empty

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'empty' if self.empty else str(self)}>"

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return self.v4 is False and self.v6 is False

    def overlaps(self, other: Self) -> bool:
        """Whether something is in both."""
        return not (self & other).empty


class AddressSet(_Sets):
    """A set of IPv4 and IPv6 addresses."""

    __slots__ = ()

    @classmethod
    def of(cls, text: str) -> AddressSet:
        """The addresses of a prefix (`10.0.0.0/8`) or one address.

        Raises:
            ValueError: the text is neither.
        """
        network = ip_network(text, strict=False)
        return cls.masked(int(network.network_address), int(network.netmask), network.version)

    @classmethod
    def masked(cls, value: int, care: int, version: int = 4) -> AddressSet:
        """Addresses that equal `value` where `care` is set: any netmask, any wildcard."""
        width = _WIDTH[version]
        made = decision.cube(_END - width, width, value, care, True)
        return cls(v4=made) if version == 4 else cls(v6=made)  # noqa: PLR2004  IPv4

    @classmethod
    def range(cls, first: int, last: int, version: int = 4) -> AddressSet:
        """Addresses from first to last."""
        width = _WIDTH[version]
        made = decision.interval(_END - width, width, first, last, True)
        return cls(v4=made) if version == 4 else cls(v6=made)  # noqa: PLR2004  IPv4

    def blocks(self) -> Iterator[Block]:
        """The set in disjoint blocks."""
        for version, root in ((4, self.v4), (6, self.v6)):
            width = _WIDTH[version]
            for (value, care), _ in decision.branches(root, _END - width, width):
                yield Block(version=version, value=value, care=care)

    def __str__(self) -> str:
        found = sorted(islice(self.blocks(), _LOOKED_AT), key=lambda block: block.care.bit_count())
        return _listed([str(block) for block in found])

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        full = (1 << address.max_prefixlen) - 1
        return AddressSet.masked(int(address), full, address.version) <= self


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Addresses that equal `value` where `care` is set: `10.1.0.0/16`, `any`, or `10.0.0.5 mask 255.0.0.255`."""

    version: int
    value: int
    care: int

    def __str__(self) -> str:
        width = _WIDTH[self.version]
        length = self.care.bit_count()
        kind = IPv4Address if self.version == 4 else IPv6Address  # noqa: PLR2004  IPv4
        if self.care == ((1 << length) - 1) << (width - length):
            if length == 0:
                return "any" if self.version == 4 else "any6"  # noqa: PLR2004  IPv4
            return str(kind(self.value)) if length == width else f"{kind(self.value)}/{length}"
        return f"{kind(self.value)} mask {kind(self.care)}"

    def as_entry(self, *, wildcard: bool) -> str:
        """As an access list writes it: `host A`, `any`, address and wildcard (routers) or netmask (ASA, PIX)."""
        width = _WIDTH[self.version]
        full = (1 << width) - 1
        kind = IPv4Address if self.version == 4 else IPv6Address  # noqa: PLR2004  IPv4
        if self.care == 0:
            return "any"
        if self.care == full:
            return f"host {kind(self.value)}"
        if self.version == 6:  # noqa: PLR2004  IPv6
            return str(self)
        return f"{kind(self.value)} {kind(full & ~self.care if wildcard else self.care)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A block of packets. `protocol`, ports and `icmp` are None where they may be anything."""

    source: Block
    destination: Block
    protocol: int | None = None
    source_ports: tuple[int, int] | None = None
    destination_ports: tuple[int, int] | None = None
    icmp: tuple[int, int] | None = None

    def __str__(self) -> str:
        word = "ip" if self.protocol is None else _PROTOCOL_WORDS.get(self.protocol, f"protocol {self.protocol}")
        source = f"{self.source}{_ports_text(self.source_ports)}"
        return f"{word} {source} -> {self.destination}{_ports_text(self.destination_ports)}"

    def as_entry(self, *, wildcard: bool) -> str:
        """As an access list entry writes it behind `permit`: with wildcards (routers) or netmasks (ASA, PIX)."""
        word = "ip" if self.protocol is None else _PROTOCOL_WORDS.get(self.protocol, str(self.protocol))
        parts = [
            word,
            self.source.as_entry(wildcard=wildcard),
            _port_words(self.source_ports),
            self.destination.as_entry(wildcard=wildcard),
            _port_words(self.destination_ports),
        ]
        return " ".join(part for part in parts if part)


_PROTOCOL_WORDS = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "icmp6"}


def _ports_text(ports: tuple[int, int] | None) -> str:
    if ports is None:
        return ""
    return f" port {ports[0]}" if ports[0] == ports[1] else f" ports {ports[0]}-{ports[1]}"


def _port_words(ports: tuple[int, int] | None) -> str:
    if ports is None:
        return ""
    return f"eq {ports[0]}" if ports[0] == ports[1] else f"range {ports[0]} {ports[1]}"


class PacketSet(_Sets):
    """A set of packets."""

    __slots__ = ()

    @classmethod
    def of(
        cls,
        source: AddressSet,
        destination: AddressSet,
        service: ServiceSet | None = None,
    ) -> PacketSet:
        """All packets from one set of addresses to another, of a service where one is given."""
        tail = service.root if service is not None else True
        v4 = decision.shift(source.v4, 0, decision.shift(destination.v4, _DESTINATION, tail))
        v6 = decision.shift(source.v6, 0, decision.shift(destination.v6, _DESTINATION, tail))
        return cls(v4, v6)

    @classmethod
    def block(cls, version: int, source: Masked, destination: Masked, service: ServiceSet | None = None) -> PacketSet:
        """The packets between two masked addresses (value, bits that count): `of` for the commonest case, faster."""
        width = _WIDTH[version]
        tail = service.root if service is not None else True
        behind = decision.cube(_DESTINATION + _END - width, width, *destination, tail)
        made = decision.cube(_END - width, width, *source, behind)
        return cls(v4=made) if version == 4 else cls(v6=made)  # noqa: PLR2004  IPv4

    @property
    def sources(self) -> AddressSet:
        """Every source that occurs."""
        return AddressSet(decision.project(self.v4, _END), decision.project(self.v6, _END))

    @property
    def destinations(self) -> AddressSet:
        """Every destination that occurs."""
        return AddressSet(*(_destinations(root) for root in (self.v4, self.v6)))

    def mirror(self) -> PacketSet:
        """The packets of the other direction: source and destination swapped, addresses and ports alike."""
        return PacketSet(_mirrored(self.v4), _mirrored(self.v6))

    def flows(self) -> Iterator[Flow]:
        """The set in disjoint blocks, as they can be written down."""
        for version, root in ((4, self.v4), (6, self.v6)):
            width = _WIDTH[version]
            for source, middle in decision.branches(root, _END - width, width):
                for destination, service in decision.branches(middle, _DESTINATION + _END - width, width):
                    yield from _service_flows(
                        Block(version=version, value=source[0], care=source[1]),
                        Block(version=version, value=destination[0], care=destination[1]),
                        service,
                    )

    def __str__(self) -> str:
        found = sorted(
            islice(self.flows(), _LOOKED_AT),
            key=lambda flow: (flow.source.care | flow.destination.care << 128).bit_count(),
        )
        return _listed([str(flow) for flow in found])


@dataclass(frozen=True, slots=True)
class ServiceSet:
    """Protocols with ports: what an entry says besides its addresses."""

    root: Node

    @classmethod
    def of(
        cls,
        protocol: int | None = None,
        source_ports: Ports | None = None,
        destination_ports: Ports | None = None,
        icmp: tuple[int, int | None] | None = None,
    ) -> ServiceSet:
        """One protocol (None: any), with ports (None: any) or with an ICMP type and code."""
        root: Node = True
        if icmp is not None:
            kind, code = icmp
            root = decision.cube(_ICMP, 16, kind << 8 | (code or 0), 0xFF00 if code is None else 0xFFFF, root)
        root = _in_ports(_DESTINATION_PORT, destination_ports, root)
        root = _in_ports(_SOURCE_PORT, source_ports, root)
        if protocol is not None:
            root = decision.cube(_PROTOCOL, 8, protocol, 0xFF, root)
        return cls(root)

    def __or__(self, other: ServiceSet) -> ServiceSet:
        return ServiceSet(decision.union(self.root, other.root))

    def __and__(self, other: ServiceSet) -> ServiceSet:
        return ServiceSet(decision.intersection(self.root, other.root))


def _in_ports(first: int, ports: Ports | None, then: Node) -> Node:
    if ports is None:
        return then
    return decision.union_all([decision.interval(first, 16, low, high, then) for low, high in ports])


def _destinations(root: Node) -> Node:
    behind = [decision.project(leaf, _PROTOCOL) for leaf in decision.leaves(root, _END)]
    return decision.shift(decision.union_all(behind), -_DESTINATION, True)


def _mirrored(root: Node) -> Node:
    parts: list[Node] = []
    ways: dict[int, tuple[Node, list[decision.Branch]]] = {}
    for way, leaf in decision.branches(root, 0, _END):
        ways.setdefault(id(leaf), (leaf, []))[1].append(way)
    for leaf, taken in ways.values():
        for destination, service in decision.branches(leaf, _DESTINATION, _END):
            swapped = _swap_ports(service)
            behind = decision.union_all([decision.cube(_DESTINATION, _END, *way, swapped) for way in taken])
            parts.append(decision.cube(0, _END, *destination, behind))
    return decision.union_all(parts)


def _swap_ports(service: Node) -> Node:
    if service is True or service is False:
        return service
    parts: list[Node] = []
    for protocol, behind in decision.branches(service, _PROTOCOL, 8):
        for source, rest in decision.branches(behind, _SOURCE_PORT, 16):
            for destination, icmp in decision.branches(rest, _DESTINATION_PORT, 16):
                made = decision.cube(_DESTINATION_PORT, 16, *source, icmp)
                made = decision.cube(_SOURCE_PORT, 16, *destination, made)
                parts.append(decision.cube(_PROTOCOL, 8, *protocol, made))
    return decision.union_all(parts)


def _service_flows(source: Block, destination: Block, service: Node) -> Iterator[Flow]:
    for protocol, behind in decision.branches(service, _PROTOCOL, 8):
        for source_ports, rest in decision.branches(behind, _SOURCE_PORT, 16):
            for destination_ports, icmp in decision.branches(rest, _DESTINATION_PORT, 16):
                for kind, _ in decision.branches(icmp, _ICMP, 16):
                    yield Flow(
                        source=source,
                        destination=destination,
                        protocol=protocol[0] if protocol[1] == 0xFF else None,  # noqa: PLR2004  all bits of it
                        source_ports=_span(source_ports),
                        destination_ports=_span(destination_ports),
                        icmp=kind if kind[1] else None,
                    )


def _span(ports: tuple[int, int]) -> tuple[int, int] | None:
    value, care = ports
    return (value, value | ~care & 0xFFFF) if care else None


def _listed(words: list[str]) -> str:
    return ", ".join(words[:3]) + (", ..." if len(words) > 3 else "")  # noqa: PLR2004  as many as a sentence bears
