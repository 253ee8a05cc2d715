"""A tunnel without SAs: idle by design, or missed."""

from __future__ import annotations

from datetime import timedelta

from tests.alarms.story import (
    DAY,
    HOUR,
    LINE,
    START,
    STEP,
    Watch,
    document,
    down,
    idle,
    peer_only,
    tally,
    tunnel_id,
    up,
)

from vpn_check.model.finding import Status

PEER = "203.0.113.1"


def test_a_tunnel_that_nobody_asked_for_may_go_away() -> None:
    watch = Watch()
    watch.many(20, up(encaps=5))
    watch.many(300)
    assert not watch.raised
    assert tally(watch.poll()).healthy == 1


def test_a_tunnel_that_is_wanted_and_vanishes_is_raised_with_a_line_of_the_table() -> None:
    watch = Watch(expected=(PEER,))
    watch.many(4, up())
    watch.many(2)
    (alarm,) = watch.raised
    assert (alarm.status, alarm.cause) == (Status.CRITICAL, "ike.no-attempt")
    assert (alarm.began, alarm.good_at) == (START + 4 * STEP, START + 3 * STEP)
    assert alarm.summary == (
        "The tunnel 203.0.113.1 10.1.0.0 was up until 2026-01-05 00:15 UTC; now the device lists neither SA nor "
        "negotiation for it. It ought to be up.")
    assert alarm.finding is not None
    assert LINE in alarm.finding["evidence"]
    assert alarm.finding["remedies"][0]["commands"]


def test_every_tunnel_is_wanted_where_the_whole_device_is() -> None:
    watch = Watch(expected=("*",))
    watch.many(4, up())
    watch.many(2)
    assert [alarm.cause for alarm in watch.raised] == ["ike.no-attempt"]


def test_a_table_that_was_cut_off_does_not_say_that_a_tunnel_is_gone() -> None:
    watch, other = Watch(expected=(PEER,)), tunnel_id("203.0.113.2")
    watch.many(4, up(), up(other))
    done = watch.many(3, up(other), whole=False)
    assert tally(done[-1]).unknown == 1
    assert [alarm.tunnel for alarm in watch.raised] == [None]   # the device, which does not tell


def test_a_further_flow_of_a_peer_that_is_up_may_be_unused() -> None:
    watch, other = Watch(expected=(PEER,)), tunnel_id(flow="10.2.0.0/255.255.0.0/0/0")
    watch.many(4, up(), up(other))
    watch.many(10, up())
    assert not watch.raised


def test_a_wanted_peer_that_was_never_seen_is_raised_and_cleared_when_its_flow_appears() -> None:
    watch = Watch(expected=(PEER,))
    watch.poll()
    (alarm,) = watch.raised
    assert (alarm.peer, alarm.status, alarm.cause) == (PEER, Status.CRITICAL, "ike.no-attempt")
    watch.many(5)
    watch.many(5, up())
    assert len(watch.cleared) == 1
    assert len(watch.raised) == 1


def test_on_an_asa_the_failing_negotiation_of_a_flow_that_vanished_is_one_outage() -> None:
    watch = Watch()
    watch.many(4, up())
    failing = down(peer_only(), cause="ike.negotiation-failed")
    watch.many(6, failing)
    assert [alarm.tunnel for alarm in watch.raised] == [tunnel_id().key]
    assert watch.raised[0].cause == "ike.negotiation-failed"
    assert watch.raised[0].finding == document("ike.negotiation-failed")
    watch.many(3)   # between two attempts
    watch.many(5, up())
    assert (len(watch.raised), len(watch.cleared)) == (1, 1)


def test_a_negotiation_that_fails_after_the_flow_was_idle_is_one_outage() -> None:
    watch = Watch()
    watch.many(4, up())
    watch.many(50)
    watch.many(6, down(peer_only(), cause="ike.negotiation-failed"))
    assert [alarm.tunnel for alarm in watch.raised] == [peer_only().key]
    watch.many(5, up())
    assert (len(watch.raised), len(watch.cleared)) == (1, 1)


def test_absence_alone_does_not_clear_an_alarm() -> None:
    watch = Watch()
    watch.many(4, up())
    watch.many(3, down())
    watch.many(100)
    assert not watch.cleared


def test_what_nobody_wants_and_is_not_listed_for_a_day_is_no_longer_there() -> None:
    watch = Watch()
    watch.many(4, up())
    watch.many(3, down())
    watch.many(int(DAY / STEP) + 1)
    (alarm,) = watch.cleared
    assert "no longer there" in alarm.summary
    watch.many(50)
    assert len(watch.raised) == 1
    assert watch.memory is not None
    assert watch.memory.tunnels == ()


def test_what_somebody_wants_stays_raised_for_as_long_as_it_is_away() -> None:
    watch = Watch(expected=(PEER,))
    watch.many(4, up())
    watch.step = HOUR
    watch.many(24 * 20)
    assert (len(watch.raised), len(watch.cleared)) == (1, 0)


def test_where_all_are_wanted_an_entry_that_was_taken_away_ends_after_a_week() -> None:
    watch = Watch(expected=("*",))
    watch.many(4, up())
    watch.step = HOUR
    watch.many(24 * 6)
    assert not watch.cleared
    watch.many(24 * 2)
    assert (len(watch.raised), len(watch.cleared)) == (1, 1)


def watched_through(days: float, away_daily: int = 0) -> Watch:
    """A tunnel that is up, but for so many polls at each midnight."""
    watch = Watch()
    per_day = int(DAY / STEP)
    packets = 0
    for number in range(int(days * per_day)):
        packets += 7
        here = number % per_day >= away_daily
        watch.poll(*([up(encaps=packets)] if here else []))
    return watch


def test_a_tunnel_that_never_was_away_in_eight_days_is_missed_by_habit() -> None:
    watch = watched_through(8.5)
    watch.many(6)
    (alarm,) = watch.raised
    assert (alarm.status, alarm.cause) == (Status.WARNING, "ike.no-attempt")
    assert "never away at all" in alarm.summary


def test_a_tunnel_that_is_away_each_night_is_missed_only_after_three_nights_length() -> None:
    watch = watched_through(9, away_daily=24)
    watch.many(int(timedelta(hours=5, minutes=50) / STEP))
    assert not watch.raised
    watch.many(10)
    assert len(watch.raised) == 1


def test_polls_that_were_lost_do_not_count_as_time_away() -> None:
    watch = watched_through(8.5)
    watch.poll()
    for _ in range(20):
        watch.lost()
    watch.many(2)
    assert [alarm.tunnel for alarm in watch.raised] == [None]   # the device


def test_a_peer_that_is_raised_by_itself_stays_the_one_when_its_flow_comes_and_goes() -> None:
    watch = Watch()
    watch.poll()
    failing = down(peer_only(), cause="ike.negotiation-failed")
    watch.many(3, failing)
    watch.many(2, up(encaps=3))
    watch.many(4, failing)
    assert [alarm.tunnel for alarm in watch.raised] == [peer_only().key]


def test_a_tunnel_that_was_never_up_is_not_missed_by_habit() -> None:
    watch = Watch(step=HOUR)
    for _ in range(4):
        watch.many(24 * 10, idle())
        for _ in range(5):
            watch.lost()
    assert all(alarm.tunnel is None for alarm in watch.raised)


def test_before_eight_days_there_is_no_habit() -> None:
    watch = watched_through(7)
    watch.many(int(DAY / STEP))
    assert not watch.raised


def test_a_habit_that_was_misjudged_is_learnt() -> None:
    watch = watched_through(8.5)
    raised = []
    packets = 10**6
    for _ in range(8):
        watch.many(12)
        raised.append(len(watch.raised))
        for _ in range(100):
            packets += 1
            watch.poll(up(encaps=packets))
    assert raised[-1] == raised[2]
    assert len(watch.cleared) == len(watch.raised)


def test_a_listed_flow_without_sas_does_not_clear_what_failed_before() -> None:
    watch = Watch()
    watch.many(4, up())
    watch.many(3, down())
    watch.many(12, idle())
    assert not watch.cleared
    watch.many(3, down())
    assert len(watch.raised) == 1


def test_busy_tunnels_that_all_vanish_at_once_are_missed_although_nobody_asked_for_them() -> None:
    watch, ids = Watch(), [tunnel_id(f"203.0.113.{number}") for number in range(4)]
    for packets in range(6):
        watch.poll(*(up(one, encaps=packets) for one in ids))
    watch.many(2)
    assert [alarm.cause for alarm in watch.raised] == ["ike.no-attempt"] * 4
    assert "none of the 4 tunnels that were busy" in watch.raised[0].summary
    watch.many(5, *(up(one, encaps=9) for one in ids))
    assert len(watch.cleared) == 4


def test_idle_tunnels_may_all_vanish_at_once() -> None:
    watch, ids = Watch(), [tunnel_id(f"203.0.113.{number}") for number in range(4)]
    for packets in (1, 2, 3, 3, 3):
        watch.poll(*(up(one, encaps=packets) for one in ids))
    watch.many(10)
    assert not watch.raised


def test_dynamic_peers_that_do_not_come_again_are_forgotten() -> None:
    watch = Watch(step=HOUR)
    for number in range(200):
        watch.poll(up(tunnel_id(f"198.51.100.{number}")))
    assert watch.memory is not None
    assert len(watch.memory.tunnels) <= 50
