"""Sets of packets against brute force: over a small universe every packet is tried, and the answers are equal."""

from __future__ import annotations

from ipaddress import ip_address
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from vpn_check.model import decision
from vpn_check.model.packets import AddressSet, PacketSet, Ports, ServiceSet

LOW = 2
"""Bits of an address that differ in the small universe."""
PROTOCOLS = (1, 6, 17)
PORTS = (0, 1, 2)
"""The last of each is never named in a line: it stands for all that no line names."""
BASE = {4: int(ip_address("10.0.0.0")), 6: int(ip_address("2001:db8::"))}
WIDTH = {4: 32, 6: 128}

Packet = tuple[int, int, int, int, int, int]
"""version, source, destination (low bits), protocol, source port, destination port."""
Line = tuple[int, tuple[int, int], tuple[int, int], int | None, tuple[int, int] | None, tuple[int, int] | None]
"""version, source and destination as (value, care), protocol, source ports, destination ports."""

UNIVERSE: tuple[Packet, ...] = tuple(product((4, 6), range(1 << LOW), range(1 << LOW), PROTOCOLS, PORTS, PORTS))


def bits_of(packet: Packet) -> dict[int, int]:
    """The packet as the bits of the documented layout: addresses end at 128 and 256, protocol, ports."""
    version, source, destination, protocol, source_port, destination_port = packet
    bits: dict[int, int] = {}
    for first, width, value in (
        (128 - WIDTH[version], WIDTH[version], BASE[version] | source),
        (256 - WIDTH[version], WIDTH[version], BASE[version] | destination),
        (256, 8, protocol),
        (264, 16, source_port),
        (280, 16, destination_port),
    ):
        bits |= {first + place: value >> (width - 1 - place) & 1 for place in range(width)}
    return bits


BITS = {packet: bits_of(packet) for packet in UNIVERSE}


def holds(held: PacketSet, packet: Packet) -> bool:
    """Follow the diagram by the packet's bits."""
    at = held.v4 if packet[0] == 4 else held.v6
    while not isinstance(at, bool):
        at = at[2] if BITS[packet].get(at[0]) else at[1]
    return at


def members(held: PacketSet) -> set[Packet]:
    return {packet for packet in UNIVERSE if holds(held, packet)}


def matches(line: Line, packet: Packet) -> bool:
    """What the words of a line mean, packet by packet."""
    version, source, destination, protocol, source_ports, destination_ports = line
    return (
        packet[0] == version
        and (packet[1] ^ source[0]) & source[1] == 0
        and (packet[2] ^ destination[0]) & destination[1] == 0
        and protocol in {None, packet[3]}
        and (source_ports is None or source_ports[0] <= packet[4] <= source_ports[1])
        and (destination_ports is None or destination_ports[0] <= packet[5] <= destination_ports[1])
    )


def packet_set(line: Line) -> PacketSet:
    version, source, destination, protocol, source_ports, destination_ports = line
    high = (1 << WIDTH[version]) - 1 & ~((1 << LOW) - 1)
    addresses = [
        AddressSet.masked(BASE[version] | value, high | care, version) for value, care in (source, destination)
    ]
    spans: list[Ports | None] = [[span] if span is not None else None for span in (source_ports, destination_ports)]
    return PacketSet.of(addresses[0], addresses[1], ServiceSet.of(protocol, spans[0], spans[1]))


blocks = st.tuples(st.integers(0, 3), st.integers(0, 3))
spans = st.none() | st.tuples(st.sampled_from(PORTS[:-1]), st.sampled_from(PORTS[:-1])).map(
    lambda pair: (min(pair), max(pair))
)
lines = st.tuples(st.sampled_from((4, 6)), blocks, blocks, st.none() | st.sampled_from(PROTOCOLS[:-1]), spans, spans)
several = st.lists(lines, max_size=6)


def union(held: list[Line]) -> PacketSet:
    return PacketSet.union_of(packet_set(line) for line in held)


def brute(held: list[Line]) -> set[Packet]:
    return {packet for packet in UNIVERSE if any(matches(line, packet) for line in held)}


@settings(deadline=None)
@given(several, several)
def test_the_algebra_is_that_of_sets(one: list[Line], other: list[Line]) -> None:
    a, b, set_a, set_b = union(one), union(other), brute(one), brute(other)
    assert members(a) == set_a
    assert members(a | b) == set_a | set_b
    assert members(a & b) == set_a & set_b
    assert members(a - b) == set_a - set_b
    assert members(~a) == set(UNIVERSE) - set_a
    assert a.overlaps(b) is bool(set_a & set_b)
    assert (a == b) is (set_a == set_b)
    assert (a <= b) is (set_a <= set_b)
    assert (a >= b) is (set_a >= set_b)


@settings(deadline=None)
@given(several)
def test_laws_that_hold_beyond_the_small_universe(one: list[Line]) -> None:
    a = union(one)
    assert ~~a == a
    assert a.mirror().mirror() == a
    assert (a & ~a).empty
    assert a | ~a == PacketSet.everything()
    assert a.mirror().sources == a.destinations
    assert a.mirror().destinations == a.sources


@settings(deadline=None)
@given(several)
def test_a_mirror_swaps_addresses_and_ports(one: list[Line]) -> None:
    mirrored = union(one).mirror()
    swapped = [(version, to, source, protocol, there, here) for version, source, to, protocol, here, there in one]
    assert members(mirrored) == brute(swapped)
    assert mirrored == union(swapped)


@settings(deadline=None)
@given(several)
def test_blocks_and_flows_are_the_set(one: list[Line]) -> None:
    a = union(one)
    again = PacketSet.union_of(
        PacketSet.of(
            AddressSet.masked(flow.source.value, flow.source.care, flow.source.version),
            AddressSet.masked(flow.destination.value, flow.destination.care, flow.destination.version),
            ServiceSet.of(
                flow.protocol,
                [flow.source_ports] if flow.source_ports else None,
                [flow.destination_ports] if flow.destination_ports else None,
            ),
        )
        for flow in a.flows()
    )
    assert again == a
    sources = a.sources
    assert AddressSet.union_of(AddressSet.masked(b.value, b.care, b.version) for b in sources.blocks()) == sources


@settings(deadline=None)
@given(several, several)
def test_nothing_depends_on_what_was_shared(one: list[Line], other: list[Line]) -> None:
    a = union(one)
    decision._shared.clear()  # noqa: SLF001  as a long run does when the table is full
    b = union(other)
    assert (a == b) is (brute(one) == brute(other))
    assert members(a & b) == brute(one) & brute(other)


@given(st.integers(0, 255), st.integers(0, 255))
def test_a_range_is_its_addresses(one: int, other: int) -> None:
    low, high = min(one, other), max(one, other)
    start = int(ip_address("192.0.2.0"))
    held = AddressSet.range(start + low, start + high)
    assert [number for number in range(256) if ip_address(start + number) in held] == list(range(low, high + 1))


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_prefixes_make_up_the_range_and_are_few(one: int, other: int) -> None:
    low, high = min(one, other), max(one, other)
    found = list(decision.prefixes(16, low, high))
    at = low
    for value, care in found:
        assert value == at
        at += (~care & 0xFFFF) + 1
    assert at == high + 1
    assert len(found) <= 30


def test_a_wildcard_with_holes_is_exact() -> None:
    odd_hosts = AddressSet.masked(int(ip_address("10.0.0.1")), 0xFF000001)
    assert ip_address("10.9.8.7") in odd_hosts
    assert ip_address("10.9.8.6") not in odd_hosts
    assert str(next(odd_hosts.blocks())) == "10.0.0.1 mask 255.0.0.1"
    assert next(odd_hosts.blocks()).as_entry(wildcard=True) == "10.0.0.1 0.255.255.254"


def test_sets_are_described_in_few_words() -> None:
    """The largest blocks first; what surrounds them and what is missing, where that is shorter."""
    everybody, site = AddressSet.everything(), AddressSet.of("10.1.0.0/16")
    assert str(AddressSet.of("10.0.0.0/8") - AddressSet.of("10.1.2.3")) == "10.0.0.0/8 but 10.1.2.3"
    assert str(AddressSet.of("192.0.2.0/25") | AddressSet.of("10.0.0.1")) == "192.0.2.0/25, 10.0.0.1"
    assert str(AddressSet.nothing()) == "nothing"
    odd = AddressSet.union_of(AddressSet.of(f"10.{second}.0.0/24") for second in range(1, 30, 2))
    assert str(odd).endswith(", ...")
    assert str(PacketSet.of(site, AddressSet.of("192.0.2.1"))) == "ip 10.1.0.0/16 -> 192.0.2.1"
    v4 = AddressSet(v4=True)
    rest = PacketSet.of(site, v4) - PacketSet.of(site, AddressSet.of("10.2.0.0/16"))
    assert str(rest) == "ip 10.1.0.0/16 -> any but 10.2.0.0/16"
    web = PacketSet.of(site, v4, ServiceSet.of(6, None, [(80, 80)]))
    assert str(web) == "tcp 10.1.0.0/16 -> any port 80"
    assert str(PacketSet.of(everybody, everybody)) == "ip any -> any, ip any6 -> any6"
    assert next(PacketSet.of(site, AddressSet.of("192.0.2.1")).flows()).as_entry(wildcard=False) == (
        "ip 10.1.0.0 255.255.0.0 host 192.0.2.1"
    )


def test_both_versions_are_everything_and_any4_is_not() -> None:
    assert AddressSet(v4=True) | AddressSet(v6=True) == AddressSet.everything()
    assert not AddressSet(v4=True).overlaps(AddressSet.of("2001:db8::/32"))
    assert AddressSet.of("2001:db8::1") <= AddressSet.of("2001:db8::/32")
