"""When something is raised, changed and cleared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.alarms.story import NO_ANSWER, START, STEP, Watch, document, down, peer_only, tunnel_id, up

from vpn_check.alarms.advance import advance
from vpn_check.alarms.hold import HoldDown
from vpn_check.model.alarm import AlarmKind
from vpn_check.model.finding import Status
from vpn_check.model.observation import DeviceObservation

WORSE = Status.CRITICAL
WEAK: dict[str, Any] = {"cause": "ipsec.lifetime-rekey", "status": Status.WARNING}


def after_good(polls: int = 3, **more: int) -> Watch:
    watch = Watch(hold=HoldDown(**more))
    watch.many(polls, up())
    return watch


def test_two_bad_polls_in_a_row_raise_and_the_alarm_says_since_when() -> None:
    watch = after_good()
    first = watch.poll(down())
    assert not first.alarms
    assert first.pending == (tunnel_id().key,)
    done = watch.poll(down())
    (alarm,) = done.alarms
    assert (alarm.began, alarm.good_at, alarm.raised_at) == (START + 3 * STEP, START + 2 * STEP, START + 4 * STEP)
    assert (alarm.kind, alarm.device, alarm.tunnel, alarm.peer) == (
        AlarmKind.TUNNEL, "r1", tunnel_id().key, "203.0.113.1")
    assert (alarm.status, alarm.cause, alarm.summary) == (WORSE, "ike.psk-mismatch", "it is ike.psk-mismatch")
    assert alarm.finding == document("ike.psk-mismatch")
    (change,) = done.changes
    assert (change.before, change.after) == (Status.HEALTHY, WORSE)
    assert done.pending == ()
    assert watch.tunnel().since == alarm.began


def test_one_bad_poll_raises_nothing() -> None:
    watch = after_good()
    watch.poll(down())
    watch.many(12, up())
    watch.poll(down())
    watch.many(12, up())
    assert not watch.raised


def test_what_is_bad_at_the_first_poll_ever_is_raised_at_once() -> None:
    watch = Watch()
    watch.poll(down())
    assert len(watch.raised) == 1
    assert watch.raised[0].good_at is None


def test_at_the_first_poll_ever_what_one_look_cannot_tell_waits_for_the_next() -> None:
    watch = Watch()
    watch.poll(down(cause="unknown", status=Status.WARNING))
    assert not watch.raised
    watch.poll(down(cause="unknown", status=Status.WARNING))
    assert len(watch.raised) == 1


def test_a_tunnel_on_demand_that_was_built_and_used_since_the_last_poll_is_not_failing() -> None:
    watch, failing = Watch(), "ike.negotiation-failed"
    counts = {"decaps": 9, "recv_errors": 0}
    watch.poll(up(counters={**counts, "encaps": 10, "send_errors": 1}))
    for encaps, errors in ((40, 2), (80, 3)):   # up and idled out in between
        watch.poll(down(cause=failing, counters={**counts, "encaps": encaps, "send_errors": errors}))
    assert not watch.raised
    for errors in (30, 60):
        watch.poll(down(cause=failing, counters={**counts, "encaps": 80, "send_errors": errors}))
    assert len(watch.raised) == 1


def test_a_new_tunnel_of_a_known_device_is_held_down() -> None:
    watch, new = after_good(), tunnel_id("203.0.113.7")
    watch.poll(up(), down(new))
    assert not watch.raised
    watch.poll(up(), down(new))
    assert [alarm.tunnel for alarm in watch.raised] == [new.key]


def test_a_tunnel_that_flips_at_each_poll_is_raised_at_its_third_bad_one() -> None:
    watch = after_good()
    for _ in range(3):
        assert not watch.raised
        watch.poll(down())
        watch.poll(up())
    (alarm,) = watch.raised
    assert (alarm.began, alarm.good_at) == (START + 3 * STEP, START + 2 * STEP)


def test_a_lost_poll_neither_breaks_a_row_nor_counts_in_it() -> None:
    watch = after_good()
    watch.poll(down())
    watch.lost()
    assert not watch.raised
    watch.poll(down())
    assert [alarm.began for alarm in watch.raised] == [START + 3 * STEP]
    assert watch.tunnel().recent == "...c?c"


def test_five_good_polls_clear_and_say_since_when_it_is_good() -> None:
    watch = after_good()
    watch.many(3, down())
    done = watch.many(5, up())
    assert not any(poll.alarms for poll in done[:4])
    (alarm,) = watch.cleared
    assert alarm.cleared_at == START + 10 * STEP
    assert done[4].changes[0].after is Status.HEALTHY
    assert "good again since 2026-01-05 00:30" in done[4].changes[0].summary
    assert watch.tunnel().alarm is None


def test_lost_polls_do_not_clear() -> None:
    watch = after_good()
    watch.many(3, down())
    watch.many(4, up())
    for _ in range(6):
        watch.lost()
    assert kinds_cleared(watch) == []
    watch.poll(up())
    assert kinds_cleared(watch) == ["tunnel"]


def kinds_cleared(watch: Watch) -> list[str]:
    return [alarm.kind.value for alarm in watch.cleared]


def test_an_outage_that_comes_back_within_the_hold_is_the_same_alarm() -> None:
    watch = after_good()
    watch.many(3, down())
    watch.many(4, up())
    watch.many(3, down())
    watch.many(4, up())
    assert (len(watch.raised), len(watch.cleared)) == (1, 0)
    watch.poll(up())
    assert (len(watch.raised), len(watch.cleared)) == (1, 1)


def test_a_warning_that_becomes_critical_changes_the_same_alarm_after_two_polls() -> None:
    watch = after_good()
    watch.many(2, down(**WEAK))
    watch.poll(down())
    assert watch.open[watch.raised[0].id].status is Status.WARNING
    done = watch.poll(down())
    (alarm,) = done.alarms
    assert (alarm.id, alarm.status, alarm.cause) == (watch.raised[0].id, WORSE, "ike.psk-mismatch")
    assert alarm.began == watch.raised[0].began
    assert (done.changes[0].before, done.changes[0].after) == (Status.WARNING, WORSE)
    assert len(watch.raised) == 1


def test_another_cause_at_every_second_poll_changes_nothing() -> None:
    watch = after_good()
    watch.many(2, down())
    done = [watch.poll(down(cause=cause)) for cause in ("ike.policy-mismatch", "ike.psk-mismatch") * 6]
    assert not any(poll.alarms for poll in done)


def test_worse_is_worse_although_its_cause_changes_from_poll_to_poll() -> None:
    watch = after_good()
    watch.many(2, down(**WEAK))
    watch.poll(down(cause="ike.policy-mismatch"))
    watch.poll(down(cause="ike.psk-mismatch"))
    assert watch.open[watch.raised[0].id].status is WORSE


def test_what_gets_milder_is_not_taken_down_before_it_was_so_for_long() -> None:
    watch = after_good()
    watch.many(2, down())
    done = watch.many(4, down(**WEAK))
    assert not any(poll.alarms for poll in done)
    watch.poll(down(**WEAK))
    assert watch.open[watch.raised[0].id].status is Status.WARNING


def test_flapping_is_told_once_with_how_often_and_cleared_only_when_it_is_calm() -> None:
    watch = after_good()
    done = []
    for _ in range(6):
        done += [*watch.many(2, down()), *watch.many(2, up())]
    (alarm,) = watch.open.values()
    assert alarm.flapping
    assert "6 changes" in alarm.summary
    assert sum(bool(poll.alarms) for poll in done) == 2   # raised, then flapping
    calm = watch.many(30, up())
    cleared = next(number for number, poll in enumerate(calm) if poll.alarms)
    assert 10 < cleared < 20
    assert (len(watch.raised), len(watch.cleared)) == (1, 1)


def test_a_tunnel_that_flaps_all_day_is_soon_one_alarm() -> None:
    watch = after_good()
    for _ in range(40):
        watch.many(2, down())
        watch.many(7, up())
    assert (len(watch.raised), len(watch.cleared)) == (3, 2)   # the first two spells are not flapping yet
    assert watch.open[watch.raised[2].id].flapping


def test_a_device_that_does_not_answer_is_raised_and_says_nothing_of_its_tunnels() -> None:
    watch = after_good()
    first = watch.lost()
    assert first.pending == (None,)
    done = watch.lost()
    (alarm,) = done.alarms
    assert (alarm.kind, alarm.status, alarm.cause, alarm.tunnel) == (AlarmKind.DEVICE, Status.UNKNOWN, "unknown", None)
    assert NO_ANSWER.message in alarm.summary
    assert alarm.good_at == START + 2 * STEP
    assert done.tallies[tunnel_id().key].unknown == 1
    watch.many(10, fault=NO_ANSWER)
    assert watch.tunnel().alarm is None
    watch.many(5, up())
    assert [alarm.cleared_at for alarm in watch.cleared] == [watch.at - STEP]


def test_a_device_that_answers_without_its_tunnels_is_not_healthy() -> None:
    watch = after_good()
    watch.many(2, whole=False)
    (alarm,) = watch.raised
    assert alarm.kind is AlarmKind.DEVICE
    assert "does not tell 1 of its 1 tunnels" in alarm.summary


def test_in_maintenance_nothing_is_raised_and_what_is_good_again_is_cleared() -> None:
    watch, other = after_good(), tunnel_id("203.0.113.7")
    watch.many(2, down(), up(other))
    done = watch.many(5, up(), down(other), maintenance=True)
    assert [alarm.tunnel for alarm in watch.raised] == [tunnel_id().key]
    assert len(watch.cleared) == 1
    assert done[-1].tallies[other.key].critical == 1
    assert not any(poll.wants_evidence for poll in done[:-1])


def test_a_spell_that_outlasts_maintenance_is_raised_two_polls_after_it() -> None:
    watch = after_good()
    watch.many(6, down(), maintenance=True)
    watch.poll(down())
    assert not watch.raised
    done = watch.poll(down())
    assert [alarm.began for alarm in watch.raised] == [START + 3 * STEP]
    assert done.wants_evidence


def test_a_tunnel_that_leads_to_a_device_in_maintenance_is_in_maintenance_too() -> None:
    watch, other = after_good(), tunnel_id("203.0.113.7")
    before = watch.memory
    for _ in range(4):
        seen = DeviceObservation(device="r1", at=watch.at, whole=True, tunnels=(down(), down(other)))
        done = advance(before, seen, watch.hold, resting=frozenset({"203.0.113.7"}))
        watch.raised += done.alarms
        before, watch.at = done.memory, watch.at + STEP
    assert [alarm.peer for alarm in watch.raised] == ["203.0.113.1"]


def test_what_was_true_while_all_was_well_is_kept_until_the_alarm_is_raised() -> None:
    watch = Watch()
    watch.poll(up(traits={"pfs": "group14"}), traits={"release": "15.2"})
    watch.poll(down(traits={"pfs": "group2"}), traits={"release": "15.4"})
    assert watch.memory is not None
    assert (watch.memory.traits, watch.tunnel().traits) == ({"release": "15.2"}, {"pfs": "group14"})
    watch.poll(down(traits={"pfs": "group2"}), traits={"release": "15.4"})
    assert (watch.memory.traits, watch.tunnel().traits) == ({"release": "15.4"}, {"pfs": "group14"})


def test_the_same_outage_has_the_same_id_whoever_judges_it() -> None:
    one, other = after_good(), after_good()
    one.many(2, down())
    other.many(3, down())
    assert one.raised[0].id == other.raised[0].id
    elsewhere = Watch(device="r2")
    elsewhere.many(3, up())
    elsewhere.many(2, down())
    assert elsewhere.raised[0].id != one.raised[0].id


def test_an_open_alarm_that_is_not_to_hand_is_made_anew_from_the_memory() -> None:
    watch = after_good()
    watch.many(2, down())
    raised = watch.open.pop(watch.raised[0].id)
    watch.open = {}
    done = watch.many(4, up())
    watch.open = {raised.id: raised}   # so that the watch can take it away
    assert not any(poll.alarms for poll in done)
    before = watch.memory
    watch.poll(up())
    assert before is not None
    assert (watch.cleared[0].id, watch.cleared[0].began) == (raised.id, raised.began)


def test_evidence_is_wanted_when_a_spell_begins_when_it_ends_and_at_the_first_poll() -> None:
    watch = Watch()
    assert watch.poll(up()).wants_evidence
    assert not any(poll.wants_evidence for poll in watch.many(3, up()))
    assert watch.poll(down()).wants_evidence
    ends = [watch.poll(up()).wants_evidence for _ in range(5)]
    assert ends == [False] * 5
    watch.many(2, down())
    assert [watch.poll(up()).wants_evidence for _ in range(5)] == [False] * 4 + [True]


def test_flapping_wants_evidence_at_most_once_an_hour() -> None:
    watch = after_good()
    wanted = []
    for _ in range(30):
        for tunnel in (down(), down(), up(), up()):
            done = watch.poll(tunnel)
            if done.wants_evidence:
                wanted.append(watch.at)
                watch.memory = replace(done.memory, evidence_at=watch.at - STEP)
    hours = 30 * 4 * STEP.total_seconds() / 3600
    assert 2 <= len(wanted) <= hours + 2


def test_a_device_that_lists_its_peers_and_never_tells_of_their_tunnels_is_not_well() -> None:
    watch = Watch()
    done = watch.many(3, up(peer_only(), status=Status.UNKNOWN, cause="unknown"), whole=False)
    assert [alarm.kind for alarm in watch.raised] == [AlarmKind.DEVICE]
    assert done[-1].memory.answered_at is None
