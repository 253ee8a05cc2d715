"""Exchanges rebuilt from debugs: each of a known outcome, alone and amid fifty peers that speak at once."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from benchmarks.negotiations import DIALECTS, Expected, Scenario, attempt, tell

from vpn_check.diagnose.negotiation.exchange import Exchange, Mode, Nat, Outcome
from vpn_check.diagnose.negotiation.reader import Reader, read_exchanges
from vpn_check.model.log import LogBlock
from vpn_check.model.sa import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

PEER = "198.51.100.7"
SCENARIOS = [scenario for dialect in DIALECTS for scenario in dialect]


def blocks(lines: Sequence[str], size: int = 500) -> list[LogBlock]:
    return [
        LogBlock(source=0, numbers=range(at + 1, at + 1 + len(lines[at : at + size])), lines=lines[at : at + size])
        for at in range(0, len(lines), size)
    ]


def exchanges(text: str) -> list[Exchange]:
    return sorted(read_exchanges(blocks(text.splitlines())), key=lambda exchange: exchange.first.order)


def outcome(exchange: Exchange) -> Expected:
    role = exchange.role.value if exchange.role else ""
    return (exchange.phase, exchange.mode.value, role, exchange.outcome.value, exchange.cause)


def told(scenario: Scenario) -> tuple[str, list[Expected]]:
    line = attempt(random.Random(3), peer=PEER, number=1001, session=7, sa=2)
    expected = scenario(line)
    return "\n".join(text for block in line.blocks for text in block), expected


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_an_attempt_is_rebuilt(scenario: Scenario) -> None:
    text, expected = told(scenario)
    found = exchanges(text)
    assert [outcome(exchange) for exchange in found] == expected
    assert {exchange.peer for exchange in found} == {PEER}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_same_attempt_again_is_another_exchange(scenario: Scenario) -> None:
    lines: list[str] = []
    expected: list[Expected] = []
    for number in (1001, 1002, 1003):
        line = attempt(random.Random(number), peer=PEER, number=number, session=number, sa=1)
        expected += scenario(line)
        lines += [text for block in line.blocks for text in block]
    assert [outcome(exchange) for exchange in exchanges("\n".join(lines))] == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_peers_at_once_are_told_apart(seed: int) -> None:
    story = tell(300_000, peers=50, seed=seed)
    found: dict[str | None, list[Expected]] = defaultdict(list)
    for exchange in sorted(read_exchanges(blocks(story.lines)), key=lambda exchange: exchange.first.order):
        found[exchange.peer].append(outcome(exchange))
    assert found == story.expected


def test_what_is_noted_of_an_exchange() -> None:
    text, _ = told(next(scenario for scenario in SCENARIOS if scenario.__name__ == "ios_initiator_up"))
    first, second = exchanges(text)
    assert (first.sent, first.received) == (("MM1", "MM3", "MM5"), ("MM2", "MM4", "MM6"))
    assert (first.role, first.mode, first.version, first.nat) == (Role.INITIATOR, Mode.MAIN, 1, Nat.NONE)
    assert first.authentication == "pre-shared key"
    assert first.offers[0].describe() == "AES-CBC 256, SHA256, group 14, pre-share, 86400 s"
    assert first.number == "1001"
    assert (second.mode, second.outcome) == (Mode.QUICK, Outcome.UP)
    assert second.offers[0].attributes["transform"] == "ESP_AES"


def test_identities_and_selectors_are_noted() -> None:
    text, _ = told(next(scenario for scenario in SCENARIOS if scenario.__name__ == "ikev2_initiator_up"))
    ike = exchanges(text)[0]
    assert (ike.own_identity, ike.authentication) == ("192.0.2.1", "PSK")
    text, _ = told(next(scenario for scenario in SCENARIOS if scenario.__name__ == "ios_responder_proxies"))
    child = exchanges(text)[1]
    assert [(s.local, s.remote, s.asked) for s in child.selectors] == [
        ("10.1.0.0/255.255.0.0/256/0", "10.2.0.0/255.255.0.0/256/0", False)
    ]
    text, _ = told(next(scenario for scenario in SCENARIOS if scenario.__name__ == "asa_responder_no_crypto_map"))
    child = exchanges(text)[1]
    assert [(s.local, s.remote) for s in child.selectors] == [("10.1.0.0/255.255.0.0", "10.2.0.0/255.255.0.0")]


def test_messages_sent_again_are_counted_once() -> None:
    text, _ = told(next(scenario for scenario in SCENARIOS if scenario.__name__ == "ios_initiator_unanswered"))
    (exchange,) = exchanges(text)
    assert (exchange.resent, exchange.sent, exchange.received) == (5, ("MM1",), ())


def test_a_timer_whose_peer_is_named_last_belongs_to_that_peer() -> None:
    begin = "ISAKMP:(0): beginning Main Mode exchange\nISAKMP:(0): sending packet to {} my_port 500 (I) MM_NO_STATE\n"
    again = "ISAKMP:(0): retransmitting phase 1 MM_NO_STATE...\n" + begin.splitlines()[1] + "\n"
    one, two = "198.51.100.1", "198.51.100.2"
    text = begin.format(one) + begin.format(two) + again.format(one) * 3
    counts = {exchange.peer: exchange.resent for exchange in exchanges(text)}
    assert counts == {one: 3, two: 0}


def test_a_number_that_is_used_again_for_another_peer_is_another_sa() -> None:
    text = "\n".join(
        f"ISAKMP (1001): received packet from 198.51.100.{host} dport 500 sport 500 Global (R) MM_KEY_EXCH\n"
        f"ISAKMP:(1001):SA has been authenticated with 198.51.100.{host}"
        for host in (1, 2)
    )
    assert [exchange.peer for exchange in exchanges(text)] == ["198.51.100.1", "198.51.100.2"]


def test_an_exchange_that_the_log_leaves_open_is_unfinished_and_no_failure() -> None:
    text = (
        "ISAKMP:(0): beginning Main Mode exchange\n"
        "ISAKMP:(0): sending packet to 198.51.100.1 my_port 500 peer_port 500 (I) MM_NO_STATE\n"
    )
    (exchange,) = exchanges(text)
    assert (exchange.outcome, exchange.cause) == (Outcome.UNFINISHED, None)


def test_reading_keeps_nothing_of_what_is_over() -> None:
    story = tell(400_000, peers=20, seed=5)
    reader = Reader()
    reader.read(blocks(story.lines))
    assert reader.desk.floor.all_talks() == []
    assert len(reader.ledger.cases()) < 20 * 12


def test_shuffled_lines_are_read_to_their_end() -> None:
    story = tell(60_000, peers=10, seed=9)
    lines = list(story.lines)
    random.Random(4).shuffle(lines)
    for exchange in read_exchanges(blocks(lines)):
        assert exchange.first.order <= exchange.last.order
