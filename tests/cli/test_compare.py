"""`vpn-check compare`: two configurations, two captures, two devices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from vpn_check.jobs.lab import running_lab
from vpn_check.lab.scenario import load, scenario_names
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

CONFIGS = Path(__file__).parent.parent / "diagnose" / "checks"
COMPARED = [name for name in scenario_names() if load(name).compare is not None]


def rows(answer: Answer) -> dict[str, Any]:
    return {row["parameter"]: row for tunnel in answer.document["tunnels"] for row in tunnel["rows"]}


@pytest.mark.parametrize(("pair", "differing"), [
    ("c04/ios-fits", set()),
    ("c04/ios-other-group", {"IKEv1 policy"}),
    ("c04/ios-other-key", {"IKEv1 key"}),
    ("c05/asa-differs", {"transform (IKEv1)"}),
    ("c24/ios-one-side", {"PFS"}),
    ("c06/ios-host-for-network", {"proxy identities"}),
])
def test_two_configurations_row_by_row(pair: str, differing: set[str], vpn_check: Callable[..., Answer]) -> None:
    here = CONFIGS / f"{pair}.cfg"
    there = CONFIGS / f"{pair}.remote.cfg"
    if not there.exists():
        there = CONFIGS / "c06" / "ios-mirrored.remote.cfg"
    answer = vpn_check("compare", here, there, "--json")

    found = {name for name, row in rows(answer).items() if row["match"] == "differ"}
    assert differing <= found
    assert bool(found) is bool(differing)
    assert answer.code == (1 if found else 0)


def test_keys_are_compared_and_never_shown(vpn_check: Callable[..., Answer]) -> None:
    pair = CONFIGS / "c04" / "ios-other-key.cfg", CONFIGS / "c04" / "ios-other-key.remote.cfg"
    for options in ((), ("--json",)):
        answer = vpn_check("compare", *pair, *options)

        assert "Shared-" not in answer.out + answer.err
        assert "present (clear text)" in answer.out


@pytest.mark.parametrize("name", COMPARED)
def test_captures_of_both_ends_say_what_the_scenario_says(name: str, vpn_check: Callable[..., Answer]) -> None:
    story = load(name).compare
    assert story is not None
    here, there = (data_path("mocks", name, device) for device in story.devices)

    answer = vpn_check("compare", here, there, "--json")

    assert answer.document["verdict"]["cause"] in story.causes
    assert answer.document["here"]["name"] == story.devices[0]


def test_two_devices_are_asked_and_compared(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with running_lab(["esp-blocked-ios"]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        answer = vpn_check("compare", "r1", "r2", "--inventory", inventory, "--json")
        text = vpn_check("compare", "r2", "r1", "--inventory", inventory)

    assert answer.code == text.code == 2
    assert answer.document["verdict"]["cause"] == "traffic.esp-blocked"
    assert rows(answer)["packets towards the other end"]["match"] == "differ"
    assert "!!" in text.out
    schema = json.loads(vpn_check("schema", "compare").out)
    jsonschema.validate(answer.document, schema)


def test_a_device_that_cannot_be_asked_leaves_the_others_own_diagnosis(vpn_check: Callable[..., Answer],
                                                                       tmp_path: Path) -> None:
    with running_lab(["esp-blocked-ios"]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        known = (tmp_path / "lab" / "known_hosts")
        known.write_text(lab.host_key_line("r1") + "\n")
        answer = vpn_check("compare", "r1", "r2", "--inventory", inventory, "--json")

    assert answer.document["there"]["errors"][0]["step"] == "host-key"
    assert answer.document["verdict"]["cause"] == "traffic.no-return"
    assert answer.code == 2


@pytest.mark.parametrize(("words", "says"), [
    (("{path}", "r2"), "not of one kind"),
    (("no-such-device", "neither"), "is not in"),
])
def test_what_cannot_be_compared_is_said(words: tuple[str, str], says: str, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("compare", *(word.format(path=CONFIGS / "c04" / "ios-fits.cfg") for word in words))

    assert answer.code == 3
    assert says in answer.err
    assert len(answer.err.splitlines()) == 1
