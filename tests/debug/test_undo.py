"""Off is what the device says, to the letter; whatever is short of that is not proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.debug.conftest import PASSWORD, PEER, Desk, device
from tests.debug.test_journal import journal

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import Access
from vpn_check.jobs.debug.reach import undo_device
from vpn_check.model.device import Credentials, PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.jobs.debug.journal import Journal
    from vpn_check.model.debugging import Proof

IOS, ASA = PlatformName.IOS, PlatformName.ASA
OFF = "no debug crypto isakmp"


def undone(at: Desk, held: Journal) -> Proof:
    there = replace(held.device, host="127.0.0.1", port=at.lab.port("r1"), jump=(),
                    known_hosts=str(at.inventory.parent / "known_hosts"))
    credentials = Credentials(username="lab", password=PASSWORD, use_agent=False)
    access = Access(host_keys=HostKeys({}), limits=Limits(idle=1, total=3))
    return undo_device(replace(held, device=there, started_at=held.started_at), credentials, access)


def fresh(platform: PlatformName, **changes: Any) -> Journal:
    held = journal(platform, (9, 16) if platform is ASA else (15, 7))
    return replace(held, started_at=datetime.now(UTC).isoformat(), **changes)


def test_off_and_shown_to_be_off(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"foreign": ("debug crypto isakmp", "debug crypto ipsec", "debug ip ospf adj",
                                       f"debug crypto condition peer ipv4 {PEER}")}))
    assert undone(at, fresh(IOS)).off
    assert at.lab.debugs("r1").on() == ("ip ospf adj",)
    assert at.lab.debugs("r1").conditions == []


@pytest.mark.parametrize(("outputs", "says"), [
    ({"show debugging": "Cryptographic Subsystem:\n  Crypto ISAKMP debugging is on\n"}, "still lists"),
    ({"show debugging": "Crypto ISAKMP: some words of a release that nobody knows\n"}, "still lists"),
    ({"show debugging": "% Invalid input detected at '^' marker.\n"}, "not answered"),
    ({"show crypto debug-condition": "Something else\n"}, "still lists"),
    ({"show crypto debug-condition": f"Crypto conditional debug is turned ON\nIKE peer filters:\n{PEER}/32\n"},
     "still lists"),
    ({"show crypto debug-condition": "Command authorization failed.\n"}, "not answered"),
])
def test_anything_short_of_off_is_not_proved(
    outputs: dict[str, str], says: str, desk: Callable[..., Desk],
) -> None:
    at = desk(device(play={"said": outputs}))
    proof = undone(at, fresh(IOS))
    assert not proof.off
    assert says in proof.reason
    assert proof.by_hand


def test_a_neighbouring_condition_is_not_taken_for_ours(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"foreign": ("debug crypto condition peer ipv4 198.51.100.70",)}))
    assert undone(at, fresh(IOS)).off
    assert at.lab.debugs("r1").conditions == ["198.51.100.70"]


def test_a_firewall_has_to_have_ended_the_session(desk: Callable[..., Desk]) -> None:
    at = desk(device(ASA))
    assert undone(at, fresh(ASA, session=99)).off            # it is not listed any more
    unknown = undone(at, fresh(ASA, session=None))
    assert not unknown.off
    assert "cannot be seen" in unknown.reason
    outliving = undone(at, fresh(ASA, session=99, persistent=True))
    assert not outliving.off
    assert "persistent" in outliving.reason
    old = replace(fresh(ASA, session=None), started_at="2026-01-01T00:00:00+00:00")
    assert undone(at, old).off                               # no `ssh timeout` is as long as that


def test_a_firewall_that_still_lists_the_session_names_it(desk: Callable[..., Desk]) -> None:
    listing = ("SID Client IP       Version Mode Encryption Hmac     State            Username\n"
               "7   192.0.2.39      2.0     IN   aes256-ctr sha1     SessionStarted   netops\n")
    at = desk(device(ASA, play={"said": {"show ssh sessions": listing}}))
    proof = undone(at, fresh(ASA, session=7))
    assert not proof.off
    assert proof.by_hand == ("ssh disconnect 7",)


def test_each_debug_is_taken_back_by_its_own_line(desk: Callable[..., Desk]) -> None:
    at = desk(device())
    undone(at, fresh(IOS))
    assert [line for line in at.typed() if line.startswith("no ")] == [
        OFF, "no debug crypto ikev2", "no debug crypto ipsec", f"no debug crypto condition peer ipv4 {PEER}"]
