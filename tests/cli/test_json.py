"""The JSON document is an interface: every answer keeps to the schema that the package ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from tests.conftest import shared

from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

SOURCE = Path(__file__).parent.parent / "source"


@pytest.fixture
def schema(vpn_check: Callable[..., Answer]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(vpn_check("schema", "check").out)
    jsonschema.Draft202012Validator.check_schema(body)
    return body


def test_every_answer_keeps_to_the_schema(
    schema: dict[str, Any], vpn_check: Callable[..., Answer], tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("")
    answers = [
        vpn_check("analyze", *sorted(SOURCE.glob("*.txt")), "--json"),
        vpn_check("analyze", tmp_path / "empty.txt", "--json"),
    ]
    answers.append(
        vpn_check(
            "analyze",
            data_path("mocks", "healthy-ios", "r1"),
            "--remote",
            data_path("mocks", "healthy-ios", "r2"),
            "--json",
        )
    )
    answers += [vpn_check("analyze", folder, "--json") for folder in sorted(data_path("mocks").iterdir())[:6]]
    for answer in answers:
        jsonschema.validate(answer.document, schema)


def test_causes_are_of_the_published_vocabulary(vpn_check: Callable[..., Answer]) -> None:
    known = set(yaml.safe_load((shared("contract") / "causes.yaml").read_text()))
    for path in (*SOURCE.glob("*.txt"), *data_path("mocks").glob("*/*")):
        if path.suffix == ".txt" or path.is_dir():
            answer = vpn_check("analyze", path, "--json")
            for device in answer.document["devices"]:
                assert {finding["cause"] for finding in device["findings"]} <= known
                assert {tunnel["cause"] for tunnel in device["tunnels"]} <= known


def test_the_remote_end_is_kept_apart(vpn_check: Callable[..., Answer]) -> None:
    here, there = data_path("mocks", "esp-blocked-ios", "r1"), data_path("mocks", "esp-blocked-ios", "r2")
    document = vpn_check("analyze", here, "--remote", there, "--json").document
    assert [device["name"] for device in document["devices"]] == ["r1"]
    assert [device["name"] for device in document["remote"]] == ["r2"]
    assert document["remote"][0]["tunnels"][0]["peer"] == document["devices"][0]["tunnels"][0]["local_address"]


def test_unknown_is_null_and_never_zero(vpn_check: Callable[..., Answer]) -> None:
    excerpt = "   current_peer 198.51.100.7 port 500\n    #pkts encaps: 74, #pkts encrypt: 74, #pkts digest: 74\n"
    tunnel = vpn_check("analyze", "-", "--json", stdin=excerpt).device["tunnels"][0]
    assert tunnel["counters"]["encaps"] == 74
    assert tunnel["counters"]["decaps"] is None
    assert tunnel["counters"]["send_errors"] is None
    assert tunnel["status"] == "unknown"


def test_secrets_in_captured_text_are_masked(vpn_check: Callable[..., Answer]) -> None:
    text = (
        "interface: outside\n    Crypto map tag: m, seq num: 1, local addr: 192.0.2.1\n"
        "    crypto isakmp key Tr0ub4dor&3 address 198.51.100.1\n    pre-shared-key local 0 hunter22\n"
        "    #pkts encaps: 1, #pkts encrypt: 1, #pkts digest: 1\n"
    )
    for arguments in ((), ("--json",)):
        answer = vpn_check("analyze", "-", *arguments, stdin=text)
        assert "Tr0ub4dor" not in answer.out + answer.err
        assert "hunter22" not in answer.out + answer.err
