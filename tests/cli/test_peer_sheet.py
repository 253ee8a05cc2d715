"""`vpn-check peer-sheet`: this end turned round, without a secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

CONFIGS = Path(__file__).parent.parent / "diagnose" / "checks"


def demands(answer: Answer) -> dict[str, Any]:
    return {demand["parameter"]: demand["value"] for demand in answer.document["sheets"][0]["demands"]}


@pytest.mark.parametrize(("config", "wanted"), [
    ("c04/ios-fits.cfg", {
        "our address: your peer": "198.51.100.1",
        "IKE version": "IKEv1",
        "ESP transform (IKEv1)": "aes-256 + sha256",
        "protected traffic, from your side": "ip 10.2.0.0/16 -> 10.1.0.0/16",
        "PFS": "none required",
    }),
    ("c24/ios-same.cfg", {"PFS": "group 14"}),
    ("c04/asa-fits-ios.cfg", {"IKEv1 policy": "aes-256, sha1, DH group 14"}),
])
def test_what_the_other_end_needs_follows_from_ours(config: str, wanted: dict[str, str],
                                                    vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("peer-sheet", CONFIGS / config, "--json")

    assert wanted.items() <= demands(answer).items()
    assert answer.code == 0
    jsonschema.validate(answer.document, json.loads(vpn_check("schema", "peer-sheet").out))


@pytest.mark.parametrize("options", [(), ("--markdown",), ("--json",)])
def test_no_secret_is_in_it(options: tuple[str, ...], vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("peer-sheet", CONFIGS / "c04" / "ios-fits.cfg", *options)

    assert "198.51.100.1" in answer.out
    assert "Shared-9" not in answer.out


def test_the_far_end_that_follows_the_sheet_fits(vpn_check: Callable[..., Answer]) -> None:
    """Our sheet for them and their sheet for us ask for the same things, turned round."""
    ours = demands(vpn_check("peer-sheet", CONFIGS / "c04" / "ios-fits.cfg", "--json"))
    theirs = demands(vpn_check("peer-sheet", CONFIGS / "c04" / "ios-fits.remote.cfg", "--json"))

    same = ("IKE version", "IKEv1 policy", "ESP transform (IKEv1)", "mode", "PFS")
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}
    assert ours["protected traffic, from your side"].split(" -> ")[0].removeprefix("ip ") == (
        theirs["protected traffic, from your side"].split(" -> ")[1])


def test_without_a_configuration_the_sas_tell_what_they_can(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("peer-sheet", data_path("mocks", "esp-blocked-ios", "r1"), "--json")

    assert demands(answer)["protected traffic, from your side"] == "10.2.20.0/24 -> 10.1.10.0/24"
    assert not all(demand["known"] for demand in answer.document["sheets"][0]["demands"])


def test_a_peer_that_is_not_there_is_an_error(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("peer-sheet", CONFIGS / "c04" / "ios-fits.cfg", "--peer", "203.0.113.99")

    assert answer.code == 3
    assert "No tunnel to 203.0.113.99" in answer.err
