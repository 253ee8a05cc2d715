"""The catalogue as a whole: every entry fires on its examples in all their forms, and on nobody else's."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.conftest import shared
from tests.diagnose.message_variants import VARIANTS
from tests.diagnose.platform_commands import STRANGE

from vpn_check.diagnose.catalogue import FOLDER, catalogue, known
from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import _own_index, match
from vpn_check.diagnose.signature import Signature
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Severity
from vpn_check.model.log import LogLine
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURES = catalogue()
BY_ID = {s.id: s for s in SIGNATURES}
FIRES = [(s, text) for s in SIGNATURES for text in s.examples.fires]
SILENT = [(s, text) for s in SIGNATURES for text in s.examples.silent]


def name(value: object) -> str:
    return value.id if isinstance(value, Signature) else ""


def lines(text: str) -> list[LogLine]:
    return [LogLine(text=line, source=0, line=number) for number, line in enumerate(text.splitlines(), 1)]


def fired(text: str) -> set[str]:
    return {event.signature.id for event in match(read(lines(text)))}


def test_the_folder_is_the_catalogue() -> None:
    assert {s.id for s in SIGNATURES} == {path.stem for path in FOLDER.glob("*.yaml")}
    assert len(SIGNATURES) >= 200
    assert not {s.id for s in SIGNATURES} & {s.id for s in known()}


@pytest.mark.parametrize(("signature", "text"), FIRES, ids=name)
def test_fires_on_its_example_in_every_form_and_nothing_else_does(signature: Signature, text: str) -> None:
    wrong = {
        form: ids
        for form, change in VARIANTS.items()
        if signature.id not in (ids := fired(change(text))) or not ids <= {signature.id, *signature.examples.also}
    }
    assert wrong == {}


@pytest.mark.parametrize("signature", [s for s in SIGNATURES if s.examples.also], ids=name)
def test_what_is_said_to_fire_too_does(signature: Signature) -> None:
    together = set[str]().union(*(fired(text) for text in signature.examples.fires))
    assert set(signature.examples.also) <= together


@pytest.mark.parametrize(("signature", "text"), SILENT, ids=name)
def test_stays_silent_on_its_lookalike(signature: Signature, text: str) -> None:
    assert signature.id not in fired(text)


@pytest.mark.parametrize(("page", "text"), [(s, text) for s in known() for text in s.examples.fires], ids=name)
def test_a_message_without_a_fault_is_no_finding(page: Signature, text: str) -> None:
    for change in VARIANTS.values():
        message = read(lines(change(text)))
        assert any(event.signature.id == page.id for event in match(message, [page]))
        alarming = [e.signature.id for e in match(message) if e.signature.severity is not Severity.INFO]
        assert alarming == []


def test_a_message_without_a_fault_has_one_page() -> None:
    for page in known():
        for text in page.examples.fires:
            assert [s.id for s in known() if match(read(lines(text)), [s])] == [page.id]


@pytest.mark.parametrize("signature", SIGNATURES, ids=name)
def test_an_entry_is_complete(signature: Signature) -> None:
    assert signature.examples.fires
    assert signature.examples.silent
    assert signature.causes
    assert signature.references
    assert 0 < signature.confidence < 1
    for event in match(read(lines(signature.examples.fires[0])), [signature]):
        sentence = signature.sentence(event.groups, event.peer)
        assert "{" not in sentence
        assert sentence.endswith(".")


@pytest.mark.parametrize("signature", SIGNATURES, ids=name)
def test_every_platform_is_told_what_to_type(signature: Signature) -> None:
    for platform in signature.platforms:
        remedies = signature.remedies_for(platform)
        assert any(remedy.commands for remedy in remedies), platform
        written = [command for remedy in remedies for command in (*remedy.commands, *remedy.changes)]
        assert [command for command in written if STRANGE[platform].match(command)] == [], platform


@pytest.mark.parametrize("signature", SIGNATURES, ids=name)
def test_remedies_look_before_they_change(signature: Signature) -> None:
    for platform in signature.platforms:
        first = signature.remedies_for(platform)[0]
        assert not first.disruptive or first.commands


def test_no_remedy_gives_up_integrity() -> None:
    for signature in SIGNATURES:
        for entry in signature.remedies:
            words = " ".join([entry.remedy.text, *entry.remedy.commands, *entry.remedy.changes]).lower()
            assert "no ip cef" not in words
            assert "no ip route-cache" not in words
            assert "revocation-check none" not in words
            assert not re.search(r"remove .{0,20}(authentic|md5|sha)", words)
            weak = re.search(r"\b(?:esp-)?(?:3?des|md5)\b|group ?[125]\b", " ".join(entry.remedy.changes))
            assert not weak or entry.platforms == {PlatformName.PIX}, signature.id  # a PIX knows nothing better


def test_the_unsafe_advice_is_named_as_unsafe() -> None:
    unsafe = ("ios-pkt-replay-err", "ios-hw-vpn-hprxerr", "ios-c1700-esp-sequence-fail", "asa-402119-replay")
    for entry in (*unsafe, "iosxe-replay-error"):
        assert any("UNSAFE" in caveat for caveat in BY_ID[entry].caveats)


def test_placeholders_of_a_manual_are_no_peer() -> None:
    text = "%PIX|ASA-4-402101: decaps: recd IPSEC packet has\n"
    text += "invalid spi for destaddr=dest_address, prot=protocol, spi=number"
    (event,) = match(read(lines(text)))
    assert event.peer is None


def test_numbers_are_translated() -> None:
    text = "IPSEC(validate_proposal): transform proposal (prot 3, trans 2, hmac_alg 2) not supported"
    (event,) = match(read(lines(text)))
    assert event.groups["proposal"] == "ESP, DES with HMAC-SHA"


def test_remedies_follow_the_platform() -> None:
    texts = [c for r in BY_ID["invalid-spi"].remedies_for(PlatformName.ASA) for c in (*r.commands, *r.changes)]
    assert not any(c.startswith("crypto isakmp keepalive") for c in texts)
    assert any("keepalive threshold" in c for c in texts)


def test_what_is_searched_for_is_what_the_files_say() -> None:
    assert dict(_own_index()).keys() == {w for s in SIGNATURES for p in s.patterns for w in p.literals}


def test_causes_are_of_the_published_vocabulary() -> None:
    published = set(yaml.safe_load((shared("contract") / "causes.yaml").read_text()))
    assert {s.cause for s in (*SIGNATURES, *known())} <= published


@pytest.mark.parametrize("signature", [*SIGNATURES, *known()], ids=name)
def test_no_text_made_for_an_expression_holds_it_up(signature: Signature) -> None:
    """A log is written by strangers too: pieces of the message again and again, 20 kB in one line."""
    for text in signature.examples.fires:
        words = text.split()
        pieces = {" ".join(words[at : at + length]) for at in range(0, len(words), 3) for length in (1, 4, len(words))}
        for piece in pieces:
            for hostile in (f"{piece} " * (20_000 // (len(piece) + 1)), text[: len(text) // 2] + piece * 300):
                begun = time.perf_counter()
                for pattern in signature.patterns:
                    pattern.search(hostile)
                assert time.perf_counter() - begun < 3, piece


HEALTHY = [path for path in data_path("mocks").glob("healthy*/*/*.txt") if path.is_file()
           and path.stem != "show_logging"]   # a log remembers what has passed: the whole device is judged elsewhere


@pytest.mark.parametrize("path", HEALTHY, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_nothing_alarms_on_a_healthy_scenario(path: Path) -> None:
    assert alarming(path.read_text()) == set()


def test_nothing_alarms_on_a_sample() -> None:
    samples = [path for path in shared("samples").rglob("*") if path.suffix in {".txt", ".raw", ".log"}]
    assert samples
    assert {path: found for path in samples if (found := alarming(path.read_text(errors="replace")))} == {}


def test_nothing_alarms_on_a_healthy_case() -> None:
    cases = [path.parent for path in shared("cases").glob("*/case.yaml") if yaml.safe_load(path.read_text())["healthy"]]
    texts = [path for case in cases for path in case.rglob("*.txt")]
    assert texts
    assert {path: found for path in texts if (found := alarming(path.read_text(errors="replace")))} == {}


def alarming(text: str) -> set[str]:
    return {e.signature.id for e in match(read(lines(text))) if e.signature.severity is not Severity.INFO}


def test_matching_is_fast() -> None:
    noise = "Jan  4 10:11:12.013: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/{}, changed state to up"
    many = [LogLine(text=noise.format(n % 48), source=0, line=n) for n in range(20_000)]
    begun = time.perf_counter()
    assert match(read(many)) == ()
    assert time.perf_counter() - begun < 5
