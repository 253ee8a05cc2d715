"""What holds for every course of events of a fleet: a hub, its three spokes, two hubs more."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.alarms.cycles import Cycles
from tests.alarms.story import Watch, down, tunnel_id, up

from vpn_check.model.alarm import AlarmKind
from vpn_check.model.observation import TunnelObservation

HUBS = ("203.0.113.1", "203.0.113.2", "203.0.113.3")
SPOKES = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
CAUSES = ("ike.peer-unreachable", "ike.psk-mismatch")
NAMES = ("hub", "s0", "s1", "s2")
SILENT = st.sets(st.sampled_from(NAMES), max_size=4)
BAD = st.sets(st.tuples(st.sampled_from(range(3)), st.sampled_from(range(3))), max_size=9)
CYCLES = st.lists(st.tuples(SILENT, BAD, st.sampled_from(CAUSES), st.integers(1, 4)), max_size=12)
Shown = dict[str, list[TunnelObservation] | None]


def fleet() -> Cycles:
    spokes = {f"s{number}": Watch(device=f"s{number}", addresses=frozenset({address}), site="Bonn")
              for number, address in enumerate(SPOKES)}
    return Cycles({"hub": Watch(device="hub", addresses=frozenset({HUBS[0]})), **spokes})


def shows(silent: set[str], bad: set[tuple[int, int]], cause: str) -> Shown:
    """What all show where tunnels (spoke, hub) fail. The hub that is polled shows its own end of them."""
    def one(peer: str, pair: tuple[int, int]) -> TunnelObservation:
        return down(tunnel_id(peer), cause=cause) if pair in bad else up(tunnel_id(peer))

    seen: Shown = {"hub": [one(SPOKES[spoke], (spoke, 0)) for spoke in range(3)]}
    for spoke in range(3):
        seen[f"s{spoke}"] = [one(HUBS[hub], (spoke, hub)) for hub in range(3)]
    return {name: None if name in silent else seen[name] for name in NAMES}


@settings(deadline=None, max_examples=60)
@given(CYCLES)
def test_every_alarm_and_root_is_cleared_when_all_is_well(
    course: list[tuple[set[str], set[tuple[int, int]], str, int]]
) -> None:
    cycles = fleet()
    for silent, bad, cause, times in course:
        cycles.many(times, shows(silent, bad, cause))
        for alarm in cycles.open.values():
            root = cycles.open.get(alarm.root or "")
            assert root is None or alarm.id in root.members
            assert alarm.id != alarm.root
            alone = alarm.kind in {AlarmKind.TUNNEL, AlarmKind.DEVICE}
            assert alone or any(cycles.open.get(name) for name in alarm.members)
            assert alarm.summary
            assert alarm.finding is None or alarm.finding["evidence"]
    cycles.many(36, shows(set(), set(), ""))
    assert cycles.open == {}
    assert len(cycles.told) == len({alarm.id for alarm in cycles.told})


@settings(deadline=None, max_examples=60)
@given(CYCLES)
def test_whatever_fails_for_two_polls_is_told_by_itself_or_by_its_root(
    course: list[tuple[set[str], set[tuple[int, int]], str, int]]
) -> None:
    cycles = fleet()
    for silent, bad, cause, times in course:
        cycles.many(times, shows(silent, bad, cause))
        told = {alarm.id for alarm in (*cycles.told, *cycles.released)}
        for alarm in cycles.open.values():
            top = alarm
            for _ in range(4):
                top = cycles.open.get(top.root or "", top)
            assert top.root is None or cycles.open.get(top.root) is None
            memory = cycles.watches[alarm.device or "hub"].memory
            assert memory is not None
            fails = any(tunnel.alarm == alarm.id and tunnel.bad_since for tunnel in memory.tunnels)
            assert not fails or top.id in told
