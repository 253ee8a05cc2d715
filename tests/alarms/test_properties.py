"""What holds for every course of events."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.alarms.story import Watch, down, idle, tunnel_id, up

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from vpn_check.alarms.advance import Advance
    from vpn_check.model.observation import TunnelObservation

WELL = ("flows", "stands", "away", "idle", "rekey", "reset", "unknown")
ILL = ("refused", "weak", "other")
TUNNELS = (tunnel_id("203.0.113.1"), tunnel_id("203.0.113.2"))


@dataclass
class Wire:
    """One tunnel as it really is, and what it shows."""

    number: int
    encaps: int = 0
    passed: int = 0
    spi: int = 1
    known: bool = False
    resets: int = 0
    shown: int | None = None

    def show(self, what: str, grows: int, *, seen: bool) -> TunnelObservation | None:
        """Move on by one poll. What passes is counted from the first poll that shows counters."""
        who = TUNNELS[self.number]
        if what == "reset":
            self.encaps, self.resets = 0, self.resets + 1
        if what == "rekey":
            self.spi += 1
        if what not in {"stands", "away", "idle"}:
            self.encaps += grows
        if not seen or what == "away":
            return None
        if not self.known:
            self.known, self.passed = True, -self.encaps
        counters = {"encaps": self.encaps, "decaps": self.encaps, "send_errors": 0, "recv_errors": 0}
        counts: dict[str, Any] = {"counters": counters, "spis": frozenset({self.spi})}
        if what == "refused":
            return down(who, **counts)
        if what == "weak":
            return down(who, cause="ipsec.lifetime-rekey", status=Status.WARNING, **counts)
        if what == "other":
            return down(who, cause="ike.policy-mismatch", **counts)
        if what == "idle":
            return idle(who, **counts)
        return up(who, **{**counts, "status": Status.UNKNOWN if what == "unknown" else Status.HEALTHY})


@dataclass
class Events:
    """A course of events, played to a watch."""

    watch: Watch = field(default_factory=Watch)
    wires: tuple[Wire, ...] = field(default_factory=lambda: (Wire(0), Wire(1)))

    def play(self, event: tuple[str, tuple[str, str], int]) -> Advance:
        mood, states, grows = event
        lost = mood == "lost"
        shown = [wire.show(state, grows, seen=not lost) for wire, state in zip(self.wires, states, strict=True)]
        if lost:
            return self.watch.lost()
        return self.watch.poll(*(one for one in shown if one is not None), maintenance=mood == "maintenance")


def courses(*states: str) -> st.SearchStrategy[list[tuple[str, tuple[str, str], int]]]:
    state = st.sampled_from(states)
    mood = st.sampled_from(["seen"] * 6 + ["lost", "maintenance"])
    return st.lists(st.tuples(mood, st.tuples(state, state), st.integers(0, 50)), max_size=80)


@settings(deadline=None, max_examples=60)
@given(courses(*WELL, *ILL, *ILL))
def test_an_alarm_is_raised_once_cleared_at_most_once_and_there_is_one_for_a_tunnel(
    course: list[tuple[str, tuple[str, str], int]]
) -> None:
    events = Events()
    for event in course:
        events.play(event)   # the watch itself refuses a second raise and a second clearing
        subjects = [alarm.tunnel for alarm in events.watch.open.values()]
        assert len(subjects) == len(set(subjects))
        memory = events.watch.memory
        assert memory is not None
        assert {alarm for alarm in (memory.alarm, *(one.alarm for one in memory.tunnels)) if alarm} == set(
            events.watch.open)


@settings(deadline=None, max_examples=60)
@given(courses(*WELL))
def test_what_is_never_bad_is_never_raised(course: list[tuple[str, tuple[str, str], int]]) -> None:
    events = Events()
    for event in course:
        events.play(event)
    assert all(alarm.tunnel is None for alarm in events.watch.raised)


@settings(deadline=None, max_examples=60)
@given(courses("flows", "stands", "rekey", *ILL))
def test_without_resets_the_totals_are_what_passed(course: list[tuple[str, tuple[str, str], int]]) -> None:
    events = Events()
    for event in course:
        events.play(event)
    memory = events.watch.memory
    for wire in events.wires:
        for tunnel in memory.tunnels if memory is not None else ():
            if tunnel.id == TUNNELS[wire.number] and course[-1][0] != "lost":
                assert tunnel.totals["encaps"] == wire.passed + wire.encaps


@settings(deadline=None, max_examples=60)
@given(courses(*WELL, *ILL))
def test_totals_never_fall_and_tallies_add_up_to_them(course: list[tuple[str, tuple[str, str], int]]) -> None:
    events = Events()
    sums = dict.fromkeys((who.key for who in TUNNELS), 0)
    for event in course:
        done = events.play(event)
        for tunnel in done.memory.tunnels:
            key = tunnel.id.key
            assert done.tallies[key].polls == 1
            assert min(done.tallies[key].encaps, done.tallies[key].decaps) >= 0
            sums[key] += done.tallies[key].encaps
            assert tunnel.totals.get("encaps", 0) == sums[key]
            assert len(tunnel.recent) <= events.watch.hold.window


@settings(deadline=None, max_examples=60)
@given(courses(*WELL, *ILL))
def test_two_bad_polls_in_a_row_are_always_an_open_alarm(course: list[tuple[str, tuple[str, str], int]]) -> None:
    events = Events()
    rows = [0, 0]
    for event in course:
        events.play(event)
        mood, states, _ = event
        for number, state in enumerate(states):
            if mood == "maintenance" and state in ILL:
                continue
            if mood != "lost" and state != "unknown":
                rows[number] = rows[number] + 1 if state in ILL else 0
            if rows[number] >= 2:
                assert TUNNELS[number].key in {alarm.tunnel for alarm in events.watch.open.values()}


@settings(deadline=None, max_examples=60)
@given(courses(*WELL, *ILL))
def test_whatever_was_when_all_is_well_for_long_no_alarm_is_open(
    course: list[tuple[str, tuple[str, str], int]]
) -> None:
    events = Events()
    for event in (*course, *[("seen", ("flows", "flows"), 9)] * 36):
        events.play(event)
    assert events.watch.open == {}
    assert len(events.watch.raised) == len(events.watch.cleared)


@settings(deadline=None, max_examples=60)
@given(courses(*WELL, *ILL))
def test_a_memory_that_was_written_down_judges_as_one_that_was_not(
    course: list[tuple[str, tuple[str, str], int]]
) -> None:
    one, other = Events(), Events()
    for event in course:
        done, again = one.play(event), other.play(event)
        assert done == again
        other.watch.memory = pickle.loads(pickle.dumps(again.memory))  # noqa: S301  our own bytes
