"""Stand-ins keep what a diagnosis needs of addresses: what is the same, which network holds which, what is private."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared

from vpn_check.parse.clean import display
from vpn_check.redact.addresses import AddressBook
from vpn_check.redact.redactor import Redactor, Wishes

BOOK = AddressBook(b"a salt of a test")
WELL_KNOWN = ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4")
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")

addresses = st.one_of(
    st.integers(0, 2**32 - 1),
    *(st.integers(int(ip_network(net)[0]), int(ip_network(net)[-1])) for net in PRIVATE),
).map(IPv4Address)
networks = st.builds(
    lambda address, length: IPv4Network((address, length), strict=False), addresses, st.integers(8, 32)
)
networks6 = st.builds(
    lambda value, length: IPv6Network((value, length), strict=False), st.integers(0, 2**128 - 1), st.integers(16, 128)
)


def shown(network: IPv4Network) -> IPv4Network:
    """The network that an access list with a wildcard names after redaction: no host bits may be set in it."""
    line = f" permit ip {network.network_address} {network.hostmask} any"
    words = BOOK.redact(line).split()
    return IPv4Network((words[2], str(IPv4Address(int(IPv4Address(words[3])) ^ 0xFFFFFFFF))))


@given(networks, networks)
def test_containment_and_equality_of_networks_survive(one: IPv4Network, other: IPv4Network) -> None:
    assert shown(one).prefixlen == one.prefixlen
    assert shown(one).subnet_of(shown(other)) == one.subnet_of(other)
    assert (shown(one) == shown(other)) == (one == other)
    assert shown(one).overlaps(shown(other)) == one.overlaps(other)


@given(networks, addresses)
def test_an_address_stays_in_the_networks_that_held_it(network: IPv4Network, address: IPv4Address) -> None:
    moved = IPv4Address(BOOK.redact(f"host {address}").split()[1])
    assert (moved in shown(network)) == (address in network)


@given(networks6, networks6)
def test_the_same_holds_for_ipv6(one: IPv6Network, other: IPv6Network) -> None:
    first, second = (IPv6Network(BOOK.redact(f"permit {net}").split()[1]) for net in (one, other))
    assert first.subnet_of(second) == one.subnet_of(other)
    assert (first == second) == (one == other)


@given(networks, networks)
def test_mirrored_identities_stay_mirrored(one: IPv4Network, other: IPv4Network) -> None:
    def idents(local: IPv4Network, remote: IPv4Network) -> list[str]:
        text = (
            f"   local  ident (addr/mask/prot/port): ({local.network_address}/{local.netmask}/0/0)\n"
            f"   remote ident (addr/mask/prot/port): ({remote.network_address}/{remote.netmask}/0/0)\n"
        )
        return re.findall(r"\(([\d./]+)\)", BOOK.redact(text))

    assert idents(one, other) == idents(other, one)[::-1]


@given(addresses)
def test_no_address_stays_where_it_was_unless_it_has_a_meaning_of_its_own(address: IPv4Address) -> None:
    moved = BOOK.v4(address)
    kept = any(address in ip_network(net) for net in WELL_KNOWN) or str(address) in {"128.0.0.0", "192.0.0.0"}
    assert (moved == address) == kept
    for net in PRIVATE:
        assert (moved in ip_network(net)) == (address in ip_network(net))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_no_ipv6_address_stays_where_it_was(address: IPv6Address) -> None:
    kept = int(address) < 2 or address.is_multicast
    assert (BOOK.v6(address) == address) == kept
    assert BOOK.v6(address).is_link_local == address.is_link_local


@given(addresses, addresses)
def test_two_addresses_never_get_one_stand_in(one: IPv4Address, other: IPv4Address) -> None:
    assert (BOOK.v4(one) == BOOK.v4(other)) == (one == other)


@pytest.mark.parametrize(
    "line",
    [
        "route outside 0.0.0.0 0.0.0.0",
        "255.255.255.0 0.0.0.255 255.255.255.255 224.0.0.10 127.0.0.1 0.0.254.255",
        "Cisco Adaptive Security Appliance Software Version 9.16.4.12",
        "snmp-server enable traps, OID 1.3.6.1.4.1.9.9.171",
        "12:34:56.789 1:23:45 00:01:01: 10/100/1000",
        "::/0 ::1 ff02::1",
        "current outbound spi: 0x1A2B3C4D(439041101)",
    ],
)
def test_what_is_no_address_of_anybody_stays(line: str) -> None:
    assert BOOK.redact(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "peer 203.0.113.9:500",
        "peer 203.0.113.9/500",
        "(203.0.113.9)",
        "outside:203.0.113.9/500",
        "203.0.113.9.500 >",
        "map_203.0.113.9_out",
        "to  203.0.113.9.",
        "host 203.000.113.009",
        "203.0.113.9,",
        "ip-203-0-113-9.lan 203.0.113.9",
        "203.0.113.9-203.0.113.9",
        "2001:DB8::203",
        "::ffff:203.0.113.9",
        "Address 203.0.113.9, Mask 255.255.255.255",
    ],
)
def test_an_address_is_found_however_it_is_written(text: str) -> None:
    book = AddressBook(b"salt")
    book.learn(text)
    done = book.redact(text)
    assert done != text
    assert "203.0.113.9" not in done
    assert "203-0-113-9" not in done
    assert "2001:DB8" not in done


ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")


def test_the_addresses_of_real_texts_all_get_their_stand_ins() -> None:
    count = 0
    for path in sorted(path for part in ("samples", "cases") for path in shared(part).rglob("*.txt")):
        text = Path(path).read_bytes().decode(errors="replace")
        redactor = Redactor(Wishes(addresses=True), tidy=display)
        redactor.learn(text)
        done = redactor.redact(text)
        for before, after in zip(text.split("\n"), done.split("\n"), strict=True):
            if "removed>" in after or "ersion" in before:
                continue
            old, new = ADDRESS.findall(before), ADDRESS.findall(after)
            assert len(old) == len(new), (path, before, after)
            for one, other in zip(old, new, strict=True):
                if max(map(int, one.split("."))) > 255 or one.split(".")[0] in {"0", "127"} or one.endswith(".0.0.0"):
                    continue  # a whole class A network holds a private one, and stays where that is
                assert (one == other) == (int(one.split(".")[0]) >= 224 or one == "128.0.0.0"), (path, before, after)
                count += 1
    assert count > 800
