"""Telnet's negotiation: the text is the device's own however it is cut, and each request is answered once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpn_check.collect.telnet import Nvt

WILL_ECHO, DO_ECHO, DONT_ECHO = b"\xff\xfb\x01", b"\xff\xfd\x01", b"\xff\xfe\x01"
DO_WINDOW, DO_TYPE, WILL_BINARY = b"\xff\xfd\x1f", b"\xff\xfd\x18", b"\xff\xfb\x00"
WINDOW = b"\xff\xfb\x1f" + b"\xff\xfa\x1f\x01\xff\xff\x03\xe8\xff\xf0"   # 511 holds a byte 255, which is doubled


@pytest.mark.parametrize(("received", "text", "answer"), [
    (b"R1>", b"R1>", b""),
    (WILL_ECHO, b"", DO_ECHO),
    (WILL_ECHO + WILL_ECHO, b"", DO_ECHO),
    (WILL_ECHO + b"\xff\xfc\x01", b"", DO_ECHO + DONT_ECHO),
    (b"\xff\xfc\x01", b"", b""),
    (DO_WINDOW + DO_WINDOW, b"", WINDOW),
    (DO_TYPE, b"", b"\xff\xfc\x18"),
    (WILL_BINARY, b"", b"\xff\xfe\x00"),
    (b"\xff\xfd\x01", b"", b"\xff\xfc\x01"),
    (b"\xff\xfa\x18\x01\xff\xf0R1>", b"R1>", b""),
    (b"\xff\xfa\x18a\xff\xffb\xff\xf0R1>", b"R1>", b""),
    (b"a\xff\xf1b\xff\xf9c\xff\xf2d", b"abcd", b""),
    (b"a\xff\xffb", b"a\xffb", b""),
    (b"one\r\0two\r\n", b"one\rtwo\r\n", b""),
], ids=str)
def test_commands_are_taken_out_and_answered(received: bytes, text: bytes, answer: bytes) -> None:
    assert Nvt().receive(received) == (text, answer)


PIECES = [WILL_ECHO, DO_WINDOW, DO_TYPE, b"\xff\xfa\x18\x01\xff\xf0", b"\xff\xff", b"\xff\xf1", b"\r\0", b"R1>",
          b"\r\n", b"show crypto ipsec sa", b"\x00"]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.lists(st.integers(1, 5), max_size=60))
def test_the_cut_between_packets_does_not_matter(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pieces)
    whole = Nvt().receive(stream)
    nvt, text, answer = Nvt(), b"", b""
    for size in [*cuts, len(stream)]:
        some, due = nvt.receive(stream[:size])
        stream, text, answer = stream[size:], text + some, answer + due

    assert (text, answer) == whole


@given(st.binary(max_size=2000), st.integers(1, 50))
def test_noise_is_survived_and_answers_stay_small(noise: bytes, size: int) -> None:
    nvt = Nvt()
    for start in range(0, len(noise), size):
        _, answer = nvt.receive(noise[start:start + size])
        assert len(answer) <= 20 * (size + 3)


def test_a_sub_negotiation_without_end_is_not_kept_for_ever() -> None:
    nvt = Nvt()

    for _ in range(100):
        nvt.receive(b"\xff\xfa\x18" + b"x" * 1000)

    assert nvt.receive(b"R1>")[0].endswith(b"R1>")


def test_a_line_ends_like_the_return_key() -> None:
    assert Nvt.send(b"show version\n") == b"show version\r\0"
    assert Nvt.send(b" ") == b" "
    assert Nvt.send(b"\xff\n") == b"\xff\xff\r\0"
