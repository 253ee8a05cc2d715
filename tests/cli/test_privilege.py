"""What an account may not see is unknown, is said to be that, with what to do; and never "no tunnels"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from vpn_check.lab.scenario import load
from vpn_check.lab.server import Lab, LabDevice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Answer

FAST = ("--settle", "0", "--timeout", "5")
ISAKMP, IPSEC = "show crypto isakmp sa", "show crypto ipsec sa"


def device(name: str, scenario: str, **changes: Any) -> LabDevice:
    """A device of a healthy scenario, with less privilege."""
    return replace(load(scenario).devices[0], name=name, **{"enable_secret": None, **changes})


DEVICES = [
    device("aaa", "healthy-ios", fault="authz"),
    device("aaa-asa", "healthy-asa-ikev1", fault="authz"),
    device("aaa-isakmp-only", "healthy-ios", fault="authz", fault_command=IPSEC),
    device("aaa-ipsec-only", "healthy-ios", fault="authz", fault_command=ISAKMP),
    device("user-mode", "healthy-ios", enable_secret="not-known-to-us"),
    device("user-mode-asa", "healthy-asa-ikev1", enable_secret="not-known-to-us"),
    device("level-7", "healthy-ios", level=7),
    device("level-7-asa", "healthy-asa-ikev1", level=7),
    device("no-crypto-image", "healthy-ios", fault="invalid"),
    device("no-shell", "healthy-ios", fault="no_exec"),
    device("no-secret-there", "healthy-ios", enable_secret="lab-enable", fault="no_enable"),
    device("no-secret-right", "healthy-ios", enable_secret="lab-enable", fault="wrong_enable"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    with Lab(DEVICES) as lab:
        inventory = lab.write_inventory(tmp_path_factory.mktemp("lab"))
        document = yaml.safe_load(inventory.read_text())
        for name in ("user-mode", "user-mode-asa"):
            document["devices"][name]["credential"] = "lab"   # the entry that has no enable secret
        inventory.write_text(yaml.safe_dump(document, sort_keys=False))
        yield lab, inventory


CASES = {
    "aaa": ("not-authorised", ("AAA server", "aaa authorization commands", ISAKMP, IPSEC)),
    "aaa-asa": ("not-authorised", ("AAA server", "aaa authorization commands", ISAKMP, IPSEC)),
    "aaa-isakmp-only": ("not-authorised", ("AAA server", IPSEC)),
    "user-mode": ("privilege-level-too-low", ("level 15", "enable_secret_env", "VPN_CHECK_ENABLE", ISAKMP, IPSEC)),
    "user-mode-asa": ("privilege-level-too-low", ("level 15", "enable_secret_env", ISAKMP, IPSEC)),
    "level-7": ("privilege-level-too-low", ("level 15", "enable_secret_env", ISAKMP, IPSEC)),
    "level-7-asa": ("privilege-level-too-low", ("level 15", "enable_secret_env", ISAKMP, IPSEC)),
    "no-crypto-image": ("unsupported", ("does not know it", "image", ISAKMP, IPSEC)),
    "no-shell": ("no-exec", ("may not open a command line", "aaa authorization exec")),
    "no-secret-there": ("enable-not-possible", ("% No password set", "level 15")),
    "no-secret-right": ("enable-refused", ("enable secret was refused", "one attempt")),
}


@pytest.mark.parametrize(("name", "code", "says"), [(name, *case) for name, case in CASES.items()])
def test_it_is_unknown_with_a_reason_and_a_way_out(name: str, code: str, says: tuple[str, ...],
                                                   lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab

    answers = [vpn_check(name, "--inventory", inventory, *FAST, *arguments) for arguments in ((), ("--json",))]

    for answer in answers:
        assert answer.code == 3
        told = " ".join((answer.out + answer.err).split())
        assert not [words for words in says if words not in told]
        assert "no tunnel" not in told.lower()
        assert "lists neither" not in told
    found = answers[1].device
    assert found["status"] == "unknown"
    assert [error["code"] for error in found["errors"]] == [code]
    assert not [finding for finding in found["findings"] if finding["cause"] in {"healthy", "ike.no-attempt"}]


def test_what_may_be_seen_is_judged_beside_what_may_not(lab: tuple[Lab, Path],
                                                        vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab

    found = vpn_check("aaa-isakmp-only", "--inventory", inventory, "--json", *FAST).device

    assert [gap["source"] for gap in found["gaps"]] == [IPSEC]
    assert [tunnel["ike"]["state"] for tunnel in found["tunnels"]] == ["QM_IDLE"]
    assert {tunnel["status"] for tunnel in found["tunnels"]} == {"unknown"}
    assert any("collect `show crypto ipsec sa`" in note for note in found["notes"])


def test_tunnels_that_carry_traffic_are_healthy_without_the_ike_table(lab: tuple[Lab, Path],
                                                                     vpn_check: Callable[..., Answer]) -> None:
    _, inventory = lab

    answer = vpn_check("aaa-ipsec-only", "--inventory", inventory, "--json", *FAST)

    assert (answer.code, answer.device["status"]) == (0, "healthy")
    assert [(gap["source"], gap["reason"]) for gap in answer.device["gaps"]] == [(ISAKMP, "not authorised")]
    assert [error["code"] for error in answer.device["errors"]] == ["not-authorised"]


def test_the_account_was_asked_for_its_level_only_where_that_says_something(lab: tuple[Lab, Path],
                                                                           vpn_check: Callable[..., Answer]) -> None:
    mock, inventory = lab
    asked = {"level-7": "show privilege", "level-7-asa": "show curpriv", "no-crypto-image": "show privilege"}

    for name in (*asked, "aaa", "user-mode", "aaa-ipsec-only"):
        vpn_check(name, "--inventory", inventory, "--quiet", *FAST)
        levels = {line for line in mock.commands(name) if line in {"show privilege", "show curpriv"}}
        assert levels == ({asked[name]} if name in asked else set())
