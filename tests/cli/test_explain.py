"""`vpn-check explain` and `vpn-check catalogue`: what the catalogue knows, for a reader and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from tests.conftest import shared
from tests.diagnose.platform_commands import STRANGE

from vpn_check.diagnose.catalogue import catalogue, known
from vpn_check.diagnose.causes import causes
from vpn_check.diagnose.lookup import look_up
from vpn_check.diagnose.recognition import rules
from vpn_check.jobs.knowledge import explain
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

SOURCE = Path(__file__).parent.parent / "source"


def test_the_causes_are_the_published_ones() -> None:
    published = yaml.safe_load((shared("contract") / "causes.yaml").read_text())
    assert {code: cause.phase for code, cause in causes().items()} == {c: e["phase"] for c, e in published.items()}


@pytest.mark.parametrize("code", causes())
def test_every_cause_has_its_page(code: str) -> None:
    (page,) = explain(code)
    cause = causes()[code]
    parts = {section.heading: section for section in page.sections if section}
    assert page.title.startswith(code)
    assert {"What to do", "References"} <= set(parts)
    assert any(advice.remedy.commands for advice in parts["What to do"].advice)
    named = {point.partition(":")[0] for point in parts["Messages"].points} if "Messages" in parts else set()
    assert named == {s.id for s in catalogue() if s.cause == code}
    told = len(parts["Recognised by"].points) if "Recognised by" in parts else 0
    assert told == sum(code in rule.causes for rule in rules())
    for advice in cause.remedies:
        assert not advice.remedy.disruptive or advice.remedy.commands or advice.remedy.changes or advice.remedy.text


def test_every_cause_of_a_rule_is_one() -> None:
    assert {code for rule in rules() for code in rule.causes} <= set(causes())
    assert {rule.name for rule in rules()} >= {"ike_stuck", "no_return", "receive_errors"}


@pytest.mark.parametrize("signature", [*catalogue(), *known()], ids=lambda s: s.id)
def test_every_message_has_its_page(signature: Any) -> None:
    (page,) = explain(signature.id)
    said = " ".join([page.lead, *(section.text for section in page.sections)])
    assert signature.meaning in said
    assert "{" not in page.lead


def test_the_page_of_a_cause(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("explain", "traffic.mtu")
    assert answer.code == 0
    for word in ("ip tcp adjust-mss 1360", "sysopt connection tcpmss 1350", "adapter", "PPPoE", "ping -f -l", "S35"):
        assert word in answer.out


def test_the_page_names_rules_and_messages(vpn_check: Callable[..., Answer]) -> None:
    out = vpn_check("explain", "ike.psk-mismatch").out
    for word in ("rule ike_stuck", "ios-ikmp-bad-message", "tunnel-group <peer> ipsec-attributes", "S11"):
        assert word in out


def test_advice_for_one_platform(vpn_check: Callable[..., Answer]) -> None:
    out = vpn_check("explain", "ike.psk-mismatch", "--platform", "asa").out
    assert "tunnel-group" in out
    assert "crypto isakmp key" not in out


@pytest.mark.parametrize("code", causes())
@pytest.mark.parametrize("platform", PlatformName)
def test_advice_is_written_for_its_platform(code: str, platform: PlatformName) -> None:
    (page,) = explain(code, platform=platform)
    written = [
        command
        for section in page.sections
        for advice in section.advice
        for command in (*advice.remedy.commands, *advice.remedy.changes)
    ]
    assert [command for command in written if STRANGE[platform].match(command)] == []


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("713061", {"asa-713061-no-crypto-map"}),
        ("%ASA-3-713061", {"asa-713061-no-crypto-map"}),
        ("IKMP_BAD_MESSAGE", {"ios-ikmp-bad-message"}),
        ("%CRYPTO-4-IKMP_BAD_MESSAGE", {"ios-ikmp-bad-message"}),
        ("ios-pkt-replay-err", {"ios-pkt-replay-err"}),
        ("asa-phase-completed", {"asa-phase-completed"}),
        ("*Mar  1 00:13:31.891: ISAKMP:(0):No pre-shared key with 198.51.100.1!", {"ios-no-preshared-key"}),
        ("QM FSM error (P2 struct &0xcc19ed48, mess id 0xfc16eec2)!", {"asa-qm-fsm-error"}),
        ("proxy identities not supported", {"ios-proxy-ids-not-supported"}),
        ("S15", {s.id for s in catalogue() if "S15" in s.references}),
    ],
)
def test_a_message_is_found_by_what_people_have(words: str, ids: set[str]) -> None:
    assert {item.id for item in look_up(words) if not hasattr(item, "code")} == ids


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("ike.psk-missmatch", "ike.psk-mismatch"),
        ("psk", "ike.psk-mismatch"),
        ("asa-qmfsm-error", "asa-qm-fsm-error"),
        ("IKMP_BAD_MESAGE", "IKMP_BAD_MESSAGE"),
        ("replay", "traffic.replay"),
    ],
)
def test_an_unknown_word_is_an_error_with_what_is_near(word: str, near: str, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("explain", word)
    assert (answer.code, answer.out) == (3, "")
    assert len(answer.err.splitlines()) == 1
    assert near in answer.err


def test_a_word_that_is_near_nothing(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("explain", "qqqqqqq")
    assert answer.code == 3
    assert "vpn-check catalogue" in answer.err


def test_the_document_keeps_to_its_schema(vpn_check: Callable[..., Answer]) -> None:
    schema = json.loads(vpn_check("schema", "catalogue").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    body = vpn_check("catalogue", "--json").document
    jsonschema.validate(body, schema)
    assert [cause["code"] for cause in body["causes"]] == list(causes())
    assert {m["id"] for m in body["messages"]} == {s.id for s in (*catalogue(), *known())}
    named = {name for cause in body["causes"] for name in cause["messages"]}
    assert named == {m["id"] for m in body["messages"] if m["severity"] is not None}


def test_the_table_can_be_narrowed(vpn_check: Callable[..., Answer]) -> None:
    body = vpn_check("catalogue", "--json", "--platform", "pix", "--cause", "ipsec").document
    assert all(cause["code"].startswith("ipsec.") for cause in body["causes"])
    assert all("pix" in message["platforms"] for message in body["messages"])
    assert body["messages"]
    one = vpn_check("catalogue", "--cause", "traffic.replay").out
    assert "ios-pkt-replay-err" in one
    assert "ike." not in one


def test_the_table_as_text(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("catalogue")
    assert answer.code == 0
    assert all(s.id in answer.out for s in (*catalogue(), *known()))
    assert all(code in answer.out for code in causes())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("--cause", "ike.pks-mismatch"), "ike.psk-mismatch"), (("--json", "--markdown"), "one answer")],
)
def test_a_wrong_table_is_said(arguments: tuple[str, ...], says: str, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("catalogue", *arguments)
    assert (answer.code, answer.out) == (3, "")
    assert says in answer.err
