"""Nothing is switched on unless everything speaks for it; what speaks against it can be waived by its name alone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.debug.conftest import ASA_8_2, PEER, PIX_6, Desk, device

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

ASA, IOS, PIX = PlatformName.ASA, PlatformName.IOS, PlatformName.PIX
QUICK = ("--duration", "0.3")


def untouched(at: Desk) -> bool:
    """Whether the device saw nothing but questions."""
    asked = ("show ", "terminal length", "terminal pager", "enable", "exit")
    return all(line.startswith(asked) for line in at.typed()) and at.journals == []


@pytest.mark.parametrize(("platform", "play", "name", "says"), [
    (IOS, {"cpu": 75}, "cpu", "75 % over 5 s"),
    (ASA, {"cpu": 60}, "cpu", "60 % over 5 s"),
    (IOS, {"foreign": ("debug ip ospf adj",)}, "debugs", "OSPF ADJ"),
    (IOS, {"foreign": ("debug crypto condition peer ipv4 192.0.2.77",)}, "debugs", "condition 192.0.2.77"),
    (ASA, {"foreign": ("debug crypto condition peer 192.0.2.77",)}, "debugs", "condition 192.0.2.77"),
    (IOS, {"console": "debugging"}, "console", "serial line"),
    (ASA, {"console": "debugging"}, "console", "serial line"),
    (IOS, {"monitor": "informational"}, "unseen", "monitor logging informational"),
    (ASA, {"trace": "enabled"}, "unseen", "instead of the session"),
    (ASA, {"trace": "persistent"}, "persistent", "outlive"),
    (PIX, {"conditional": False}, "unfiltered", "every peer"),
])
def test_a_precondition_that_does_not_hold_is_refused_by_name(
    platform: PlatformName, play: dict[str, Any], name: str, says: str, desk: Callable[..., Desk],
) -> None:
    at = desk(device(platform, play=play))
    answer = at.debug(*QUICK)
    body = answer.document
    assert (answer.code, body["ended"], body["switched_on"]) == (3, "refused", False)
    failed = {check["name"]: check for check in body["preconditions"] if not check["holds"]}
    assert name in failed
    assert says in failed[name]["text"]
    assert failed[name]["option"] in answer.err
    assert untouched(at)
    assert at.ours_on(foreign=tuple(at.ours_on())) == []


@pytest.mark.parametrize(("platform", "play", "waivers"), [
    (IOS, {"cpu": 75}, ("--cpu-limit", "90")),
    (IOS, {"foreign": ("debug ip ospf adj",)}, ("--despite", "debugs")),
    (IOS, {"console": "debugging"}, ("--despite", "console")),
    (ASA, {"trace": "persistent"}, ("--despite", "persistent", "--despite", "unseen")),
    (PIX, {"conditional": False}, ("--despite", "unfiltered")),
])
def test_a_precondition_is_waived_by_its_own_option(
    platform: PlatformName, play: dict[str, Any], waivers: tuple[str, ...], desk: Callable[..., Desk],
) -> None:
    at = desk(device(platform, play=play))
    foreign = at.ours_on()
    body = at.debug(*QUICK, *waivers).document
    assert body["switched_on"]
    assert body["proof"]["off"]
    assert at.ours_on() == foreign


@pytest.mark.parametrize("waiver", ["cpu", "debugs", "console", "unseen", "unfiltered", "persistent"])
def test_no_waiver_lets_a_load_over_the_limit_pass(waiver: str, desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"cpu": 75}))
    assert at.debug(*QUICK, "--despite", waiver).document["ended"] == "refused"
    assert untouched(at)


@pytest.mark.parametrize(("question", "name"), [
    ("show processes cpu | include CPU utilization", "cpu"), ("show debugging", "debugs"), ("show logging", "console"),
])
@pytest.mark.parametrize("answer", ["% Invalid input detected at '^' marker.\n", "some words\n"])
def test_what_is_not_said_does_not_hold(question: str, name: str, answer: str, desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"said": {question: answer}}))
    body = at.debug(*QUICK).document
    assert body["ended"] == "refused"
    assert name in {check["name"] for check in body["preconditions"] if not check["holds"]}
    assert untouched(at)


def test_a_debug_that_is_on_already_stays_as_it_was(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"foreign": ("debug crypto isakmp", "debug ip ospf adj")}))
    body = at.debug(*QUICK, "--despite", "debugs").document
    assert "debug crypto isakmp" not in body["announced"]
    assert "no debug crypto isakmp" not in at.typed()
    assert at.lab.debugs("r1").on() == ("isakmp", "ip ospf adj")
    assert at.lab.debugs("r1").conditions == []
    assert body["proof"]["off"]


def test_a_condition_that_is_there_already_stays(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"foreign": (f"debug crypto condition peer ipv4 {PEER}",)}))
    body = at.debug(*QUICK, "--despite", "debugs").document
    assert not [line for line in body["announced"] if "condition" in line]
    assert at.lab.debugs("r1").conditions == [PEER]


@pytest.mark.parametrize(("platform", "version", "on"), [
    (ASA, ASA_8_2, [f"debug crypto condition peer {PEER}", "debug crypto isakmp 127", "debug crypto ipsec 127"]),
    (PIX, PIX_6, ["debug crypto isakmp", "debug crypto ipsec"]),
    (PIX, "Cisco PIX Security Appliance Software Version 8.0(4)\n",
     [f"debug crypto condition peer {PEER}", "debug crypto isakmp 127", "debug crypto ipsec 127"]),
])
def test_each_release_is_spoken_to_in_its_own_words(
    platform: PlatformName, version: str, on: list[str], desk: Callable[..., Desk],
) -> None:
    at = desk(device(platform, outputs={"show version": version}))
    body = at.debug(*QUICK, "--despite", "unfiltered").document
    assert body["announced"][:len(on)] == on
    assert body["proof"]["off"]


def test_debugs_are_chosen_by_name(desk: Callable[..., Desk]) -> None:
    at = desk()
    body = at.debug(*QUICK, "--debug", "ipsec", "--debug", "engine").document
    assert [line for line in body["announced"] if line.startswith("debug crypto") and "condition" not in line] == [
        "debug crypto ipsec", "debug crypto engine"]
    wrong = at.debug(*QUICK, "--debug", "everything")
    assert (wrong.code, at.journals) == (3, [])
    assert "Known: isakmp, ikev2, ipsec, engine." in wrong.err


def test_without_a_terminal_and_without_yes_nobody_is_even_asked(desk: Callable[..., Desk]) -> None:
    at = desk()
    answer = at.run("debug", "r1", "--peer", PEER)
    assert answer.code == 3
    assert "--yes" in answer.err
    assert at.typed() == []


@pytest.mark.parametrize("peer", ["router2", "192.0.2.300", "192.0.2.1;reload", "", "any", "fe80::1%eth0"])
def test_a_peer_that_is_no_address_never_reaches_the_device(peer: str, desk: Callable[..., Desk]) -> None:
    at = desk()
    answer = at.debug("--duration", "1", peer=peer)
    assert answer.code == 3
    assert at.typed() == []


def test_the_user_mode_is_not_enough(desk: Callable[..., Desk]) -> None:
    at = desk(device(enable_secret="greenhouse-77"))
    assert at.debug(*QUICK).document["switched_on"]   # the inventory of the lab has the secret
    at.inventory.write_text(at.inventory.read_text().replace("enable_secret_file", "passphrase_env"))
    answer = at.debug(*QUICK)
    assert answer.code == 3
    assert "privileged mode" in answer.err


@pytest.mark.parametrize("platform", [IOS, ASA])
def test_a_refused_condition_leaves_everything_off(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    words = f"debug crypto condition peer {'ipv4 ' if platform is IOS else ''}{PEER}"
    at = desk(device(platform, play={"trouble": "refused", "strikes": words}))
    answer = at.debug(*QUICK)
    assert (answer.code, answer.document["ended"]) == (3, "failed")
    assert at.switched() == []   # no debug without its condition, not even for a moment
    assert at.journals == []


def test_a_debug_that_the_release_does_not_know_is_left_out(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"trouble": "refused", "strikes": "debug crypto ikev2"}))
    body = at.debug(*QUICK).document
    assert body["device"]["verdict"]["cause"] == "ike.policy-mismatch"
    assert body["proof"]["off"]
    assert at.ours_on() == []


def test_the_journal_cannot_be_kept_so_nothing_is_switched(desk: Callable[..., Desk]) -> None:
    at = desk()
    (at.folder / "state").write_text("not a folder")
    answer = at.debug(*QUICK)
    assert answer.code == 3
    assert "VPN_CHECK_STATE" in answer.err
    assert at.switched() == []


@pytest.mark.parametrize(("typed", "switched"), [("no", False), ("y", False), ("", False), ("yes", True)])
def test_a_person_at_a_terminal_is_shown_every_line_and_asked(
    typed: str, *, switched: bool, desk: Callable[..., Desk],
) -> None:
    at = desk()
    ours, theirs = os.openpty()
    process = subprocess.Popen([sys.executable, "-m", "vpn_check", "debug", "r1", "--peer", PEER, *QUICK],
                               env=at.environ(), stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    os.close(theirs)
    os.write(ours, f"{typed}\n".encode())
    out, err = process.communicate(timeout=40)
    os.close(ours)
    assert "no debug crypto ipsec" in err
    assert "Switch these debugs on? [yes/no]" in err
    assert bool(at.switched()) is switched
    assert process.returncode == (2 if switched else 3)
    assert "off" in out or "Nothing was switched on" in out
