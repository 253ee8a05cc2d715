"""`vpn-check collect --from`: a case out of captured texts says what the texts say, without their secrets."""

from __future__ import annotations

import hashlib
import json
import random
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.conftest import shared
from tests.redact.test_seeds import forms, seed

from vpn_check.jobs.analyze import analyze_ends
from vpn_check.jobs.case.given import from_files
from vpn_check.jobs.case.order import Order
from vpn_check.jobs.case.store import store
from vpn_check.redact.redactor import Redactor, Wishes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

    from vpn_check.model.finding import Diagnosis

KEY = "Kx7-plain-Secret99"
CONFIG = f"""r1#show running-config
hostname r1
ip domain name corp.example.org
username alice privilege 15 secret 9 $9$abcDEF{KEY}
crypto isakmp policy 10
 encr 3des
 authentication pre-share
crypto isakmp key {KEY} address 198.51.100.7
crypto map M 10 ipsec-isakmp
 set peer 198.51.100.7
 match address 101
access-list 101 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
r1#show logging
*Mar  3 10:00:00.123: %PARSER-5-CFGLOG_LOGGEDCMD: User:alice  logged command:crypto isakmp key {KEY} address 0.0.0.0
*Mar  3 10:00:04.000: a debug nobody knows: {KEY}
r1#show crypto ipsec sa
interface: GigabitEthernet0/0
    Crypto map tag: M, local addr 192.0.2.1

   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.0.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.0.0/0/0)
   current_peer 198.51.100.7 port 500
    #pkts encaps: 40, #pkts encrypt: 40, #pkts digest: 40
    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0
"""


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "r1-198.51.100.7-alice.log"
    path.write_text(CONFIG)
    return path


def contents(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def everything(bundle: Path, answer: Answer) -> str:
    """All that anybody can see: the files, their names, the manifest, what was printed."""
    files = contents(bundle)
    return "\n".join((*files, *files.values(), answer.out, answer.err))


def test_what_a_bundle_holds(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    answer = vpn_check("collect", "--from", capture, "-o", bundle)
    assert answer.code == 0, answer.err
    files = contents(bundle)
    assert {"MANIFEST.json", "verdict.json", "report.html", "report.md", "timeline.txt", "timeline.json"} <= set(files)
    manifest = json.loads(files["MANIFEST.json"])
    assert (manifest["schema"], manifest["kind"], manifest["partial"]) == ("vpn-check/1", "bundle", None)
    assert {entry["path"] for entry in manifest["files"]} == set(files) - {"MANIFEST.json"}
    for entry in manifest["files"]:
        assert entry["sha256"] == hashlib.sha256(files[entry["path"]].encode()).hexdigest()
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert digest in answer.out
    text = next(text for name, text in files.items() if name.startswith("devices/"))
    assert text.count("\n") == CONFIG.count("\n")
    verdict = json.loads(files["verdict.json"])["devices"][0]["verdict"]
    assert verdict["cause"] == vpn_check("analyze", bundle, "--json").device["verdict"]["cause"]
    assert verdict["summary"] in files["report.md"].replace("\\", "")
    assert json.loads(files["timeline.json"])["events"][0]["at"].endswith("03-03T10:00:00.123000")


def test_no_secret_is_in_it_wherever_it_stood(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    answer = vpn_check("collect", "--from", capture, "-o", bundle)
    assert KEY not in everything(bundle, answer)
    assert "198.51.100.7" in everything(bundle, answer)
    assert "alice" in everything(bundle, answer)


def test_users_go_on_request(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    answer = vpn_check("collect", "--from", capture, "-o", bundle, "--redact-users")
    seen = "\n".join(contents(bundle).values())
    assert "alice" not in seen
    assert "user-1" in seen
    assert "198.51.100.7" in seen
    assert answer.code == 0


def test_addresses_and_names_go_on_request(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    answer = vpn_check("collect", "--from", capture, "-o", bundle, "--redact-addresses")
    files = contents(bundle)
    seen = "\n".join((*files, *files.values()))
    for word in ("198.51.100", "192.0.2.1", "10.1.0.0", "10.2.0.0", "alice", "corp.example.org", KEY):
        assert word not in seen
    assert "255.255.0.0" in seen
    private = tmp_path / "case.stand-ins.json"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    told = json.loads(private.read_text())
    moved = told["addresses"]["198.51.100.7"]
    assert moved in files["report.md"]
    assert KEY not in private.read_text()
    assert str(private) in answer.out
    device = vpn_check("analyze", bundle, "--json").device
    assert device["verdict"]["peer"] == moved
    assert device["tunnels"][0]["local_ident"] == told["addresses"]["10.1.0.0/16"].replace("/16", "/255.255.0.0/0/0")


def test_no_redact_is_loud_and_leaves_the_key(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    answer = vpn_check("collect", "--from", capture, "-o", bundle, "--no-redact")
    assert "every key and password" in answer.err
    files = contents(bundle)
    assert KEY in next(text for name, text in files.items() if name.startswith("devices/"))
    for report in ("report.html", "report.md"):
        assert "NOTHING IS REDACTED" in files[report]
    assert "NOTHING IS REDACTED" in answer.out
    assert vpn_check("collect", "--from", capture, "-o", tmp_path / "b.zip", "--no-redact", "--redact-users").code == 3


def test_nothing_is_ever_written_over(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    bundle.write_text("precious")
    answer = vpn_check("collect", "--from", capture, "-o", bundle)
    assert (answer.code, "is not overwritten" in answer.err) == (3, True)
    assert bundle.read_text() == "precious"
    (tmp_path / "new.stand-ins.json").write_text("mine")
    assert vpn_check("collect", "--from", capture, "-o", tmp_path / "new.zip", "--redact-addresses").code == 3
    assert (tmp_path / "new.stand-ins.json").read_text() == "mine"
    assert not (tmp_path / "new.zip").exists()
    assert vpn_check("collect", "--from", capture, "-o", tmp_path / "no" / "such.zip").code == 3
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".tmp") == []


def test_what_cannot_be_redacted_is_withheld_and_said_so(
    capture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.log"
    broken.write_text(f"trap of a test {KEY}\n")
    redact = Redactor.redact

    def failing(self: Redactor, text: str) -> str:
        if "trap of a test" in text:
            raise RecursionError
        return redact(self, text)

    monkeypatch.setattr(Redactor, "redact", failing)
    order = Order(out=tmp_path / "case.zip")
    built = from_files([str(capture), str(broken)], order)
    assert [part.name for part in built.case.withheld] == ["broken"]
    assert all(KEY.encode() not in data for data in built.files.values())
    assert any(b"broken" in data for name, data in built.files.items() if name == "report.html")


def test_a_text_that_still_shows_a_secret_is_withheld(
    capture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Redactor, "redact", lambda _self, text: text)
    built = from_files([str(capture)], Order(out=tmp_path / "case.zip"))
    assert [part.why for part in built.case.withheld] == ["a secret is still seen in it after redaction"]
    assert all(KEY.encode() not in data for data in built.files.values())


def test_what_is_no_text_is_named_and_left_out(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    folder = tmp_path / "r1"
    folder.mkdir()
    (folder / "show_crypto_ipsec_sa.txt").write_text(CONFIG)
    (folder / "trace.pcap").write_bytes(b"\xd4\xc3\xb2\xa1" * 40)
    answer = vpn_check("collect", "--from", folder, "-o", tmp_path / "case.zip")
    assert answer.code == 1
    assert "trace.pcap" in answer.out
    assert "trace.pcap" in contents(tmp_path / "case.zip")["report.md"]


def test_a_bundle_of_a_bundle_says_the_same(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    assert vpn_check("collect", "--from", capture, "-o", tmp_path / "a.zip").code == 0
    assert vpn_check("collect", "--from", tmp_path / "a.zip", "-o", tmp_path / "b.zip", "--redact-addresses").code == 0
    one, two = (vpn_check("analyze", tmp_path / name, "--json").device["verdict"] for name in ("a.zip", "b.zip"))
    assert one["cause"] == two["cause"]
    assert one["peer"] != two["peer"]


def test_words_behind_from_are_paths_too(capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    other = tmp_path / "r2"
    other.mkdir()
    (other / "a.log").write_text(CONFIG.replace("r1", "r2"))
    answer = vpn_check("collect", "--from", capture, other, "-o", tmp_path / "case.zip", "--json")
    body = answer.document
    assert (body["kind"], len(body["devices"])) == ("collect", 2)


def test_the_json_document_is_as_its_schema_says(
    capture: Path, tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    import jsonschema  # noqa: PLC0415  slow, and for this test alone

    answer = vpn_check("collect", "--from", capture, "-o", tmp_path / "case.zip", "--json", "--redact-addresses")
    jsonschema.validate(answer.document, json.loads(vpn_check("schema", "collect").out))
    manifest = json.loads(contents(tmp_path / "case.zip")["MANIFEST.json"])
    jsonschema.validate(manifest, json.loads(vpn_check("schema", "bundle").out))


def labelled() -> list[str]:
    try:
        return sorted(path.parent.name for path in shared("cases").glob("*/case.yaml"))
    except pytest.skip.Exception:
        return ["absent"]


def said(diagnoses: list[Diagnosis]) -> list[Any]:
    return [
        (found.status, found.verdict.cause if found.verdict else None, [finding.cause for finding in found.findings])
        for found in diagnoses
    ]


@pytest.mark.parametrize("case", labelled())
def test_the_redacted_bundle_of_a_real_case_gives_the_same_cause(case: str, tmp_path: Path) -> None:
    folder = shared("cases") / case
    label = yaml.safe_load((folder / "case.yaml").read_text())
    sides = {
        side: [str(folder / given["file"]) for given in label["inputs"] if given.get("side", "local") == side]
        for side in ("local", "remote")
    }
    plain = [said(found) for found in analyze_ends(sides["local"], sides["remote"])]
    for number, wishes in enumerate((Wishes(), Wishes(users=True), Wishes(addresses=True))):
        order = Order(out=tmp_path / f"{number}.zip", wishes=wishes)
        built = from_files(sides["local"], order, remote=sides["remote"])
        store(built, order)
        assert (built.case.withheld, built.case.notes) == ((), ())
        assert [said(found) for found in analyze_ends([str(order.out)], [])] == plain


@pytest.mark.parametrize("number", range(3))
def test_no_seed_planted_in_real_texts_is_in_any_file_or_line_of_the_answer(
    number: int, tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    chance = random.Random(number)
    planted: list[str] = []
    folder = tmp_path / "captured"
    paths = sorted(path for part in ("samples", "cases") for path in shared(part).rglob("*.txt"))
    for place, path in enumerate(chance.sample(paths, 25)):
        lines = path.read_bytes().decode(errors="replace").split("\n")
        for name, form in chance.sample(forms(), 15):
            here = seed(name, form, chance)
            planted += here.secrets
            lines.insert(chance.randrange(len(lines) + 1), here.text)
        where = folder / f"d{place % 3}"
        where.mkdir(parents=True, exist_ok=True)
        (where / f"{place}-{path.name}").write_text("\n".join(lines))
    bundle = tmp_path / "case.zip"
    extra = (("--redact-addresses",), ("--redact-users",), ("--json",))[number]
    answer = vpn_check("collect", "--from", folder, "-o", bundle, *extra)
    assert answer.code in {0, 1}, answer.err
    seen = everything(bundle, answer)
    assert [secret for secret in planted if secret in seen] == []
    again = vpn_check("analyze", bundle)
    assert [secret for secret in planted if secret in again.out + again.err] == []


CHECKS = Path(__file__).parent.parent / "diagnose" / "checks"


@pytest.mark.parametrize("wishes", [Wishes(), Wishes(addresses=True)])
@pytest.mark.parametrize("pair", ["ios-fits", "ios-other-key", "asa-fits-ios"])
def test_keys_that_were_masked_are_still_seen_to_agree_or_to_differ(pair: str, wishes: Wishes, tmp_path: Path) -> None:
    here, there = (str(CHECKS / "c04" / f"{pair}{end}.cfg") for end in ("", ".remote"))
    order = Order(out=tmp_path / "case.zip", wishes=wishes)
    store(from_files([here], order, remote=[there]), order)
    plain, masked = (said(analyze_ends(*paths)[0]) for paths in (([here], [there]), ([str(order.out)], [])))
    assert masked == plain
    assert ("ike.psk-mismatch" in str(masked)) == (pair == "ios-other-key")


def test_masks_of_two_bundles_are_not_compared(tmp_path: Path) -> None:
    bundles: list[str] = []
    for end in ("", ".remote"):
        order = Order(out=tmp_path / f"end{end}.zip")
        store(from_files([str(CHECKS / "c04" / f"ios-other-key{end}.cfg")], order), order)
        bundles.append(str(order.out))
    assert "ike.psk-mismatch" not in str(said(analyze_ends(bundles[:1], bundles[1:])[0]))
