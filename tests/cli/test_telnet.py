"""Telnet through the door: the warning before, the note beside the answer, and a PIX 6 from log-in to verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from vpn_check.lab.scenario import load
from vpn_check.lab.server import Lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Answer

FAST = ("--settle", "0", "--timeout", "5")
UNENCRYPTED = "the log-in, its password and all output travel unencrypted"
PIX, ROUTER = load("wrong-key-pix6-telnet").devices[0], replace(load("healthy-ios").devices[0], name="r1")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    with Lab([PIX, ROUTER]) as lab:
        inventory = lab.write_inventory(tmp_path_factory.mktemp("lab"))
        document = yaml.safe_load(inventory.read_text())
        del document["devices"]["pix1"]["platform"]   # it is recognised
        document["devices"]["closed"] = {"host": "127.0.0.1", "port": 1, "transport": "telnet"}
        document["devices"]["wrong-way"] = {**document["devices"]["pix1"], "transport": "ssh"}
        document["devices"]["other-way"] = {**document["devices"]["r1"], "transport": "telnet"}
        inventory.write_text(yaml.safe_dump(document, sort_keys=False))
        yield lab, inventory


def test_a_pix_6_is_read_over_telnet_with_a_warning(lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    mock, inventory = lab

    answer = vpn_check("pix1", "--inventory", inventory, "--json", *FAST)

    assert answer.code == 2
    found = answer.device
    assert (found["platform"], found["verdict"]["cause"], found["verdict"]["peer"]) == (
        "pix", "ike.psk-mismatch", "198.51.100.9")
    assert {tunnel["peer"]: tunnel["status"] for tunnel in found["tunnels"]} == {
        "198.51.100.9": "critical", "203.0.113.80": "healthy"}
    assert [note for note in found["notes"] if UNENCRYPTED in note]
    assert answer.err.count(UNENCRYPTED) == 1
    sent = mock.commands("pix1")
    assert not any(line.startswith("conf") or "pager lines" in line or line == "no pager" for line in sent)


def test_the_terminal_answer_says_it_as_well(lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab

    answer = vpn_check("pix1", "r1", "--inventory", inventory, *FAST)

    assert " ".join(answer.out.split()).count(UNENCRYPTED) == 1
    assert answer.err.startswith("vpn-check: pix1: reached by telnet: ")


def test_quiet_is_quiet_and_ssh_needs_no_word(lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab

    assert UNENCRYPTED not in vpn_check("pix1", "--inventory", inventory, "--quiet", *FAST).err
    answer = vpn_check("r1", "--inventory", inventory, *FAST)
    assert UNENCRYPTED not in " ".join((answer.out + answer.err).split())


def test_a_device_that_is_not_reached_has_the_note_too(lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab

    answer = vpn_check("closed", "--inventory", inventory, "--json", *FAST)

    assert answer.code == 3
    assert [error["code"] for error in answer.device["errors"]] == ["refused"]
    assert "telnet is enabled there" in answer.device["errors"][0]["message"]
    assert [note for note in answer.device["notes"] if UNENCRYPTED in note]


@pytest.mark.parametrize(("name", "code", "says"), [
    ("wrong-way", "not-ssh", "`transport: telnet`"), ("other-way", "not-telnet", "Remove `transport: telnet`"),
])
def test_the_wrong_transport_is_named(name: str, code: str, says: str, lab: tuple[Lab, Path],
                                      vpn_check: Callable[..., Answer]) -> None:
    mock, inventory = lab
    before = mock.auth_attempts("r1")

    answer = vpn_check(name, "--inventory", inventory, "--json", *FAST)

    assert answer.code == 3
    assert [error["code"] for error in answer.device["errors"]] == [code]
    assert says in answer.device["errors"][0]["message"]
    assert mock.auth_attempts("r1") == before   # no password went the wrong way


def test_no_secret_is_in_any_answer(lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab
    secrets = {path.read_text().strip() for path in inventory.parent.glob("lab-*")}

    for wrong in ({}, {"VPN_CHECK_LAB_PASSWORD": "not-the-pass-word"}):
        answer = vpn_check("pix1", "--inventory", inventory, *FAST, env=wrong)
        assert not [secret for secret in {*secrets, "not-the-pass-word"} if secret in answer.out + answer.err]
        assert answer.code == (3 if wrong else 2)
