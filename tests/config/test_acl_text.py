"""Access lists as text, against packets tried one by one: first match decides, whatever the line is written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from vpn_check.config.reader import read_config
from vpn_check.model.config import ConfigSets, ConfigSource, ConfigText, DeviceConfig
from vpn_check.model.packets import AddressSet, PacketSet, ServiceSet

NETWORK = int(IPv4Address("10.1.2.0"))
ADDRESSES = [NETWORK + low for low in range(4)] + [int(IPv4Address("192.0.2.77"))]
PROTOCOLS = {"tcp": 6, "udp": 17, "gre": 47}
PORTS = (79, 80, 81, 443)

Packet = tuple[int, int, int, int, int]
UNIVERSE: tuple[Packet, ...] = tuple(
    packet
    for packet in product(ADDRESSES, ADDRESSES, PROTOCOLS.values(), PORTS, PORTS)
    if packet[2] != 47 or packet[3:] == (79, 79)
)


@dataclass(frozen=True)
class Part:
    """A piece of text, and what it means."""

    text: str
    means: Callable[[int], bool]


def dotted(value: int) -> str:
    return str(IPv4Address(value))


def any_() -> st.SearchStrategy[Part]:
    return st.just(Part("any", lambda _: True))


def hosts() -> st.SearchStrategy[Part]:
    return st.sampled_from(ADDRESSES).map(lambda held: Part(f"host {dotted(held)}", lambda got: got == held))


def wildcards() -> st.SearchStrategy[Part]:
    """Any bits of the last octet may be wild, with holes and with host bits set."""

    def made(pair: tuple[int, int]) -> Part:
        value, wild = NETWORK + pair[0], pair[1]
        return Part(f"{dotted(value)} {dotted(wild)}", lambda got: (got ^ value) & ~wild & 0xFFFFFFFF == 0)

    return st.tuples(st.integers(0, 3), st.sampled_from((0, 1, 2, 3, 0xFF, 0xFD, 0x00FF0000))).map(made)


def netmasks() -> st.SearchStrategy[Part]:
    def made(pair: tuple[int, int]) -> Part:
        value, length = NETWORK + pair[0], pair[1]
        mask = (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF
        return Part(f"{dotted(value & mask)} {dotted(mask)}", lambda got: (got ^ value) & mask == 0)

    return st.tuples(st.integers(0, 3), st.sampled_from((0, 8, 24, 30, 31, 32))).map(made)


OBJECTS = {
    "object network ONE\n host 10.1.2.1\n": ("object ONE", lambda got: got == NETWORK + 1),
    "object network NET\n subnet 10.1.2.2 255.255.255.254\n": (
        "object NET",
        lambda got: got in (NETWORK + 2, NETWORK + 3),
    ),
    "object network SPAN\n range 10.1.2.1 10.1.2.3\n": ("object SPAN", lambda got: NETWORK + 1 <= got <= NETWORK + 3),
    "object-group network MANY\n network-object host 10.1.2.0\n network-object object ONE\n": (
        "object-group MANY",
        lambda got: got in (NETWORK, NETWORK + 1),
    ),
    "object-group network DEEP\n group-object MANY\n network-object 192.0.2.0 255.255.255.0\n": (
        "object-group DEEP",
        lambda got: got in (NETWORK, NETWORK + 1, ADDRESSES[-1]),
    ),
}


def objects() -> st.SearchStrategy[Part]:
    return st.sampled_from(list(OBJECTS.values())).map(lambda pair: Part(*pair))


def ports() -> st.SearchStrategy[Part]:
    def made(pair: tuple[str, int]) -> Part:
        operator, port = pair
        means: dict[str, Callable[[int], bool]] = {
            "eq": lambda got: got == port,
            "neq": lambda got: got != port,
            "gt": lambda got: got > port,
            "lt": lambda got: got < port,
        }
        return Part(f"{operator} {'www' if port == 80 else port}", means[operator])

    single = st.tuples(st.sampled_from(("eq", "neq", "gt", "lt")), st.sampled_from(PORTS)).map(made)
    spans = st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS)).map(
        lambda pair: Part(f"range {min(pair)} {max(pair)}", lambda got: min(pair) <= got <= max(pair))
    )
    return single | spans | st.just(Part("", lambda _: True))


@dataclass(frozen=True)
class Line:
    permit: bool
    text: str
    means: Callable[[Packet], bool]


def entries(addresses: st.SearchStrategy[Part]) -> st.SearchStrategy[Line]:
    def made(parts: tuple[bool, str, Part, Part, Part, Part]) -> Line:
        permit, protocol, source, source_ports, destination, destination_ports = parts
        if protocol not in {"tcp", "udp"}:
            source_ports = destination_ports = Part("", lambda _: True)
        words = ("permit" if permit else "deny", protocol, source.text, source_ports.text, destination.text)
        text = " ".join(word for word in (*words, destination_ports.text) if word)

        def means(packet: Packet) -> bool:
            return (
                (protocol == "ip" or PROTOCOLS[protocol] == packet[2])
                and source.means(packet[0])
                and destination.means(packet[1])
                and source_ports.means(packet[3])
                and destination_ports.means(packet[4])
            )

        return Line(permit, text, means)

    return st.tuples(
        st.booleans(), st.sampled_from(("ip", "tcp", "udp", "gre")), addresses, ports(), addresses, ports()
    ).map(made)


def config(text: str) -> DeviceConfig:
    lines = tuple(enumerate(text.split("\n"), 1))
    return read_config([ConfigText(source=ConfigSource(command="configuration"), lines=lines)], mask=str)


def said(held: PacketSet) -> set[Packet]:
    return {packet for packet in UNIVERSE if one(packet) <= held}


def one(packet: Packet) -> PacketSet:
    if packet not in SINGLES:
        source, destination, protocol, source_port, destination_port = packet
        spans = None if protocol == 47 else ([(source_port, source_port)], [(destination_port, destination_port)])
        service = ServiceSet.of(protocol) if spans is None else ServiceSet.of(protocol, *spans)
        SINGLES[packet] = PacketSet.of(AddressSet.of(dotted(source)), AddressSet.of(dotted(destination)), service)
    return SINGLES[packet]


SINGLES: dict[Packet, PacketSet] = {}


def meant(lines: list[Line]) -> set[Packet]:
    """First match decides; what nothing matches is denied."""
    return {packet for packet in UNIVERSE if next((line.permit for line in lines if line.means(packet)), False)}


def permitted(held: DeviceConfig, name: str) -> PacketSet:
    found = ConfigSets(held).permitted(name)
    assert found is not None
    assert found.exact
    return found.most


@settings(deadline=None, max_examples=60)
@given(st.lists(entries(any_() | hosts() | wildcards()), min_size=1, max_size=6))
def test_a_list_of_a_router(lines: list[Line]) -> None:
    named = "hostname r1\nip access-list extended VPN\n" + "".join(f" {line.text}\n" for line in lines)
    numbered = "hostname r1\n" + "".join(f"access-list 150 {line.text}\n" for line in lines)
    version = "version 15.2\n"
    assert said(permitted(config(version + named), "VPN")) == meant(lines)
    assert permitted(config(version + numbered), "150") == permitted(config(version + named), "VPN")


@settings(deadline=None, max_examples=60)
@given(st.lists(entries(any_() | hosts() | netmasks() | objects()), min_size=1, max_size=6))
def test_a_list_of_a_firewall(lines: list[Line]) -> None:
    head = "ASA Version 9.8(2)\n" + "".join(OBJECTS)
    text = head + "".join(f"access-list VPN extended {line.text}\n" for line in lines)
    assert said(permitted(config(text), "VPN")) == meant(lines)


@settings(deadline=None, max_examples=30)
@given(st.lists(entries(any_() | hosts() | netmasks()), min_size=1, max_size=6))
def test_a_list_of_a_pix(lines: list[Line]) -> None:
    text = "PIX Version 6.3(5)\n" + "".join(f"access-list 101 {line.text}\n" for line in lines)
    assert said(permitted(config(text), "101")) == meant(lines)


def test_inactive_lines_and_remarks_take_no_part() -> None:
    text = (
        "ASA Version 9.8(2)\naccess-list A remark permit ip any any\n"
        "access-list A extended permit ip any any inactive\naccess-list A extended permit ip host 10.1.2.1 any log\n"
    )
    assert permitted(config(text), "A") == PacketSet.of(AddressSet.of("10.1.2.1"), AddressSet.everything())


def test_what_only_the_device_can_tell_is_unsure() -> None:
    text = (
        "ASA Version 9.8(2)\nobject network NAMED\n fqdn v4 www.example.com\n"
        "access-list A extended permit ip host 10.1.2.1 any\n"
        "access-list A extended permit tcp any any eq 22 time-range OFFICE\n"
        "access-list A extended permit ip object NAMED any\naccess-list A extended deny ip object NOT-GIVEN any\n"
        "access-list A extended permit ip host 10.1.2.3 any\n"
    )
    found = ConfigSets(config(text)).permitted("A")
    assert found is not None
    assert [entry.statement.line for entry in found.unsure] == [5, 6, 7]
    everybody = AddressSet.everything()
    assert found.least == PacketSet.of(AddressSet.of("10.1.2.1"), everybody)
    assert found.least | PacketSet.of(AddressSet.of("10.1.2.3"), everybody) <= found.most


def test_ipv6_lists_and_both_kinds_of_any() -> None:
    text = (
        "ASA Version 9.8(2)\naccess-list A extended permit ip 2001:db8:1::/64 2001:db8:2::/64\n"
        "access-list B extended permit ip any4 any4\naccess-list C extended permit ip any any\n"
    )
    held = config(text)
    assert permitted(held, "A").sources == AddressSet.of("2001:db8:1::/64")
    assert permitted(held, "B") == PacketSet.of(AddressSet(v4=True), AddressSet(v4=True))
    assert permitted(held, "C") == PacketSet.everything()
    router = config(
        "version 15.2\nipv6 access-list V6\n permit ipv6 2001:db8:1::/64 2001:db8:2::/64\n deny ipv6 any any\n"
    )
    assert permitted(router, "V6") == permitted(held, "A")


def test_service_groups_ports_of_groups_and_protocol_groups() -> None:
    text = """ASA Version 9.8(2)
object service WEB
 service tcp destination eq www
object-group service MANY
 service-object object WEB
 service-object udp destination range 1 9
 service-object esp
object-group service PORTS tcp
 port-object eq https
 port-object range 8000 8080
object-group protocol BOTH
 protocol-object tcp
 protocol-object udp
access-list A extended permit object-group MANY any4 any4
access-list B extended permit tcp any4 any4 object-group PORTS
access-list C extended permit object-group BOTH any4 any4
access-list D extended permit object WEB any4 any4
"""
    held = config(text)
    both = AddressSet(v4=True)

    def of(protocol: int, *spans: tuple[int, int]) -> PacketSet:
        return PacketSet.of(both, both, ServiceSet.of(protocol, None, spans or None))

    assert permitted(held, "A") == of(6, (80, 80)) | of(17, (1, 9)) | of(50)
    assert permitted(held, "B") == of(6, (443, 443), (8000, 8080))
    assert permitted(held, "C") == of(6) | of(17)
    assert permitted(held, "D") == of(6, (80, 80))


def test_a_standard_list_names_sources() -> None:
    held = config("version 12.4\naccess-list 10 permit 10.1.0.0 0.0.255.255\naccess-list 10 deny any\n")
    assert permitted(held, "10") == PacketSet.of(AddressSet.of("10.1.0.0/16"), AddressSet.everything())


def test_entries_are_in_the_order_of_their_numbers() -> None:
    held = config("version 15.2\nip access-list extended A\n 20 permit ip any any\n 10 deny ip host 10.1.2.1 any\n")
    assert permitted(held, "A") == PacketSet.of(~AddressSet.of("10.1.2.1"), AddressSet.everything())
