"""`vpn-check router1` over real SSH: every scenario of the lab gives what its story says."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from vpn_check.jobs.lab import running_lab
from vpn_check.lab.scenario import scenario_names
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Answer

    from vpn_check.lab.server import Lab

SCENARIOS = {name: yaml.safe_load(data_path("mocks", name, "scenario.yaml").read_text()) for name in scenario_names()}
FAST = ("--settle", "0.2", "--timeout", "5")


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


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_gives_what_its_story_says(
    scenario: str, bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    lab, inventory = bench
    names = device_names(lab, scenario)
    answer = vpn_check("--inventory", inventory, *names.values(), "--json", *FAST)
    devices = {device["name"]: device for device in answer.document["devices"]}
    expected: dict[str, Any] = SCENARIOS[scenario]["expect"]
    for device, want in expected.items():
        got = devices[names[device]]
        wanted = want["cause"] if isinstance(want["cause"], list) else [want["cause"]]
        assert got["status"] == want["status"], (device, got["verdict"], got["errors"])
        if wanted:
            assert got["verdict"]["cause"] in wanted
        if want["peer"] is not None:
            assert got["verdict"]["peer"] == want["peer"]
        assert got["unparsed"] == []
        for finding in got["findings"]:
            assert finding["evidence"]
    order = {0: 0, 1: 1, 3: 2, 2: 3}
    assert answer.code == max((want["exit"] for want in expected.values()), key=order.__getitem__)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_devices_saw_show_commands_and_nothing_else(
    scenario: str, bench: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    lab, inventory = bench
    names = device_names(lab, scenario)
    vpn_check("--inventory", inventory, *names.values(), "--quiet", *FAST)
    for name in names.values():
        for line in lab.commands(name):
            word = line.strip()
            assert word == "" or word.startswith(
                ("show ", "terminal length 0", "terminal pager 0", "enable", "exit", "lab-enable")
            ), line
            assert "conf" not in word.split()[0:1]


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
