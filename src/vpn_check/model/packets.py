"""Sets of addresses and of packets, with exact arithmetic.

A packet is its version, source, destination, protocol, ports and ICMP type and code. What a packet does not have
(ports of ESP) is left open: a set says nothing of it. All operations are exact; no set is ever approximated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Self

from vpn_check.model import decision
from vpn_check.model.blocks import (
    DESTINATION,
    DESTINATION_PORT,
    END,
    ICMP,
    PROTOCOL,
    SOURCE_PORT,
    WIDTH,
    Block,
    Flow,
    service_flows,
)
from vpn_check.model.decision import Node
from vpn_check.model.describe import addresses_text, packets_text

__all__ = ["AddressSet", "Block", "Flow", "PacketSet", "Ports", "ServiceSet"]

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
        width = WIDTH[version]
        made = decision.cube(END - width, width, value, care, True)
        return cls(v4=made) if version == 4 else cls(v6=made)  # noqa: PLR2004  IPv4

    @classmethod
    def range(cls, first: int, last: int, version: int = 4) -> AddressSet:
        """Addresses from first to last."""
        width = WIDTH[version]
        made = decision.interval(END - width, width, first, last, True)
        return cls(v4=made) if version == 4 else cls(v6=made)  # noqa: PLR2004  IPv4

    def blocks(self) -> Iterator[Block]:
        """The set in disjoint blocks."""
        for version, root in ((4, self.v4), (6, self.v6)):
            width = WIDTH[version]
            for (value, care), _ in decision.branches(root, END - width, width):
                yield Block(version=version, value=value, care=care)

    def __str__(self) -> str:
        return addresses_text(self.v4, self.v6)

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        full = (1 << address.max_prefixlen) - 1
        return AddressSet.masked(int(address), full, address.version) <= self


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
        v4 = decision.shift(source.v4, 0, decision.shift(destination.v4, DESTINATION, tail))
        v6 = decision.shift(source.v6, 0, decision.shift(destination.v6, DESTINATION, tail))
        return cls(v4, v6)

    @classmethod
    def block(cls, version: int, source: Masked, destination: Masked, service: ServiceSet | None = None) -> PacketSet:
        """The packets between two masked addresses (value, bits that count): `of` for the commonest case, faster."""
        width = WIDTH[version]
        tail = service.root if service is not None else True
        behind = decision.cube(DESTINATION + END - width, width, *destination, tail)
        made = decision.cube(END - width, width, *source, behind)
        return cls(v4=made) if version == 4 else cls(v6=made)  # noqa: PLR2004  IPv4

    @property
    def sources(self) -> AddressSet:
        """Every source that occurs."""
        return AddressSet(decision.project(self.v4, END), decision.project(self.v6, END))

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
            width = WIDTH[version]
            for source, middle in decision.branches(root, END - width, width):
                for destination, service in decision.branches(middle, DESTINATION + END - width, width):
                    yield from service_flows(
                        Block(version=version, value=source[0], care=source[1]),
                        Block(version=version, value=destination[0], care=destination[1]),
                        service,
                    )

    def __str__(self) -> str:
        return packets_text(self.v4, self.v6)


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
            root = decision.cube(ICMP, 16, kind << 8 | (code or 0), 0xFF00 if code is None else 0xFFFF, root)
        root = _in_ports(DESTINATION_PORT, destination_ports, root)
        root = _in_ports(SOURCE_PORT, source_ports, root)
        if protocol is not None:
            root = decision.cube(PROTOCOL, 8, protocol, 0xFF, root)
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
    behind = [decision.project(leaf, PROTOCOL) for leaf in decision.leaves(root, END)]
    return decision.shift(decision.union_all(behind), -DESTINATION, True)


def _mirrored(root: Node) -> Node:
    parts: list[Node] = []
    ways: dict[int, tuple[Node, list[decision.Branch]]] = {}
    for way, leaf in decision.branches(root, 0, END):
        ways.setdefault(id(leaf), (leaf, []))[1].append(way)
    for leaf, taken in ways.values():
        for destination, service in decision.branches(leaf, DESTINATION, END):
            swapped = _swap_ports(service)
            behind = decision.union_all([decision.cube(DESTINATION, END, *way, swapped) for way in taken])
            parts.append(decision.cube(0, END, *destination, behind))
    return decision.union_all(parts)


def _swap_ports(service: Node) -> Node:
    if service is True or service is False:
        return service
    parts: list[Node] = []
    for protocol, behind in decision.branches(service, PROTOCOL, 8):
        for source, rest in decision.branches(behind, SOURCE_PORT, 16):
            for destination, icmp in decision.branches(rest, DESTINATION_PORT, 16):
                made = decision.cube(DESTINATION_PORT, 16, *source, icmp)
                made = decision.cube(SOURCE_PORT, 16, *destination, made)
                parts.append(decision.cube(PROTOCOL, 8, *protocol, made))
    return decision.union_all(parts)
