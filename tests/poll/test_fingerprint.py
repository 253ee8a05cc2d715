"""A configuration is kept without its secrets, and a secret that was changed is still seen to have changed."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vpn_check.jobs.poll.changed import of_device, of_tunnel
from vpn_check.jobs.poll.fingerprint import config_lines, local_key
from vpn_check.model.finding import Status
from vpn_check.model.memory import DeviceMemory, Habit, TunnelMemory
from vpn_check.model.observation import DeviceObservation, TunnelId, TunnelObservation
from vpn_check.model.pollrecord import Baseline

if TYPE_CHECKING:
    from pathlib import Path

KEY = b"k" * 32
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONFIG = """\
Building configuration...

Current configuration : 1843 bytes
!
! Last configuration change at 11:58:02 UTC Mon Mar 2 2026 by kim
version 15.2
hostname R1
crypto isakmp policy 10
 encr aes 256
 group 14
crypto isakmp key Fjord-77-Kelp address 203.0.113.2
crypto map VPN 10 ipsec-isakmp
 set peer 203.0.113.2
 match address 101
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.3.0.0 0.0.255.255
ntp clock-period 17179865
end
"""


def lines(text: str) -> tuple[str, ...]:
    return config_lines(text.splitlines(), KEY)


def baseline(text: str, at: datetime, **facts: str) -> Baseline:
    return Baseline(device="r1", at=at, lines=lines(text), facts=facts)


def differences(after: str, before: str = CONFIG) -> tuple[str, str]:
    memory = DeviceMemory(device="r1", since=NOON)
    seen = DeviceObservation(device="r1", at=NOON)
    found = of_device(memory, seen, NOON, baseline(before, NOON - timedelta(hours=1)), baseline(after, NOON))
    assert len(found) <= 1
    return (found[0].before, found[0].after) if found else ("", "")


def test_each_line_says_what_it_stands_under() -> None:
    assert "crypto map VPN 10 ipsec-isakmp > set peer 203.0.113.2" in lines(CONFIG)
    assert "crypto isakmp policy 10 > group 14" in lines(CONFIG)


def test_no_secret_is_kept() -> None:
    assert "Fjord" not in "\n".join(lines(CONFIG))


def test_what_changes_by_itself_is_no_change() -> None:
    later = CONFIG.replace("11:58:02", "12:01:44").replace("17179865", "17179901").replace("1843", "1844")

    assert differences(later) == ("", "")


def test_a_changed_key_is_seen_and_not_shown() -> None:
    before, after = differences(CONFIG.replace("Fjord-77-Kelp", "Quay-12-Sable"))

    assert before != after
    assert before.startswith("crypto isakmp key <removed:")
    assert "Fjord" not in before
    assert "Quay" not in after


def test_without_the_key_of_this_host_a_guess_cannot_be_tried() -> None:
    assert lines(CONFIG) != config_lines(CONFIG.splitlines(), b"x" * 32)


def test_a_changed_line_is_told_before_and_after() -> None:
    assert differences(CONFIG.replace("set peer 203.0.113.2", "set peer 203.0.113.9")) == (
        "crypto map VPN 10 ipsec-isakmp > set peer 203.0.113.2",
        "crypto map VPN 10 ipsec-isakmp > set peer 203.0.113.9",
    )


def test_lines_of_a_list_that_change_places_are_a_change() -> None:
    two = CONFIG.splitlines()
    two[14], two[15] = two[15], two[14]

    before, after = differences("\n".join(two))

    assert before
    assert before == after


def test_what_concerns_tunnels_comes_first_and_a_long_change_says_how_much_more_there_is() -> None:
    others = "".join(f"logging host 10.9.{n}.1\n" for n in range(60))
    text = CONFIG.replace("end\n", f"{others}crypto isakmp nat keepalive 20\nend\n")

    _, after = differences(text)

    assert after.splitlines()[0] == "crypto isakmp nat keepalive 20"
    assert after.splitlines()[-1] == "... and 21 more lines"


def test_a_restart_since_the_tunnel_was_well_is_told_and_the_rounding_of_an_uptime_is_not() -> None:
    before = DeviceMemory(device="r1", since=NOON, booted_at=NOON - timedelta(days=90))
    restarted = DeviceObservation(device="r1", at=NOON, booted_at=NOON - timedelta(minutes=4))
    rounded = DeviceObservation(device="r1", at=NOON, booted_at=NOON - timedelta(days=90) + timedelta(seconds=55))

    good_at = NOON - timedelta(minutes=10)
    assert [found.what for found in of_device(before, restarted, good_at, None, None)] == ["reload"]
    assert of_device(before, rounded, good_at, None, None) == ()


def test_another_release_and_another_route_are_told() -> None:
    before = DeviceMemory(device="r1", since=NOON, traits={"release": "15.2(4)M6"}, answered_at=NOON)
    seen = DeviceObservation(device="r1", at=NOON, traits={"release": "15.4(3)M2"})
    way = {"route to 203.0.113.2": "0.0.0.0/0 192.0.2.254 Gi0/0"}
    now = {"route to 203.0.113.2": "0.0.0.0/0 198.51.100.1 Gi0/1"}

    found = of_device(before, seen, NOON, Baseline(device="r1", at=NOON, lines=(), facts=way),
                      Baseline(device="r1", at=NOON, lines=(), facts=now))

    assert [(each.what, each.after) for each in found] == [
        ("release", "15.4(3)M2"), ("route to 203.0.113.2", "0.0.0.0/0 198.51.100.1 Gi0/1")]


def tunnel(peer: str) -> TunnelId:
    return TunnelId(key=("Gi0/0", "VPN", "", "10.1.0.0/16", "10.2.0.0/16", peer), name=f"Gi0/0 {peer}", peer=peer)


def test_a_flow_that_leads_to_another_peer_now_is_told() -> None:
    before = TunnelMemory(id=tunnel("203.0.113.2"), habit=Habit(since=NOON), since=NOON, good_at=NOON)
    seen = DeviceObservation(device="r1", at=NOON, tunnels=(
        TunnelObservation(id=tunnel("203.0.113.9"), status=Status.CRITICAL, cause="ike.peer-unreachable"),))

    found = of_tunnel(before, None, seen)

    assert [(each.what, each.before, each.after) for each in found] == [("peer", "203.0.113.2", "203.0.113.9")]


def test_the_key_of_a_host_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(local_key, [folder] * 8))

    assert len(keys) == 1
    assert stat.S_IMODE((folder / "history.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["history.key"]
