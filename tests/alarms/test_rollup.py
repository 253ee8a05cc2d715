"""Alarms of one cause under one root."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.alarms.cycles import Cycles
from tests.alarms.story import START, STEP, Watch, down, kinds, peer_only, tunnel_id, up

from vpn_check.alarms.rollup import roll_up
from vpn_check.model.alarm import AlarmKind
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from vpn_check.model.observation import TunnelObservation

HUB = "203.0.113.1"


def spokes(count: int, **hub: Any) -> Cycles:
    watches = {f"s{number}": Watch(device=f"s{number}", addresses=frozenset({f"192.0.2.{number}"}))
               for number in range(count)}
    return Cycles(watches | ({"hub": Watch(device="hub", **hub)} if hub else {}))


def of_all(count: int, tunnel: TunnelObservation) -> dict[str, list[TunnelObservation] | None]:
    return {f"s{number}": [tunnel] for number in range(count)}


UNREACHABLE = "ike.peer-unreachable"


def test_a_hub_that_is_down_is_one_alarm() -> None:
    fleet = spokes(4)
    fleet.many(3, of_all(4, up()))
    fleet.many(4, of_all(4, down(cause=UNREACHABLE)))
    (root,) = fleet.told
    assert (root.kind, root.subject, root.peer, root.status) == (AlarmKind.PEER, HUB, HUB, Status.CRITICAL)
    assert (root.cause, root.began, root.good_at) == (UNREACHABLE, START + 3 * STEP, START + 2 * STEP)
    assert root.summary == ("4 tunnels of 4 devices to 203.0.113.1 fail since 2026-01-05 00:15 UTC and none works: "
                            "most likely it is down or cannot be reached.")
    assert root.finding is not None
    assert len(root.finding["evidence"]) == 3
    assert root.finding["remedies"][1]["text"] == "mend ike.peer-unreachable"
    assert len(root.members) == 4
    assert all(fleet.open[name].root == root.id for name in root.members)
    fleet.many(5, of_all(4, up()))
    assert [alarm.id for alarm in fleet.over] == [root.id]
    assert fleet.open == {}


def test_a_spoke_that_is_held_down_counts_and_joins_when_it_is_raised() -> None:
    fleet = spokes(3)
    fleet.many(3, of_all(3, up()))
    fleet.cycle({"s0": [down()], "s1": [up()], "s2": [up()]})
    fleet.cycle({"s0": [down()], "s1": [down()], "s2": [down()]})
    (root,) = fleet.told
    assert (root.kind, len(root.members)) == (AlarmKind.PEER, 1)
    fleet.cycle(of_all(3, down()))
    assert len(fleet.told) == 1
    assert len(fleet.open[root.id].members) == 3
    assert "3 tunnels of 3 devices" in fleet.open[root.id].summary


def test_a_peer_to_which_one_tunnel_works_is_not_what_fails() -> None:
    fleet = spokes(3)
    fleet.many(3, of_all(3, up()))
    fleet.many(3, {"s0": [down()], "s1": [down()], "s2": [up()]})
    assert kinds(fleet.told) == ["tunnel", "tunnel"]


def test_a_hub_that_works_for_others_is_not_what_fails() -> None:
    fleet = spokes(2, addresses=frozenset({HUB}))
    others = [up(tunnel_id("198.51.100.9"))]
    fleet.many(3, {**of_all(2, up()), "hub": others})
    fleet.many(3, {**of_all(2, down()), "hub": others})
    assert kinds(fleet.told) == ["tunnel", "tunnel"]


def test_a_hub_that_has_not_noticed_yet_that_its_spokes_are_gone_is_no_proof() -> None:
    fleet = spokes(2, addresses=frozenset({HUB}))
    believes = [up(tunnel_id("192.0.2.0")), up(tunnel_id("192.0.2.1"))]
    fleet.many(3, {**of_all(2, up()), "hub": believes})
    fleet.many(3, {**of_all(2, down()), "hub": believes})
    assert kinds(fleet.told) == ["peer"]


def test_what_fails_hours_later_while_others_work_again_does_not_join() -> None:
    fleet = spokes(4)
    fleet.many(3, of_all(4, up()))
    fleet.many(3, of_all(4, down()))
    some = {"s0": [down()], "s1": [up()], "s2": [up()], "s3": [up()]}
    fleet.many(30, some)
    fleet.many(3, {**some, "s3": [down()]})
    assert kinds(fleet.told) == ["peer", "tunnel"]
    assert fleet.told[1].device == "s3"


def test_outages_that_began_hours_apart_are_two() -> None:
    fleet = spokes(2)
    fleet.many(3, of_all(2, up()))
    fleet.many(12, {"s0": [down()], "s1": [up()]})
    fleet.many(3, of_all(2, down()))
    assert kinds(fleet.told) == ["tunnel", "tunnel"]


def test_a_cause_that_all_tell_is_the_cause_and_nothing_is_said_to_be_down() -> None:
    fleet = spokes(3)
    fleet.many(3, of_all(3, up()))
    fleet.many(3, of_all(3, down()))
    (root,) = fleet.told
    assert root.cause == "ike.psk-mismatch"
    assert "is down" not in root.summary


def test_causes_that_do_not_agree_leave_the_cause_unknown() -> None:
    fleet = spokes(2)
    fleet.many(3, of_all(2, up()))
    fleet.many(3, {"s0": [down(cause="ike.psk-mismatch")], "s1": [down(cause=UNREACHABLE)]})
    assert [alarm.cause for alarm in fleet.told] == ["unknown"]


def test_members_that_stay_bad_keep_the_root_open_and_are_not_raised_again() -> None:
    fleet = spokes(3)
    fleet.many(3, of_all(3, up()))
    fleet.many(3, of_all(3, down(cause=UNREACHABLE)))
    fleet.many(6, {"s0": [down(cause=UNREACHABLE)], "s1": [up()], "s2": [up()]})
    (root,) = [alarm for alarm in fleet.open.values() if alarm.kind is AlarmKind.PEER]
    assert root.summary.startswith("1 of 3 still fail. ")
    assert len(fleet.told) == 1
    fleet.many(5, of_all(3, up()))
    assert (len(fleet.told), len(fleet.over), fleet.open) == (1, 1, {})


def test_a_hub_that_does_not_answer_takes_the_tunnels_that_lead_to_it() -> None:
    fleet = spokes(3, addresses=frozenset({HUB}))
    good = {**of_all(3, up()), "hub": [up(tunnel_id("192.0.2.0"))]}
    fleet.many(3, good)
    fleet.many(4, {**of_all(3, down(cause=UNREACHABLE)), "hub": None})
    (root,) = fleet.told
    assert (root.kind, root.device) == (AlarmKind.DEVICE, "hub")
    assert len(fleet.open[root.id].members) == 3
    fleet.many(5, good)
    assert (len(fleet.told), fleet.open, fleet.released) == (1, {}, [])


def test_what_still_fails_when_the_hub_answers_again_is_released() -> None:
    fleet = spokes(3, addresses=frozenset({HUB}))
    fleet.many(3, {**of_all(3, up()), "hub": []})
    fleet.many(4, {**of_all(3, down(cause=UNREACHABLE)), "hub": None})
    fleet.many(6, {**of_all(3, up()), "s0": [down(cause=UNREACHABLE)], "hub": []})
    assert [alarm.device for alarm in fleet.released] == ["s0"]
    assert len(fleet.told) == 1


def test_a_hub_whose_management_alone_is_gone_is_not_what_tunnels_fail_of() -> None:
    fleet = spokes(3, addresses=frozenset({HUB}))
    fleet.many(3, {**of_all(3, up()), "hub": []})
    fleet.many(4, {**of_all(3, up()), "s0": [down()], "hub": None})
    assert kinds(fleet.told) == ["device", "tunnel"]


def test_a_hub_that_is_noticed_late_joins_the_root_of_its_address() -> None:
    fleet = spokes(3, addresses=frozenset({HUB}))
    fleet.many(3, {**of_all(3, up()), "hub": []})
    fleet.many(2, {**of_all(3, down(cause=UNREACHABLE)), "hub": []})
    fleet.many(3, {**of_all(3, down(cause=UNREACHABLE)), "hub": None})
    assert kinds(fleet.told) == ["peer"]
    assert "hub itself cannot be asked" in fleet.open[fleet.told[0].id].summary


def test_all_tunnels_of_a_device_to_several_peers_are_its_uplink() -> None:
    ids = [tunnel_id(f"203.0.113.{number}") for number in range(4)]
    fleet = spokes(1)
    fleet.many(3, {"s0": [up(who) for who in ids]})
    fleet.many(3, {"s0": [down(who, cause=UNREACHABLE) for who in ids]})
    (root,) = fleet.told
    assert (root.kind, root.subject, root.device, len(root.members)) == (AlarmKind.UPLINK, "s0", "s0", 4)
    assert "All 4 tunnels of s0, to 4 peers" in root.summary
    fleet.many(5, {"s0": [up(who) for who in ids]})
    assert ([alarm.id for alarm in fleet.over], fleet.open) == ([root.id], {})


def test_an_uplink_takes_what_the_other_ends_see_of_it() -> None:
    peers = [f"203.0.113.{number}" for number in range(3)]
    watches = {"s0": Watch(device="s0", addresses=frozenset({"192.0.2.0"}))}
    watches |= {f"h{number}": Watch(device=f"h{number}", addresses=frozenset({peer}))
                for number, peer in enumerate(peers)}
    fleet = Cycles(watches)

    def shows(make: Any) -> dict[str, list[TunnelObservation] | None]:
        back = [make(tunnel_id("192.0.2.0"))]
        return {"s0": [make(tunnel_id(peer)) for peer in peers],
                **{f"h{number}": [*back, up(tunnel_id("198.51.100.9"))] for number in range(3)}}

    fleet.many(3, shows(up))
    fleet.many(4, shows(down))
    (root,) = fleet.told
    assert (root.kind, root.subject, len(root.members)) == (AlarmKind.UPLINK, "s0", 6)


def test_two_tunnels_are_too_few_for_an_uplink() -> None:
    ids = [tunnel_id(f"203.0.113.{number}") for number in range(2)]
    fleet = spokes(1)
    fleet.many(3, {"s0": [up(who) for who in ids]})
    fleet.many(3, {"s0": [down(who) for who in ids]})
    assert kinds(fleet.told) == ["tunnel", "tunnel"]


def test_a_site_of_which_no_device_answers_is_one_alarm() -> None:
    bonn = {name: Watch(device=name, site="Bonn") for name in ("a", "b")}
    fleet = Cycles(bonn | {"c": Watch(device="c", site="Ulm")})
    fleet.many(3, {"a": [up()], "b": [up()], "c": [up()]})
    fleet.many(3, {"a": None, "b": None, "c": [up()]})
    (root,) = fleet.told
    assert (root.kind, root.subject, root.status, root.cause) == (AlarmKind.SITE, "Bonn", Status.UNKNOWN, "unknown")
    assert "None of the 2 devices of site Bonn" in root.summary
    fleet.many(5, {"a": [up()], "b": [up()], "c": [up()]})
    assert ([alarm.id for alarm in fleet.over], fleet.open) == ([root.id], {})


def test_a_site_of_which_one_device_answers_is_not_down() -> None:
    fleet = Cycles({name: Watch(device=name, site="Bonn") for name in ("a", "b", "c")})
    fleet.many(3, {"a": [up()], "b": [up()], "c": [up()]})
    fleet.many(3, {"a": None, "b": None, "c": [up()]})
    assert kinds(fleet.told) == ["device", "device"]


def test_idle_tunnels_do_not_speak_for_a_peer() -> None:
    fleet = spokes(3)
    fleet.many(3, of_all(3, up()))
    fleet.many(3, {"s0": [down()], "s1": [down()], "s2": []})
    assert kinds(fleet.told) == ["peer"]


def test_a_device_whose_table_names_peers_only_rolls_up_as_others() -> None:
    fleet = spokes(2)
    fleet.many(3, of_all(2, up()))
    fleet.many(3, of_all(2, down(peer_only(HUB), cause=UNREACHABLE)))
    assert kinds(fleet.told) == ["peer"]


def crossed(make: Any, **more: Any) -> dict[str, list[TunnelObservation] | None]:
    """One flow as its two ends list it."""
    here, there = tunnel_id(HUB), tunnel_id("192.0.2.0")
    there = replace(there, local_ident=here.remote_ident, remote_ident=here.local_ident)
    return {"s0": [make(here, **more)], "hub": [make(there, **more), up(tunnel_id("198.51.100.9"))]}


def test_one_tunnel_seen_from_both_ends_is_one_outage() -> None:
    fleet = spokes(1, addresses=frozenset({HUB}))
    fleet.many(3, crossed(up))
    fleet.many(4, crossed(down))
    assert len(fleet.told) == 1
    assert len(fleet.open) == 2
    fleet.many(5, crossed(up))
    assert (len(fleet.over), fleet.open, fleet.released) == (1, {}, [])


def test_the_other_end_that_notices_later_joins() -> None:
    fleet = spokes(1, addresses=frozenset({HUB}))
    fleet.many(3, crossed(up))
    fleet.many(3, {**crossed(up), "s0": crossed(down)["s0"]})
    fleet.many(3, crossed(down))
    (alarm,) = fleet.told
    assert alarm.device == "s0"
    assert len(fleet.open[alarm.id].members) == 1


def test_flows_between_the_same_ends_that_fail_of_the_same_are_one_outage() -> None:
    flows = [tunnel_id(flow=f"10.{number}.0.0/255.255.0.0/0/0") for number in range(5)]
    fleet = spokes(1)
    fleet.many(3, {"s0": [up(flow) for flow in flows]})
    fleet.many(4, {"s0": [down(flow) for flow in flows]})
    assert len(fleet.told) == 1
    assert len(fleet.open) == 5


def test_flows_that_fail_of_different_causes_are_told_apart() -> None:
    one, other = tunnel_id(), tunnel_id(flow="10.2.0.0/255.255.0.0/0/0")
    fleet = spokes(1)
    fleet.many(3, {"s0": [up(one), up(other)]})
    fleet.many(3, {"s0": [down(one, cause="ipsec.proxy-mismatch"), down(other, cause="ipsec.transform-mismatch")]})
    assert kinds(fleet.told) == ["tunnel", "tunnel"]


def test_where_nothing_is_wrong_nothing_is_done() -> None:
    assert roll_up((), (), {}, {}, START) == ()
