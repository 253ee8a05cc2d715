"""The catalogue as a whole: every entry fires on its examples, and stays silent on its nearest lookalike."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
import yaml

from vpn_check.diagnose.catalogue import FOLDER, SignatureError, catalogue, load
from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import _own_index, match
from vpn_check.diagnose.signature import Signature
from vpn_check.model.device import PlatformName
from vpn_check.model.log import LogLine

if TYPE_CHECKING:
    from pathlib import Path


SIGNATURES = catalogue()
FIRES = [(s, text) for s in SIGNATURES for text in s.examples.fires]
SILENT = [(s, text) for s in SIGNATURES for text in s.examples.silent]


def lines(text: str) -> list[LogLine]:
    return [LogLine(text=line, source=0, line=number) for number, line in enumerate(text.splitlines(), 1)]


def fired(text: str) -> set[str]:
    return {event.signature.id for event in match(read(lines(text)))}


def test_the_folder_is_the_catalogue() -> None:
    assert {s.id for s in SIGNATURES} == {path.stem for path in FOLDER.glob("*.yaml")}
    assert len(SIGNATURES) >= 80


@pytest.mark.parametrize(("signature", "text"), FIRES, ids=lambda v: v.id if isinstance(v, Signature) else "")
def test_fires_on_its_examples_and_nothing_else_does(signature: Signature, text: str) -> None:
    ids = fired(text)
    assert signature.id in ids
    assert ids <= {signature.id, *signature.examples.also}


@pytest.mark.parametrize(("signature", "text"), FIRES, ids=lambda v: v.id if isinstance(v, Signature) else "")
def test_fires_on_its_examples_double_spaced(signature: Signature, text: str) -> None:
    assert signature.id in fired(text.replace("\n", "\n\n"))


@pytest.mark.parametrize(("signature", "text"), SILENT, ids=lambda v: v.id if isinstance(v, Signature) else "")
def test_stays_silent_on_its_lookalike(signature: Signature, text: str) -> None:
    assert signature.id not in fired(text)


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: s.id)
def test_an_entry_is_complete(signature: Signature) -> None:
    assert signature.examples.fires
    assert signature.examples.silent
    assert signature.causes
    assert signature.references
    assert signature.remedies_for(signature.platforms[0])
    assert 0 < signature.confidence < 1
    assert signature.phase in {"1", "2", "data", "config"}
    for event in match(read(lines(signature.examples.fires[0])), [signature]):
        sentence = signature.sentence(event.groups, event.peer)
        assert "{" not in sentence
        assert sentence.endswith(".")


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: s.id)
def test_remedies_look_before_they_change(signature: Signature) -> None:
    first = signature.remedies[0].remedy
    assert not first.disruptive or first.commands


def test_no_remedy_gives_up_integrity() -> None:
    for signature in SIGNATURES:
        for entry in signature.remedies:
            words = " ".join([entry.remedy.text, *entry.remedy.commands, *entry.remedy.changes]).lower()
            assert "no ip cef" not in words
            assert "no ip route-cache" not in words
            assert not re.search(r"remove .{0,20}(authentic|md5|sha)", words)


def test_the_unsafe_advice_is_named_as_unsafe() -> None:
    by_id = {s.id: s for s in SIGNATURES}
    for name in ("ios-pkt-replay-err", "ios-hw-vpn-hprxerr", "ios-c1700-esp-sequence-fail"):
        assert any("UNSAFE" in caveat for caveat in by_id[name].caveats)


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
    by_id = {s.id: s for s in SIGNATURES}
    texts = [c for r in by_id["invalid-spi"].remedies_for(PlatformName.ASA) for c in (*r.commands, *r.changes)]
    assert not any(c.startswith("crypto isakmp keepalive") for c in texts)
    assert any("keepalive threshold" in c for c in texts)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": "other"}, "id is"),
        ({"severity": "loud"}, "severity"),
        ({"strange": 1}, "unknown keys"),
        ({"patterns": [{"literal": "", "regex": "x"}]}, "literal"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, change: dict[str, object], says: str) -> None:
    document = yaml.safe_load((FOLDER / "invalid-spi.yaml").read_text())
    (tmp_path / "invalid-spi.yaml").write_text(yaml.safe_dump(document | change))
    with pytest.raises(SignatureError, match=r"invalid-spi\.yaml") as caught:
        load(tmp_path)
    assert says in str(caught.value) or "Severity" in str(caught.value)


def test_what_is_searched_for_is_what_the_files_say() -> None:
    assert dict(_own_index()).keys() == {w for s in SIGNATURES for p in s.patterns for w in p.literals}


def test_matching_is_fast() -> None:
    noise = "Jan  4 10:11:12.013: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/{}, changed state to up"
    many = [LogLine(text=noise.format(n % 48), source=0, line=n) for n in range(20_000)]
    begun = time.perf_counter()
    assert match(read(many)) == ()
    assert time.perf_counter() - begun < 5
