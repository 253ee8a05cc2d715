"""Stalls and one-way traffic against the tunnel's own habit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.alarms.story import DAY, STEP, Watch, down, up

from vpn_check.alarms.hold import HoldDown
from vpn_check.model.finding import Status

PER_DAY = int(DAY / STEP)
ONE_WAY: dict[str, Any] = {"cause": "traffic.no-return", "status": Status.WARNING, "up": True}


def counts(encaps: int, decaps: int) -> dict[str, int]:
    return {"encaps": encaps, "decaps": decaps, "send_errors": 0, "recv_errors": 0}


class Traffic:
    """A tunnel whose counters are those of its traffic so far."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.sent = self.back = 1000

    def flows(self, polls: int) -> None:
        for _ in range(polls):
            self.sent += 100
            self.back += 90
            self.watch.poll(up(encaps=self.sent, decaps=self.back))

    def stands(self, polls: int) -> None:
        self.watch.many(polls, up(encaps=self.sent, decaps=self.back))

    def one_way(self, polls: int) -> None:
        for _ in range(polls):
            self.sent += 100
            self.watch.poll(down(**ONE_WAY, counters=counts(self.sent, self.back)))


def test_a_tunnel_that_never_stood_still_in_eight_days_is_told_when_it_does() -> None:
    traffic = Traffic()
    traffic.flows(int(8.5 * PER_DAY))
    traffic.stands(6)
    (alarm,) = traffic.watch.raised
    assert (alarm.status, alarm.cause) == (Status.WARNING, "traffic.none")
    assert "never quiet at all" in alarm.summary
    assert alarm.finding is not None
    assert f"encaps {traffic.sent}" in alarm.finding["evidence"][0]["text"]
    traffic.flows(5)
    assert len(traffic.watch.cleared) == 1


def test_one_long_stall_does_not_blind_the_watch() -> None:
    traffic = Traffic()
    traffic.flows(int(8.5 * PER_DAY))
    traffic.stands(2 * PER_DAY)
    traffic.flows(20)
    traffic.stands(12)
    assert len(traffic.watch.raised) == 2


def test_a_short_outage_does_not_make_an_idle_tunnel_unusual() -> None:
    watch = Watch()
    watch.many(12 * PER_DAY, up(encaps=0))
    watch.poll(down())
    watch.many(20, up(encaps=0))
    assert not watch.raised


def test_nights_and_weekends_are_a_habit() -> None:
    traffic = Traffic()
    for day in range(22):
        busy = PER_DAY // 3 if day % 7 < 5 else 0
        traffic.stands(PER_DAY // 3)
        traffic.flows(busy)
        traffic.stands(PER_DAY - PER_DAY // 3 - busy)
    assert not traffic.watch.raised


def test_one_way_traffic_of_a_tunnel_that_is_new_needs_five_polls() -> None:
    traffic = Traffic()
    traffic.flows(20)
    traffic.one_way(4)
    assert not traffic.watch.raised
    traffic.one_way(1)
    assert [alarm.cause for alarm in traffic.watch.raised] == ["traffic.no-return"]


def test_a_tunnel_that_goes_one_way_by_nature_is_never_raised() -> None:
    traffic = Traffic()
    traffic.flows(3)
    for _ in range(4):
        traffic.one_way(PER_DAY // 2)
        traffic.flows(4)
    assert not traffic.watch.raised


def test_traffic_of_office_hours_that_is_not_answered_is_raised() -> None:
    traffic = Traffic()
    for _ in range(3):
        traffic.stands(PER_DAY * 2 // 3)
        traffic.flows(PER_DAY // 3)
    traffic.stands(PER_DAY // 2)
    traffic.flows(5)
    traffic.one_way(2)
    assert [alarm.cause for alarm in traffic.watch.raised] == ["traffic.no-return"]


def test_one_way_traffic_that_passed_by_itself_before_is_a_habit() -> None:
    traffic = Traffic()
    for _ in range(3):
        traffic.flows(20)
        traffic.one_way(4)
    traffic.flows(2 * PER_DAY)
    for _ in range(5):
        traffic.one_way(4)
        traffic.flows(20)
    assert not traffic.watch.raised
    traffic.one_way(6)
    assert len(traffic.watch.raised) == 1


def test_one_way_traffic_of_a_tunnel_that_never_had_it_is_raised_as_all_else() -> None:
    traffic = Traffic()
    traffic.flows(2 * PER_DAY)
    traffic.one_way(2)
    assert len(traffic.watch.raised) == 1


def test_a_whole_span_of_silence_on_a_tunnel_that_always_answered_needs_no_second_poll() -> None:
    traffic = Traffic()
    traffic.flows(2 * PER_DAY)
    traffic.one_way(1)
    assert len(traffic.watch.raised) == 1


def test_an_outage_that_shows_in_one_way_traffic_does_not_delay_the_next() -> None:
    traffic = Traffic()
    traffic.flows(2 * PER_DAY)
    for outages in (1, 2, 3):
        traffic.one_way(12)
        traffic.flows(PER_DAY)
        assert len(traffic.watch.raised) == outages
    traffic.one_way(2)
    assert len(traffic.watch.raised) == 4


def test_traffic_that_nobody_answers_is_not_spared_where_it_is_critical() -> None:
    watch = Watch()
    watch.many(3, up(encaps=10))
    watch.many(2, down(cause="traffic.no-return", up=True, counters=counts(99, 10)))
    assert len(watch.raised) == 1


def test_a_few_packets_that_were_never_answered_are_history_until_more_are_sent() -> None:
    watch = Watch()
    watch.many(50, down(**ONE_WAY, counters=counts(3, 0)))
    assert not watch.raised


def test_history_of_one_way_traffic_does_not_clear_what_is_raised() -> None:
    traffic = Traffic()
    traffic.flows(20)
    traffic.one_way(6)
    traffic.watch.many(20, down(**ONE_WAY, counters=counts(traffic.sent, traffic.back)))
    assert not traffic.watch.cleared
    traffic.flows(5)
    assert len(traffic.watch.cleared) == 1


@pytest.mark.parametrize("wrong", [{"raise_after": 0}, {"clear_after": 0}, {"flap_count": 1}, {"window": 3}])
def test_patience_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        HoldDown(**wrong)
