"""What is stored of a noun or a tally comes back exactly."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vpn_check.errors import HistoryError
from vpn_check.history import document
from vpn_check.history.block import SLOTS, Places, Sum, pack
from vpn_check.model.alarm import Alarm, AlarmKind, Difference
from vpn_check.model.finding import Status
from vpn_check.model.memory import DeviceMemory, Habit, TunnelMemory
from vpn_check.model.observation import TunnelId
from vpn_check.model.tally import Tally

WORDS = some.text(max_size=20)
MAYBE = some.none() | WORDS
TIMES = some.datetimes(timezones=some.just(UTC))
TRAITS = some.dictionaries(WORDS, WORDS, max_size=3)
COUNTS = some.integers(0, 2**70)
IDS = some.builds(TunnelId, key=some.lists(WORDS, max_size=4).map(tuple), name=WORDS, peer=MAYBE, interface=MAYBE,
                  local_ident=MAYBE, remote_ident=MAYBE)
SPANS = some.floats(0, allow_nan=False)
HABITS = some.builds(Habit, since=TIMES, polls=COUNTS, moving=COUNTS, longest_quiet=SPANS,
                     quiet_since=some.none() | TIMES, longest_away=SPANS, away_since=some.none() | TIMES,
                     one_way=COUNTS)
STATUSES = some.sampled_from(Status)
TUNNELS = some.builds(
    TunnelMemory, id=IDS, habit=HABITS, status=STATUSES, cause=WORDS, since=TIMES, recent=WORDS,
    seen_at=some.none() | TIMES, good_at=some.none() | TIMES, bad_since=some.none() | TIMES, good_in_a_row=COUNTS,
    counters=some.dictionaries(WORDS, COUNTS, max_size=3), counted_at=some.none() | TIMES,
    totals=some.dictionaries(WORDS, COUNTS, max_size=3), spis=some.frozensets(some.integers(0, 2**32), max_size=3),
    traits=TRAITS, alarm=MAYBE, flapping=some.booleans())
MEMORIES = some.builds(
    DeviceMemory, device=WORDS, status=STATUSES, since=TIMES, recent=WORDS, answered_at=some.none() | TIMES,
    bad_since=some.none() | TIMES, good_in_a_row=COUNTS, alarm=MAYBE, booted_at=some.none() | TIMES, traits=TRAITS,
    local_addresses=some.frozensets(WORDS, max_size=3), site=MAYBE, evidence_at=some.none() | TIMES,
    config_at=some.none() | TIMES, tunnels=some.lists(TUNNELS, max_size=3).map(tuple))
ALARMS = some.builds(
    Alarm, id=WORDS, kind=some.sampled_from(AlarmKind), subject=WORDS, device=MAYBE,
    tunnel=some.none() | some.lists(WORDS, max_size=3).map(tuple), peer=MAYBE, status=STATUSES, cause=WORDS,
    summary=WORDS, began=TIMES, raised_at=TIMES, good_at=some.none() | TIMES, cleared_at=some.none() | TIMES,
    finding=some.none() | some.dictionaries(WORDS, WORDS | some.lists(WORDS, max_size=2), max_size=2),
    changed=some.lists(some.builds(Difference, what=WORDS, before=WORDS, after=WORDS, seen_before=some.none() | TIMES,
                                   seen_after=TIMES), max_size=2).map(tuple),
    evidence=MAYBE, flapping=some.booleans(), root=MAYBE, members=some.lists(WORDS, max_size=2).map(tuple))
NUMBERS = some.integers(0, 3) | some.integers(0, 2**64 - 1) | some.just(0)
TALLIES = some.builds(
    Tally, healthy=NUMBERS, warning=NUMBERS, critical=NUMBERS, unknown=NUMBERS, counted=NUMBERS, encaps=NUMBERS,
    decaps=NUMBERS, send_errors=NUMBERS, recv_errors=NUMBERS, rekeys=NUMBERS, resets=NUMBERS,
    cause=some.sampled_from(["", "ike.psk-mismatch", "ipsec.no-sa", "é"])).filter(lambda tally: tally.polls)
BLOCKS = some.dictionaries(some.integers(0, SLOTS - 1), TALLIES, min_size=1, max_size=8)


@given(MEMORIES)
def test_a_memory_comes_back_exactly(memory: DeviceMemory) -> None:
    assert document.unpack(DeviceMemory, document.pack(memory)) == memory


@given(ALARMS)
def test_an_alarm_comes_back_exactly(alarm: Alarm) -> None:
    assert document.unpack(Alarm, document.pack(alarm)) == alarm


def test_a_field_that_an_older_release_did_not_write_has_its_default_and_one_of_a_newer_is_passed_over() -> None:
    old = {"v": 1, "device": "r1", "since": "2026-01-01T00:00:00+00:00", "of a later release": 3}
    assert document.unpack(DeviceMemory, zlib.compress(json.dumps(old).encode())) == DeviceMemory(
        device="r1", since=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("data", [
    b"", b"rubbish", zlib.compress(b"[]"), zlib.compress(b"{}"), zlib.compress(b'{"v":2,"device":"r1"}'),
    zlib.compress(b'{"v":1,"device":"r1"}'), zlib.compress(b'{"v":1,"device":"r1","since":"yesterday"}')])
def test_what_is_no_memory_of_this_release_is_an_error_that_says_what_to_do(data: bytes) -> None:
    with pytest.raises(HistoryError, match=r"DeviceMemory .*\. \w+"):
        document.unpack(DeviceMemory, data)


@given(BLOCKS)
def test_a_block_comes_back_exactly_whole_and_place_by_place(tallies: dict[int, Tally]) -> None:
    data = pack(tallies)
    assert {place: tally for place, tally in enumerate(Places.of(data).tallies()) if tally is not None} == tallies
    assert [Places.of(data, place).tallies() for place in range(SLOTS)] == [
        [tallies.get(place)] for place in range(SLOTS)]


@given(some.lists(BLOCKS, min_size=1, max_size=5))
def test_blocks_add_up_as_their_tallies_do(blocks: list[dict[int, Tally]]) -> None:
    whole, single = Sum(), Sum()
    for tallies in blocks:
        whole.add(Places.of(pack(tallies)))
        single.add(Places.of(pack(tallies), 3))
    places = {place for tallies in blocks for place in tallies}
    expected = {place: reduce(add, (tallies[place] for tallies in blocks if place in tallies), Tally())
                for place in places}
    found = whole.tallies()
    assert {place: tally for place, tally in enumerate(found) if tally is not None} == expected
    assert single.tallies() == [expected.get(3)]


@pytest.mark.parametrize("data", [b"", b"\1rubbish", b"\0", b"\0\2\1", b"\0\2" + b"\1" * 12])
def test_bytes_that_are_no_block_are_an_error(data: bytes) -> None:
    with pytest.raises(HistoryError, match="damaged"):
        Places.of(data)


def test_a_usual_minute_takes_a_few_bytes_a_tunnel() -> None:
    tallies = {place: Tally(healthy=1, counted=1, encaps=37 * place, decaps=41 * place) for place in range(20)}
    assert len(pack(tallies)) < 20 * 5 + 20


def test_times_before_the_summer_are_the_same_after_it() -> None:
    at = datetime(2026, 7, 1, 12, tzinfo=UTC) + timedelta(microseconds=1)
    assert document.unpack(DeviceMemory, document.pack(DeviceMemory(device="r1", since=at))).since == at
