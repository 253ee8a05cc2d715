"""What IPsec takes from a packet: the arithmetic of the RFCs, and the numbers that devices print."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import HERE

from vpn_check.model.encapsulation import Encapsulation, Gre, encapsulations, mss
from vpn_check.model.printed_mtu import asa_overhead, ios_plaintext_mtu, pix6_overhead
from vpn_check.model.snapshot import Topic
from vpn_check.model.transform import transform_of
from vpn_check.parse.read import read_text
from vpn_check.parse.text import RawText

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.model.tunnel import Tunnel

SAMPLES = sorted((HERE.parent.parent / "shared" / "samples").glob("*/*/*.txt"))
CIPHERS = ("esp-des", "esp-3des", "esp-aes", "esp-256-aes", "esp-null")
HMACS = ("esp-md5-hmac", "esp-sha-hmac", "esp-sha256-hmac", "esp-sha384-hmac", "esp-sha512-hmac")
COMBINED = ("esp-gcm 256", "esp-gmac 128")


def wrap(*texts: str, mode: str = "tunnel", **options: bool | Gre) -> Encapsulation:
    transform = transform_of(texts)
    assert transform is not None
    return replace(Encapsulation(transform=transform, tunnel_mode=mode == "tunnel"), **options)  # type: ignore[arg-type]


ALL = [wrap(text, mode=mode, nat_t=nat_t, ipv6=ipv6)
       for text in (*(f"{cipher} {hmac}" for cipher, hmac in product(CIPHERS, HMACS)), *COMBINED)
       for mode in ("tunnel", "transport") for nat_t in (False, True) for ipv6 in (False, True)]  # fmt: skip


@pytest.mark.parametrize(("text", "tunnel", "tunnel_nat", "transport", "transport_nat", "pppoe"), [
    ("esp-3des esp-md5-hmac", 1446, 1438, 1466, 1458, 1438),
    ("esp-aes esp-sha-hmac", 1438, 1422, 1458, 1442, 1422),
    ("esp-256-aes esp-sha256-hmac", 1438, 1422, 1458, 1442, 1422),
    ("esp-aes-256 esp-sha-384-hmac", 1422, 1422, 1442, 1442, 1422),
    ("esp-aes-256 esp-sha-512-hmac no compression", 1422, 1406, 1442, 1426, 1406),
    ("esp-gcm 256", 1446, 1438, 1466, 1458, 1438),
])  # fmt: skip
def test_the_table_of_plaintext_mtus(
    text: str, tunnel: int, tunnel_nat: int, transport: int, transport_nat: int, pppoe: int
) -> None:
    assert wrap(text).plaintext_mtu(1500) == tunnel
    assert wrap(text, nat_t=True).plaintext_mtu(1500) == tunnel_nat
    assert wrap(text, mode="transport").plaintext_mtu(1500) == transport
    assert wrap(text, mode="transport", nat_t=True).plaintext_mtu(1500) == transport_nat
    assert wrap(text).plaintext_mtu(1492) == pppoe


@pytest.mark.parametrize(("text", "outer"), [
    ("esp-null esp-sha-hmac", 144), ("esp-3des esp-sha-hmac", 152), ("esp-aes esp-sha-hmac", 168),
    ("esp-aes esp-sha256-hmac", 172), ("esp-gcm", 156), ("esp-ctr esp-sha256-hmac", 156),
    ("ah-sha-hmac", 144), ("ah-sha256-hmac esp-aes esp-sha-hmac", 196), ("esp-aes", 156),
])  # fmt: skip
def test_a_packet_of_100_bytes_in_tunnel_mode(text: str, outer: int) -> None:
    """By hand: outer IP 20, ESP 8, IV, 100 with trailer 2 and padding to the block, ICV; AH 12 and ICV."""
    assert wrap(text).outer_size(100) == outer


def test_over_ipv6_the_header_is_larger_and_ah_is_padded_to_eight() -> None:
    assert wrap("esp-aes esp-sha-hmac", ipv6=True).plaintext_mtu(1500) == 1422
    assert wrap("ah-md5-hmac", mode="transport", ipv6=True).plaintext_mtu(1500) == 1476
    assert wrap("ah-sha256-hmac", ipv6=True).outer_size(100) == 100 + 40 + 32


def test_gre_comes_on_top() -> None:
    plain = wrap("esp-aes esp-sha256-hmac", mode="transport")
    assert replace(plain, gre=Gre()).largest_packet(1500) == plain.plaintext_mtu(1500) - 24 == 1434
    assert replace(plain, gre=Gre(key=True)).largest_packet(1500) == 1430
    assert replace(plain, gre=Gre(key=True, checksum=True, sequence=True)).gre_size == 36
    assert replace(plain, gre=Gre(ipv6=True)).gre_size == 44
    assert mss(1400) == 1360


@given(st.sampled_from(ALL), st.integers(576, 9216))
def test_the_largest_packet_fits_and_the_next_does_not(wrapping: Encapsulation, path: int) -> None:
    largest = wrapping.largest_packet(path)
    assert wrapping.outer_size(largest) <= path < wrapping.outer_size(largest + 1)


@given(st.sampled_from(ALL), st.integers(68, 9216))
def test_a_larger_packet_is_never_smaller_outside(wrapping: Encapsulation, size: int) -> None:
    assert wrapping.outer_size(size) <= wrapping.outer_size(size + 1) <= wrapping.outer_size(size) + 16


@pytest.mark.parametrize("text", ["esp-seal esp-sha-hmac", "esp-kasumi", "", "comp-lzs", "esp-aes esp-sha3-hmac"])
def test_from_half_a_transform_nothing_is_computed(text: str) -> None:
    assert transform_of([text]) is None


@pytest.mark.parametrize(("text", "nat_t", "printed"), [
    ("esp-3des esp-sha-hmac", False, (58, 36)), ("esp-aes esp-sha-hmac", False, (74, 44)),
    ("esp-aes-256 esp-sha-256-hmac", True, (86, 52)), ("esp-aes-gcm-256 esp-null-hmac", False, (55, 36)),
    ("esp-aes-256 esp-sha-512-hmac", False, (94, None)),
])  # fmt: skip
def test_the_overhead_that_an_asa_prints(text: str, nat_t: bool, printed: tuple[int, int | None]) -> None:  # noqa: FBT001
    assert asa_overhead(wrap(text, nat_t=nat_t)) == printed


def test_what_is_not_known_of_the_printed_overhead_is_not_made_up() -> None:
    assert asa_overhead(wrap("esp-aes esp-sha-hmac", mode="transport")) is None
    assert asa_overhead(wrap("ah-sha-hmac")) is None
    assert pix6_overhead(wrap("esp-3des esp-md5-hmac")) == 56


def test_ios_fills_null_encryption_to_eight() -> None:
    null = wrap("esp-null esp-sha-hmac")
    assert [ios_plaintext_mtu(null, path) for path in (1500, 1400)] == [1454, 1358]
    assert null.plaintext_mtu(1500) == 1458


def flows(path: Path) -> list[Tunnel]:
    text = path.read_bytes().decode("utf-8", errors="replace")
    facts = read_text(Topic.IPSEC_SA, None, RawText(text))
    return [tunnel for tunnel in facts.tunnels if tunnel.printed_mtu is not None]


PRINTING = [path for path in SAMPLES if b"path mtu" in path.read_bytes()]


@pytest.mark.skipif(not SAMPLES, reason="the samples are not beside this checkout")
def test_every_mtu_line_of_the_samples_is_read() -> None:
    for path in PRINTING:
        printed = path.read_bytes().count(b"path mtu")
        assert len(flows(path)) == printed, path
        text = path.read_bytes()
        held = [tunnel.printed_mtu for tunnel in flows(path) if tunnel.printed_mtu is not None]
        assert sum(mtu.plaintext is not None for mtu in held) == text.count(b"plaintext mtu")
        assert sum(mtu.overhead is not None for mtu in held) == text.count(b"ipsec overhead")
        assert all(mtu.own_interface is not None for mtu in held)


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: path.stem)
def test_the_formula_gives_what_devices_print(path: Path) -> None:
    for tunnel in flows(path):
        mtu = tunnel.printed_mtu
        assert mtu is not None
        assert mtu.path is not None
        wraps = encapsulations(tunnel)
        assert bool(wraps) == bool(tunnel.side("outbound"))
        if mtu.plaintext is not None:
            if wraps:
                assert {ios_plaintext_mtu(each, mtu.path) for each in wraps} == {mtu.plaintext}
            else:  # without SAs the device shows the path, or what its last SA left of it
                assert mtu.plaintext in {mtu.path, *(each.plaintext_mtu(mtu.path) for each in ALL)}
        if mtu.overhead is not None:
            computed = asa_overhead(wraps[0])
            assert computed is not None
            assert mtu.overhead == computed[0]
            assert mtu.overhead_short in {None, computed[1]}
