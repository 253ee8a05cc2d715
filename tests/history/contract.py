"""What every history does, whatever database it is kept in; run over SQLite here and over PostgreSQL elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from operator import add
from random import Random
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.history.polls import MINUTE, START, alarm, change, poll, tunnel_id, usual

from vpn_check.history.keep import Keep
from vpn_check.history.store import History
from vpn_check.model.alarm import AlarmKind
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.pollrecord import Baseline, Kept
from vpn_check.model.pollreport import HistoryAnswer
from vpn_check.model.refusal import Refusal
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

HEALTHY = Tally(healthy=1, counted=1, encaps=5, decaps=7)
LOST = Tally(unknown=1)
SHORT = Keep(polls=timedelta(hours=3), hours=timedelta(days=2), days=timedelta(days=10), evidence=timedelta(days=1))
FAULT = DeviceFault(step="connect", message="r1 does not answer.", code="refused")


def asked(history: History, minutes: tuple[int, int], *, devices: list[str] | None = None,
          peer: str | None = None) -> HistoryAnswer:
    since, until = (START + minute * MINUTE for minute in minutes)
    return history.ask(devices=devices, peer=peer, since=since, until=until)


def whole(answer: HistoryAnswer) -> dict[tuple[str, tuple[str, ...]], Tally]:
    return {(tunnel.device, tunnel.id.key): tunnel.sum for tunnel in answer.tunnels}


class Contract:
    """A test class of a database derives from this and has a fixture `place`: a new, empty one each time."""

    @pytest.fixture
    def history(self, place: str) -> Iterator[History]:
        with History.open(place, patience=20) as history:
            yield history

    def test_a_new_history_knows_nothing(self, history: History) -> None:
        assert history.last_poll() is None
        assert history.devices() == ()
        assert history.memories(["r1"]) == {}
        assert (history.open_alarms(), history.unsent(), history.refusals()) == ((), (), ())
        assert history.baseline("r1") is None
        assert history.evidence("x") is None
        assert asked(history, (0, 60)).tunnels == ()

    def test_what_is_remembered_comes_back_as_it_was(self, history: History, place: str) -> None:
        records = [poll("r1", 3, {1: HEALTHY, 2: Tally(critical=1, cause="ike.no-response")}), poll("r2", 3, {})]
        for record in records:
            assert history.record(record)
        with History.open(place) as again:
            assert again.memories(["r1", "r2", "r3"]) == {record.memory.device: record.memory for record in records}
            assert again.devices() == ("r1", "r2")
            assert again.last_poll() == START + 3 * MINUTE + timedelta(seconds=1.5)

    def test_a_poll_that_is_repeated_is_not_counted_again(self, history: History, place: str) -> None:
        record = poll("r1", 0, {1: HEALTHY}, changes=(change("r1", 1, 0),))
        assert history.record(record)
        assert not history.record(record)
        with History.open(place) as other:
            assert not other.record(record)
        answer = asked(history, (0, 10))
        assert whole(answer) == {("r1", tunnel_id(1).key): HEALTHY}
        assert len(answer.changes) == 1

    def test_polls_of_two_cycles_at_the_very_same_time_are_both_kept(self, history: History) -> None:
        assert history.record(poll("r1", 0, {1: HEALTHY}, cycle="a"))
        assert history.record(poll("r1", 0, {1: HEALTHY}, cycle="b"))
        assert [tunnel.sum for tunnel in asked(history, (0, 1)).tunnels] == [HEALTHY + HEALTHY]

    def test_single_polls_are_points_with_their_own_times(self, history: History) -> None:
        random = Random(1)
        tallies = [{number: usual(random) for number in range(3)} for _ in range(30)]
        for minute, some in enumerate(tallies):
            history.record(poll("r1", minute, some))
        answer = asked(history, (5, 25))
        assert answer.step == 60
        for number, tunnel in enumerate(answer.tunnels):
            assert tunnel.id == tunnel_id(number)
            assert [(point.at, point.tally) for point in tunnel.points] == [
                (START + minute * MINUTE, tallies[minute][number]) for minute in range(5, 26)]

    def test_the_state_of_a_tunnel_is_that_of_its_last_poll(self, history: History) -> None:
        history.record(poll("r1", 0, {1: HEALTHY, 2: HEALTHY}))
        history.record(poll("r1", 1, {1: Tally(critical=1, cause="ipsec.no-sa"), 2: HEALTHY}))
        history.record(poll("r1", 2, {1: Tally(critical=1, cause="ipsec.no-sa")}))
        bad, away = asked(history, (0, 9)).tunnels
        assert (bad.status, bad.cause, bad.seen_at) == (Status.CRITICAL, "ipsec.no-sa", START + 2 * MINUTE)
        assert (away.status, away.seen_at) == (Status.HEALTHY, START + MINUTE)
        assert len(away.points) == 2

    def test_a_device_that_did_not_answer_is_not_known_rather_than_healthy(self, history: History) -> None:
        history.record(poll("r1", 0, {1: HEALTHY}))
        history.record(poll("r1", 1, {1: LOST}, fault=FAULT))
        (tunnel,) = asked(history, (0, 9)).tunnels
        assert tunnel.sum == HEALTHY + LOST
        assert tunnel.sum.rank == 2

    def test_only_the_peer_that_was_asked_for_is_answered(self, history: History) -> None:
        some = {number: Tally(healthy=1, encaps=number) for number in range(200)}
        history.record(poll("hub", 0, some, changes=(change("hub", 150, 0), change("hub", 3, 0))))
        history.record(poll("r2", 0, {150: HEALTHY}))
        peer = tunnel_id(150).peer
        answer = asked(history, (0, 9), devices=["hub"], peer=peer)
        assert [(tunnel.device, tunnel.id.key, tunnel.sum.encaps) for tunnel in answer.tunnels] == [
            ("hub", tunnel_id(150).key, 150)]
        assert [one.tunnel for one in answer.changes] == [tunnel_id(150).key]
        assert {tunnel.device for tunnel in asked(history, (0, 9), peer=peer).tunnels} == {"hub", "r2"}
        assert len(asked(history, (0, 9)).tunnels) == 201

    def test_alarms_are_told_of_once_and_in_order(self, history: History) -> None:
        raised, child = alarm("one", began=1), alarm("child", tunnel=1, began=1, root="one")
        history.save_alarms([raised, child])
        assert history.open_alarms() == (child, raised)
        assert history.unsent() == ((raised, "raised"),)
        history.sent("one", "raised")
        assert history.unsent() == ()
        cleared = alarm("one", began=1, cleared=9)
        quick = alarm("two", began=2, cleared=4)
        history.save_alarms([cleared, quick])
        assert history.open_alarms() == (child,)
        assert history.unsent() == ((quick, "raised"), (quick, "cleared"), (cleared, "cleared"))
        for name, what in (("two", "raised"), ("two", "cleared"), ("one", "cleared")):
            history.sent(name, what)  # type: ignore[arg-type]  # the words of the tuple
        assert history.unsent() == ()

    def test_alarms_that_touch_the_span_and_the_tunnels_are_answered(self, history: History) -> None:
        history.record(poll("r1", 0, {1: HEALTHY, 2: HEALTHY}, alarms=(alarm("early", tunnel=1, cleared=5),)))
        history.record(poll("r2", 0, {3: HEALTHY}))
        hub = alarm("hub", device=None, began=22, kind=AlarmKind.PEER, peer=tunnel_id(1).peer)
        site = alarm("site", device=None, began=23, kind=AlarmKind.SITE)
        history.save_alarms([
            alarm("long", tunnel=2, began=1, cleared=50), alarm("device", began=20, root="site"), hub, site,
            alarm("elsewhere", device="r2", tunnel=3, began=21), alarm("late", tunnel=1, began=90)])

        def names(devices: list[str] | None, peer: str | None) -> list[str]:
            return [one.id for one in asked(history, (10, 60), devices=devices, peer=peer).alarms]

        assert names(None, None) == ["long", "device", "elsewhere", "hub", "site"]
        assert names(["r1"], None) == ["long", "device", "hub", "site"]
        assert names(["r1"], tunnel_id(1).peer) == ["device", "hub", "site"]
        assert names(["r2"], None) == ["elsewhere"]

    def test_evidence_is_found_by_a_short_id_that_is_nobody_elses(self, history: History) -> None:
        kept = [Kept(id=name, device=device, at=START + minute * MINUTE, why="a verdict changed",
                     platform=PlatformName.ASA, outputs=(("show version", "Cisco ASA\n\0\udcff"),))
                for name, device, minute in (("abc1", "r1", 1), ("abd2", "r2", 2))]
        for one in kept:
            history.record(poll(one.device, 1, {}, evidence=one))
        assert history.evidence("abc") == kept[0]
        assert history.evidence("abd2") == kept[1]
        assert history.evidence("ab") is None
        assert history.evidence("%") is None
        assert history.kept(None, START) == tuple((one.id, one.device, one.at, one.why) for one in kept)
        assert history.kept("r2", START) == ((kept[1].id, "r2", kept[1].at, kept[1].why),)
        assert history.kept(None, START + 3 * MINUTE) == ()

    def test_the_newest_baseline_counts(self, history: History) -> None:
        for minute in (1, 2):
            base = Baseline(device="r1", at=START + minute * MINUTE, lines=(f"hostname r{minute}", " é\n"),
                            facts={"route to 198.51.0.1": "via 192.0.2.1"})
            history.record(poll("r1", minute, {}, baseline=base))
            assert history.baseline("r1") == base

    def test_refusals_are_those_saved_last(self, history: History) -> None:
        first = Refusal(print="aa", device="r1", count=2, at=START)
        second = Refusal(print="bb", device="r2", count=1, at=START, next_try=START + MINUTE)
        history.save_refusals([first])
        history.save_refusals([second, first])
        assert history.refusals() == (first, second)
        history.save_refusals([])
        assert history.refusals() == ()

    def test_texts_that_no_database_takes_do_not_stop_a_poll(self, history: History) -> None:
        fault = DeviceFault(step="connect", message="it said \0\udc80")
        record = poll("r1", 0, {1: LOST}, fault=fault, alarms=(replace(alarm("a"), summary="said \0"),))
        assert history.record(record)
        assert history.memories(["r1"])["r1"] == record.memory

    def test_tallies_of_a_tunnel_that_nothing_is_remembered_of_are_kept(self, history: History) -> None:
        record = poll("r1", 0, {1: HEALTHY})
        lonely = type(record)(cycle="c", observation=record.observation, memory=poll("r1", 0, {}).memory,
                              tallies={**record.tallies, ("x", "y"): LOST})
        assert history.record(lonely)
        assert {(tunnel.id.name, tunnel.sum) for tunnel in asked(history, (0, 1)).tunnels} == {
            (tunnel_id(1).name, HEALTHY), ("x y", LOST)}

    def test_rolling_up_loses_no_poll_and_counts_none_twice(self, history: History) -> None:
        random = Random(7)
        truth: dict[int, Tally] = {}
        when: dict[int, Tally] = {}
        for minute in range(0, 6 * 1440, 30):
            some = {number: usual(random) if random.random() < 0.9 else Tally(critical=1, cause="ipsec.no-sa")
                    for number in random.sample(range(70), 67)}
            when[minute] = some.get(65, Tally())
            for number, tally in some.items():
                truth[number] = truth.get(number, Tally()) + tally
            history.record(poll("hub", minute, some))
            if minute % 480 == 0:
                history.tidy(START + minute * MINUTE, SHORT)
        end = 6 * 1440
        expected = {("hub", tunnel_id(number).key): tally for number, tally in truth.items()}
        assert whole(asked(history, (0, end))) == expected
        tidied = history.tidy(START + end * MINUTE, SHORT)
        assert tidied.polls_rolled
        assert not history.tidy(START + end * MINUTE, SHORT).anything
        answer = asked(history, (0, end))
        assert (whole(answer), answer.step) == (expected, 86400)
        recent = asked(history, (end - 1440, end), peer=tunnel_id(65).peer)
        assert recent.step == 3600
        last_day = [tally for minute, tally in when.items() if minute >= end - 1440]
        assert whole(recent)["hub", tunnel_id(65).key] == reduce(add, last_day)

    def test_a_poll_that_comes_after_its_hour_was_summed_is_added_to_it(self, history: History) -> None:
        history.record(poll("r1", 0, {1: HEALTHY}))
        history.tidy(START + timedelta(hours=5), SHORT)
        history.record(poll("r1", 1, {1: HEALTHY, 2: LOST}))
        history.tidy(START + timedelta(hours=6), SHORT)
        assert [tunnel.sum for tunnel in asked(history, (0, 60)).tunnels] == [HEALTHY + HEALTHY, LOST]

    def test_what_is_too_old_goes_and_what_an_open_alarm_needs_stays(self, history: History) -> None:
        def kept(name: str) -> Kept:
            return Kept(id=name, device="r1", at=START, why="it failed", platform=None, outputs=())

        history.record(poll("r1", 0, {1: HEALTHY, 2: HEALTHY}, evidence=kept("needed"), changes=(change("r1", 1, 0),),
                            alarms=(alarm("open", evidence="needed"), alarm("over", cleared=3))))
        history.record(poll("r1", 1, {1: HEALTHY}, evidence=kept("other")))
        history.record(poll("gone", 1, {1: HEALTHY}))
        later = START + timedelta(days=30)
        history.record(poll("r1", 30 * 1440, {1: HEALTHY}))
        assert history.tidy(later, SHORT).deleted
        answer = asked(history, (0, 31 * 1440))
        assert [(tunnel.id, tunnel.sum) for tunnel in answer.tunnels] == [(tunnel_id(1), HEALTHY)]
        assert [one.id for one in answer.alarms] == ["open"]
        assert answer.changes == ()
        assert history.devices() == ("r1",)
        assert [row[0] for row in history.kept(None, START)] == ["needed"]

    def test_a_long_span_has_about_two_thousand_points_at_most(self, history: History) -> None:
        for minute in range(2300):
            history.record(poll("r1", minute, {1: HEALTHY}))
        answer = asked(history, (0, 2300))
        (tunnel,) = answer.tunnels
        assert answer.step == 300
        assert len(tunnel.points) == 460
        assert tunnel.sum.polls == 2300

    def test_numbers_have_no_end(self, history: History) -> None:
        big = Tally(healthy=1, counted=1, encaps=2**64 - 1, decaps=2**63)
        for minute in range(3):
            history.record(poll("r1", minute, {1: big, 2: HEALTHY}))
        history.tidy(START + timedelta(days=1), SHORT)
        assert asked(history, (0, 60)).tunnels[0].sum == big + big + big

    def test_two_pollers_of_one_history_do_not_disturb_each_other(self, place: str) -> None:
        troubles: list[BaseException] = []

        def work(mark: str) -> None:
            try:
                with History.open(place, patience=60) as history:
                    for minute in range(25):
                        history.record(poll("r1", minute, {1: HEALTHY, 2: HEALTHY}, cycle=f"{mark}{minute}"))
                        history.record(poll(mark, minute, {1: HEALTHY}, cycle=f"{mark}{minute}"))
                        history.tidy(START + minute * timedelta(hours=1), SHORT)
            except BaseException as error:  # noqa: BLE001  handed to the test
                troubles.append(error)

        workers = [Thread(target=work, args=(mark,)) for mark in "abc"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert troubles == []
        with History.open(place) as history:
            polls = {(tunnel.device, tunnel.id.key[2]): tunnel.sum.polls for tunnel in asked(history, (0, 60)).tunnels}
        assert polls == {("a", "1"): 25, ("b", "1"): 25, ("c", "1"): 25, ("r1", "1"): 75, ("r1", "2"): 75}

    def test_a_poll_that_cannot_be_written_leaves_nothing_behind(self, history: History) -> None:
        broken = poll("r1", 0, {1: Tally(healthy=1, encaps=-5)})
        with pytest.raises(Exception):  # noqa: B017, PT011  whatever a negative number does
            history.record(broken)
        assert history.devices() == ()
        assert history.record(poll("r1", 0, {1: HEALTHY}))
