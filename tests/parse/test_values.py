"""Single values: nothing raises, and what is printed is what comes back."""

from __future__ import annotations

from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from vpn_check.parse import values


@given(st.text(max_size=60))
def test_no_word_raises(word: str) -> None:
    values.integer(word)
    values.spi(word)
    values.address(word)
    values.endpoint(word)
    values.tidy(word)


@given(st.integers(0, 2**32 - 1))
def test_an_spi_in_every_spelling(number: int) -> None:
    for text in (f"0x{number:X}({number})", f"0x{number:x} ({number})"):
        assert values.spi(text) == (number, number)
    assert values.spi(f"{number:X}") == values.spi(f"0x{number:x}") == (number, None)


@given(st.ip_addresses(), st.integers(1, 65535))
def test_an_endpoint_with_its_port(address: object, port: int) -> None:
    assert values.endpoint(f"{address}/{port}") == (ip_address(str(address)), port)
    assert values.endpoint(str(address)) == (ip_address(str(address)), None)


@given(st.ip_addresses(v=4), st.integers(1, 65535))
def test_an_old_endpoint(address: object, port: int) -> None:
    assert values.endpoint(f"{address}:{port}") == (ip_address(str(address)), port)


@given(st.integers(-(10**15), 10**15))
def test_a_counter(number: int) -> None:
    assert values.integer(str(number)) == number


def test_what_is_no_address_stays_the_word_it_is() -> None:
    assert values.address("X.X.X.149") == "X.X.X.149"
    assert values.address("BRANCH-SRV,") == "BRANCH-SRV"
    assert values.address("(none)") is None
    assert values.spi("[Not Available]") == (None, None)
