"""`vpn-check router1` over real SSH: every scenario of the lab gives what its story says."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.conftest import run_vpn_check

from vpn_check.jobs.lab import running_lab
from vpn_check.lab.scenario import scenario_names
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.conftest import Answer

    from vpn_check.lab.server import Lab

SCENARIOS = {name: yaml.safe_load(data_path("mocks", name, "scenario.yaml").read_text()) for name in scenario_names()}
FAST = ("--settle", "0.2", "--timeout", "5")
CALM = ("--settle", "0.2", "--timeout", "30", "--workers", "8")
"""For a run over all devices at once."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    """All scenarios at once, with their inventory."""
    with ExitStack() as stack:
        lab = stack.enter_context(running_lab())
        yield lab, lab.write_inventory(tmp_path_factory.mktemp("lab"))


def device_names(lab: Lab, scenario: str) -> dict[str, str]:
    return {
        device: device if device in lab.names else f"{scenario}-{device}" for device in SCENARIOS[scenario]["devices"]
    }


def is_as_told(got: dict[str, Any], want: dict[str, Any]) -> None:
    """The first cause, the peer and the status are those of the story, and every finding quotes the device."""
    wanted = want["cause"] if isinstance(want["cause"], list) else [want["cause"]]
    assert got["status"] == want["status"], (got["name"], got["verdict"], got["errors"])
    if wanted:
        assert got["verdict"]["cause"] in wanted
    if want["peer"] is not None:
        assert got["verdict"]["peer"] == want["peer"]
    assert got["unparsed"] == []
    assert all(finding["evidence"] for finding in got["findings"])


@pytest.fixture(scope="module")
def checked(bench: tuple[Lab, Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What one run over all devices of the lab says, by name; those that a story asks about, in runs of their own."""
    lab, inventory = bench
    home = tmp_path_factory.mktemp("home")
    whole = [name for scenario, story in SCENARIOS.items() for device, name in device_names(lab, scenario).items()
             if "asked" not in story["expect"].get(device, {})]
    runs = [whole] + [[device_names(lab, scenario)[device], "--peer", want["asked"]]
                      for scenario, story in SCENARIOS.items() for device, want in story["expect"].items()
                      if "asked" in want]
    return {device["name"]: device for words in runs
            for device in run_vpn_check(home, "--inventory", inventory, *words, "--json", *CALM).document["devices"]}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_gives_what_its_story_says(
    scenario: str, bench: tuple[Lab, Path], checked: Mapping[str, Any]
) -> None:
    names = device_names(bench[0], scenario)
    for device, want in SCENARIOS[scenario]["expect"].items():
        is_as_told(checked[names[device]], want)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Any]:
    """What one run over the folders of all devices says; those that a story asks about, in runs of their own."""
    home = tmp_path_factory.mktemp("home")
    plain = [key for key, want in RECORDED.items() if "asked" not in want]
    runs = [(plain, ())] + [([key], ("--peer", want["asked"])) for key, want in RECORDED.items() if "asked" in want]
    found: dict[tuple[str, str], Any] = {}
    for keys, words in runs:
        folders = [data_path("mocks", *key) for key in keys]
        document = run_vpn_check(home, "analyze", *folders, "--json", *words).document
        found |= dict(zip(keys, document["devices"], strict=True))
    return found


RECORDED = {
    (name, device): want | story.get("recorded", {}).get(device, {})
    for name, story in SCENARIOS.items() for device, want in story["expect"].items() if want["status"] != "unknown"
}


@pytest.mark.parametrize(("scenario", "device"), RECORDED)
def test_a_recorded_device_gives_what_the_story_says(
    scenario: str, device: str, analysed: Mapping[tuple[str, str], Any]
) -> None:
    is_as_told(analysed[scenario, device], RECORDED[scenario, device])


def test_the_devices_saw_show_commands_and_nothing_else(bench: tuple[Lab, Path], checked: Mapping[str, Any]) -> None:
    lab, _ = bench
    assert {*checked} == {*lab.names}
    for name in lab.names:
        for line in lab.commands(name):
            word = line.strip()
            assert word == "" or word.startswith(
                ("show ", "terminal length 0", "terminal pager 0", "enable", "exit", "lab-enable")
            ), line
            assert "conf" not in word.split()[0:1]


@pytest.mark.parametrize(("scenario", "device"), [("no-attempt-ios", "r1"), ("wrong-key-ios-pix", "r1"),
                                                  ("recv-errors-asa", "asa1"), ("commands-refused-ios", "r1")])
def test_the_exit_code_is_that_of_the_status(
    scenario: str, device: str, bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    lab, inventory = bench
    answer = vpn_check("--inventory", inventory, device_names(lab, scenario)[device], "--quiet", *FAST)
    assert answer.code == SCENARIOS[scenario]["expect"][device]["exit"]


def test_several_devices_and_the_worst_of_them(bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    lab, inventory = bench
    good = device_names(lab, "healthy-ios")["r1"]
    bad = device_names(lab, "esp-blocked-ios")["r1"]
    answer = vpn_check(good, bad, "--inventory", inventory, *FAST)
    assert answer.code == 2
    assert "2 devices: 1 healthy, 1 critical" in answer.out
    assert answer.out.index(good) < answer.out.index(bad)


def test_a_group_is_all_its_devices(bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = bench
    answer = vpn_check("--group", "esp-blocked-ios", "--inventory", inventory, "--json", *FAST)
    assert len(answer.document["devices"]) == 2


def test_a_peer_asked_for_is_judged_alone_and_should_be_up(
    bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    lab, inventory = bench
    name = device_names(lab, "no-attempt-ios")["r1"]
    plain = vpn_check(name, "--inventory", inventory, "--json", *FAST)
    peer = plain.device["tunnels"][0]["peer"]
    asked = vpn_check(name, "--inventory", inventory, "--json", "--peer", peer, *FAST)
    assert (plain.code, asked.code) == (0, 2)
    assert asked.device["verdict"]["cause"] == "ike.no-attempt"
    assert {tunnel["peer"] for tunnel in asked.device["tunnels"]} == {peer}
    missing = vpn_check(name, "--inventory", inventory, "--json", "--peer", "198.51.100.250", *FAST)
    assert missing.code in {2, 3}
    assert missing.device["tunnels"] == []


def test_the_terminal_answer_begins_with_the_verdict(bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    lab, inventory = bench
    name = device_names(lab, "esp-blocked-ios")["r1"]
    answer = vpn_check(name, "--inventory", inventory, *FAST)
    first = answer.out.splitlines()
    assert first[0] == f"CRITICAL  {name} (ios)"
    assert "203.0.113.2" in first[1]
    assert "Type next:" in answer.out
    assert "| #pkts encaps: 1284, #pkts encrypt: 1284, #pkts digest: 1284" in answer.out
    assert "\x1b" not in answer.out


def test_a_host_of_the_ssh_configuration_alone(
    bench: tuple[Lab, Path], vpn_check: Callable[..., Answer], tmp_path: Path
) -> None:
    lab, inventory = bench
    name = device_names(lab, "healthy-ios")["r1"]
    ssh = tmp_path / "home" / ".ssh"
    ssh.mkdir(parents=True)
    (ssh / "config").write_text(f"Host router1\n  HostName 127.0.0.1\n  Port {lab.port(name)}\n  User lab\n")
    (ssh / "known_hosts").write_text(lab.host_key_line(name) + "\n")
    secret = (inventory.parent / "lab-password").read_text().strip()
    answer = vpn_check("router1", "--json", *FAST, env={"VPN_CHECK_PASSWORD": secret})
    assert (answer.code, answer.device["name"], answer.device["platform"]) == (0, "router1", "ios")


def test_no_secret_in_any_output(bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    lab, inventory = bench
    secrets = {path.read_text().strip() for path in inventory.parent.glob("lab-*")}
    assert secrets
    names = [device_names(lab, "healthy-asa-ikev1")["asa1"], device_names(lab, "commands-refused-ios")["r1"]]
    for arguments in (("--json",), (), ("--quiet",)):
        answer = vpn_check(*names, "--inventory", inventory, *FAST, *arguments)
        assert not [secret for secret in secrets if secret in answer.out + answer.err]
    wrong = vpn_check(*names, "--inventory", inventory, *FAST, env={"VPN_CHECK_LAB_PASSWORD": "not-the-pass-word"})
    assert wrong.code == 3
    assert "not-the-pass-word" not in wrong.out + wrong.err
    assert os.environ.get("VPN_CHECK_LAB_PASSWORD") is None
