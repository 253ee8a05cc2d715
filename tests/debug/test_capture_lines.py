"""The device's lines apart from our echoes, whatever the pieces they come in."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime

import pytest

from vpn_check.jobs.debug.capture import Capture

ANSWERS = re.compile(r"debug crypto .*(?:enabled at level \d+|disabled\.?)|.* debugging is (?:on|off)")
OWN = frozenset({"terminal monitor", "debug crypto ikev1 127", "no debug crypto ikev1"})


def capture(limit: int = 10_000) -> Capture:
    return Capture(limit=limit, clock=lambda: datetime(2026, 1, 31, 12, tzinfo=UTC), prompt="edge-1", own=OWN,
                   answers=ANSWERS)


SCREEN = """terminal monitor
edge-1#
edge-1#*Jan 31 12:00:00.000: ISAKMP (0): received packet from 198.51.100.7
IPSEC(validate_proposal_request): proposal part #1,
  (key eng. msg.) INBOUND local= 192.0.2.1:0, remote= 198.51.100.7:0,
edge-1(config)# debug crypto ikev1 127
debug crypto ikev1 enabled at level 127
edge-1/ctx/act# [IKEv1]: IP = 198.51.100.7, message

edge-10# is another device's prompt
no debug crypto ikev1
debug crypto ikev1 disabled.
last line without an end"""
LINES = [
    "*Jan 31 12:00:00.000: ISAKMP (0): received packet from 198.51.100.7",
    "IPSEC(validate_proposal_request): proposal part #1,",
    "  (key eng. msg.) INBOUND local= 192.0.2.1:0, remote= 198.51.100.7:0,",
    "edge-1/ctx/act# [IKEv1]: IP = 198.51.100.7, message",
    "edge-10# is another device's prompt",
    "last line without an end",
]


def test_echoes_prompts_and_answers_are_no_lines_of_the_device() -> None:
    held = capture()
    held.add(SCREEN)
    held.finish()
    assert [line.text for line in held.lines()] == LINES
    assert held.lines()[0].device_time == "Jan 31 12:00:00.000"
    assert held.lines()[1].device_time is None


@pytest.mark.parametrize("seed", range(20))
def test_the_pieces_do_not_matter(seed: int) -> None:
    held, draw, at = capture(), random.Random(seed), 0
    while at < len(SCREEN):
        step = draw.randint(1, 9)
        held.add(SCREEN[at:at + step])
        at += step
    held.finish()
    assert [line.text for line in held.lines()] == LINES


def test_what_is_too_much_is_counted() -> None:
    held = capture(limit=20)
    held.add("0123456789\n" * 10)
    held.add("more")
    assert (held.size, held.dropped, held.full) == (20, 94, True)
    held.finish()
    assert [line.text for line in held.lines()] == ["0123456789", "012345678"]
