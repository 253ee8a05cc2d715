"""Counters over rekeys, resets and reloads; what a poll adds up to."""

from __future__ import annotations

from datetime import timedelta

from tests.alarms.story import START, STEP, Watch, down, tally, tunnel_id, up

from vpn_check.alarms.growth import delta, started


def test_totals_grow_by_what_passed_and_the_tally_says_how_much() -> None:
    watch = Watch()
    first = watch.poll(up(encaps=1000, decaps=900))
    done = watch.poll(up(encaps=1250, decaps=1000))
    assert (tally(first).counted, tally(first).encaps) == (0, 0)
    assert (tally(done).counted, tally(done).encaps, tally(done).decaps) == (1, 250, 100)
    assert watch.tunnel().totals == {"encaps": 250, "decaps": 100, "send_errors": 0, "recv_errors": 0}


def test_a_rekey_is_counted_and_nothing_else() -> None:
    watch = Watch()
    watch.poll(up(encaps=10, spis=frozenset({1, 2})))
    both = watch.poll(up(encaps=20, spis=frozenset({1, 2, 3, 4})))
    after = watch.poll(up(encaps=30, spis=frozenset({3, 4})))
    assert [tally(done).rekeys for done in (both, after)] == [1, 0]
    assert [tally(done).resets for done in (both, after)] == [0, 0]
    assert tally(after).encaps == 10
    assert not watch.raised


def test_counters_that_fell_are_a_reset_and_the_totals_go_on() -> None:
    watch = Watch()
    watch.poll(up(encaps=1000))
    watch.poll(up(encaps=1100))
    done = watch.poll(up(encaps=30, decaps=20, spis=frozenset({9})))
    assert (tally(done).resets, tally(done).rekeys, tally(done).encaps) == (1, 0, 30)
    assert watch.tunnel().totals["encaps"] == 130
    assert watch.tunnel().totals["decaps"] == 120
    assert not watch.raised


def test_a_reload_is_a_reset_although_the_counters_are_past_the_old_ones() -> None:
    watch = Watch()
    watch.poll(up(encaps=10), booted_at=START - timedelta(days=40))
    done = watch.poll(up(encaps=25), booted_at=START + timedelta(minutes=3))
    assert (tally(done).resets, tally(done).encaps) == (1, 25)


def test_an_uptime_that_wanders_by_a_minute_is_no_reload() -> None:
    watch = Watch()
    watch.poll(up(encaps=10), booted_at=START - timedelta(days=40))
    done = watch.poll(up(encaps=25), booted_at=START - timedelta(days=40) + timedelta(seconds=61))
    assert (tally(done).resets, tally(done).encaps) == (0, 15)
    assert started(watch.memory, START - timedelta(days=40) + timedelta(seconds=119)) is None


def test_growth_over_lost_polls_is_counted_once() -> None:
    watch = Watch()
    watch.poll(up(encaps=100))
    lost = [watch.lost() for _ in range(3)]
    done = watch.poll(up(encaps=160))
    assert [tally(poll).unknown for poll in lost] == [1, 1, 1]
    assert tally(done).encaps == 60


def test_a_counter_that_was_not_printed_has_no_growth() -> None:
    watch = Watch()
    watch.poll(up(encaps=100))
    bare = up()
    watch.poll(bare)
    done = watch.poll(up(counters={"encaps": 170}))
    assert (tally(done).encaps, tally(done).decaps) == (70, 0)
    assert watch.tunnel().totals["decaps"] == 0


def test_the_diagnosis_is_told_the_growth_or_that_the_flow_is_new() -> None:
    watch = Watch()
    watch.poll(up(encaps=100, decaps=90))
    before = watch.tunnel()
    grown = delta(before, {"encaps": 150, "decaps": 90}, START + STEP)
    assert grown is not None
    assert (grown.seconds, grown.encaps, grown.decaps, grown.send_errors) == (300.0, 50, 0, None)
    fell = delta(before, {"encaps": 5, "decaps": 5}, START + STEP)
    assert fell is not None
    assert (fell.recreated, fell.encaps) == (True, None)
    assert delta(None, {"encaps": 5}, START) is None
    assert delta(before, {}, START + STEP) is None


def test_a_device_that_started_anew_tells_so_for_the_growth() -> None:
    watch = Watch()
    watch.poll(up(encaps=100), booted_at=START - timedelta(days=1))
    anew = started(watch.memory, START + timedelta(minutes=4))
    assert anew == START + timedelta(minutes=4)
    fell = delta(watch.tunnel(), {"encaps": 500}, START + STEP, anew)
    assert fell is not None
    assert fell.recreated
    assert started(None, START) is None


def test_a_poll_is_counted_as_seen_with_the_cause_of_what_is_bad() -> None:
    watch = Watch()
    watch.poll(up())
    assert (tally(watch.poll(up())).healthy, tally(watch.poll(up())).cause) == (1, "")
    bad = tally(watch.poll(down()))
    assert (bad.critical, bad.cause) == (1, "ike.psk-mismatch")


def test_spis_of_a_tunnel_that_was_down_are_no_rekey() -> None:
    watch = Watch()
    watch.poll(up(encaps=10, spis=frozenset({1})))
    watch.poll(down())
    assert watch.tunnel(tunnel_id()).spis == frozenset()
    assert tally(watch.poll(up(encaps=20, spis=frozenset({2})))).rekeys == 0
