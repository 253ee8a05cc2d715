"""`vpn-check audit`, and a configuration beside show outputs: through the door, over text and over SSH."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from tests.conftest import shared

from vpn_check.jobs.lab import running_lab
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from tests.conftest import Answer

    from vpn_check.lab.server import Lab

Run = Callable[..., "Answer"]
WHOLE = Path(__file__).parent.parent / "config" / "whole"
CHECKS = Path(__file__).parent.parent / "diagnose" / "checks"
HEALTHY = sorted(path.parent for path in data_path("mocks").glob("healthy-*/*/show_running-config.txt"))
FAST = ("--timeout", "5")


def warned(device: dict[str, Any]) -> list[str]:
    return [finding["summary"] for finding in device["findings"] if finding["severity"] != "info"]


@pytest.mark.parametrize("folder", HEALTHY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_healthy_configurations_of_the_lab_warn_of_nothing(folder: Path, vpn_check: Run) -> None:
    answer = vpn_check("audit", folder / "show_running-config.txt", "--json")
    assert warned(answer.device) == []
    assert answer.code == 0
    remote = [other for other in HEALTHY if other.parent == folder.parent and other != folder]
    for other in remote:
        compared = vpn_check("audit", folder / "show_running-config.txt", "--remote", other, "--json")
        assert warned(compared.device) == []


def test_the_healthy_cases_and_samples_warn_of_nothing(vpn_check: Run) -> None:
    folders = [
        path.parent
        for path in shared("cases").glob("*/case.yaml")
        if yaml.safe_load(path.read_text())["healthy"]
        and any(inner.name.startswith("running_config") for inner in path.parent.iterdir())
    ]
    samples = list(shared("samples").glob("*/show_running-config*/*.txt"))
    assert folders
    assert samples
    for path in (*folders, *samples):
        remote = ("--remote", path / "remote") if (path / "remote").is_dir() else ()
        assert warned(vpn_check("audit", path, *remote, "--json").device) == [], path
        assert vpn_check("analyze", path, *remote, "--json").device["status"] != "warning" or path in samples


def test_the_document_keeps_to_its_schema(vpn_check: Run) -> None:
    schema = json.loads(vpn_check("schema", "audit").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    answers = [
        vpn_check("audit", *sorted(WHOLE.glob("*.cfg"))[:1], "--json"),
        vpn_check(
            "audit",
            CHECKS / "c06" / "ios-host-for-network.cfg",
            "--remote",
            CHECKS / "c06" / "ios-mirrored.remote.cfg",
            "--json",
        ),
        vpn_check("audit", data_path("mocks", "healthy-ios", "r1", "show_crypto_isakmp_sa.txt"), "--json"),
    ]
    for answer in answers:
        jsonschema.validate(answer.document, schema)
    assert answers[1].document["remote"][0]["name"] == "ios-mirrored.remote"
    assert answers[1].code == 1
    assert answers[2].code == 3
    assert "show running-config" in answers[2].err


@pytest.mark.parametrize("path", sorted(WHOLE.glob("*.cfg")), ids=lambda path: path.stem)
def test_no_secret_of_a_configuration_comes_out(path: Path, vpn_check: Run, tmp_path: Path) -> None:
    secrets = yaml.safe_load((WHOLE / "secrets.yaml").read_text())[path.stem]
    broken = path.read_text().replace("set transform-set", "set transform-sat").replace("set peer", "set pear")
    (tmp_path / "broken.cfg").write_text(f"r1#show running-config\n{broken}")
    for text in (path, tmp_path / "broken.cfg"):
        for arguments in (("audit", text), ("audit", text, "--json"), ("analyze", text), ("analyze", text, "--json")):
            answer = vpn_check(*arguments)
            assert [secret for secret in secrets if secret in answer.out + answer.err] == [], arguments


def test_a_configuration_explains_what_the_tunnel_shows(vpn_check: Run) -> None:
    folder = data_path("mocks", "not-encrypted-asa", "asa1")
    device = vpn_check("analyze", folder, "--json").device
    verdict = device["verdict"]
    assert (verdict["cause"], verdict["severity"], verdict["check"]) == ("config.nat-exemption", "critical", "C09")
    assert verdict["peer"] == "203.0.113.140"
    sources = {Path(line["file"]).name for line in verdict["evidence"]}
    assert sources == {"show_running-config.txt", "show_crypto_ipsec_sa.txt"}
    assert [tunnel["cause"] for tunnel in device["tunnels"]] == ["config.nat-exemption"]
    assert {finding["cause"] for finding in device["findings"]} & {"traffic.not-encrypted"} == set()


def test_a_tunnel_that_works_is_not_called_broken_by_its_configuration(vpn_check: Run, tmp_path: Path) -> None:
    """The configuration says that the exemption is missing; the counters say that the packets enter all the same."""
    healthy = data_path("mocks", "healthy-asa-ikev2", "asa1")
    for path in healthy.glob("*.txt"):
        text = path.read_text()
        if path.stem == "show_running-config":
            text = "\n".join(
                line for line in text.split("\n") if not line.startswith("nat (inside,outside) source static")
            )
        (tmp_path / path.name).write_text(text)
    answer = vpn_check("analyze", tmp_path, "--json")
    assert answer.code == 0
    found = [finding for finding in answer.device["findings"] if finding["check"] == "C09"]
    assert [finding["severity"] for finding in found] == ["info"]
    assert "carries traffic both ways all the same" in found[0]["summary"]
    assert vpn_check("audit", tmp_path).code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("audit", "no-such-file.cfg"), "no-such-file.cfg"),
        (("audit",), "No device is named"),
        (("audit", WHOLE / "pix6.cfg", "192.0.2.1"), "files alone, or devices alone"),
        (("audit", WHOLE / "pix6.cfg", "--remote", "absent"), "absent"),
    ],
)
def test_bad_words_are_one_clear_line(arguments: tuple[str | Path, ...], says: str, vpn_check: Run) -> None:
    answer = vpn_check(*arguments)
    assert answer.code == 3
    assert answer.out == ""
    assert says in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    """The devices that have configurations, and one that has none."""
    names = ["healthy-ios", "not-encrypted-asa", "healthy-iosxe-vti", "no-answer-ios"]
    with ExitStack() as stack:
        lab = stack.enter_context(running_lab(names))
        yield lab, lab.write_inventory(tmp_path_factory.mktemp("lab"))


def test_devices_are_audited_over_ssh_and_compared(bench: tuple[Lab, Path], vpn_check: Run) -> None:
    lab, inventory = bench
    name = next(name for name in lab.names if name.endswith("asa1"))
    answer = vpn_check("audit", "--inventory", inventory, name, "--json", *FAST)
    assert answer.code == 1, answer.err
    assert [finding["check"] for finding in answer.device["findings"] if finding["severity"] != "info"] == ["C09"]
    line = answer.device["findings"][0]["evidence"][0]
    assert line["source"] == "show running-config"
    sent = [text for text in lab.commands(name) if text.strip()]
    assert "show running-config" in sent
    assert "show access-list VPN_R2" in sent
    assert "show route 203.0.113.140" in sent
    assert all(text.startswith(("show ", "terminal ", "enable", "exit", "lab-enable")) for text in sent)
    assert not any("system:running-config" in text for text in sent)


def test_a_device_that_shows_no_configuration_is_unknown(bench: tuple[Lab, Path], vpn_check: Run) -> None:
    lab, inventory = bench
    name = next(name for name in lab.names if "no-answer" in name or name == "r1")
    names = [name for name in lab.names if name.startswith("no-answer")] or [name]
    answer = vpn_check("audit", "--inventory", inventory, names[0], "--json", *FAST)
    assert answer.code == 3
    assert answer.device["errors"]


def test_check_reads_the_configuration_where_something_is_wrong(bench: tuple[Lab, Path], vpn_check: Run) -> None:
    lab, inventory = bench
    wrong = next(name for name in lab.names if name.endswith("asa1"))
    answer = vpn_check("--inventory", inventory, wrong, "--json", "--settle", "0", *FAST)
    assert answer.device["verdict"]["cause"] == "config.nat-exemption"
    plain = vpn_check("--inventory", inventory, wrong, "--json", "--settle", "0", "--no-config", *FAST)
    assert plain.device["verdict"]["cause"] == "traffic.not-encrypted"
    well = next(name for name in lab.names if name.startswith("healthy-ios-r") or name == "healthy-ios-r1")
    before = len(lab.commands(well))
    assert vpn_check("--inventory", inventory, well, "--json", *FAST).code == 0
    assert "show running-config" not in lab.commands(well)[before:]


def test_a_proposal_is_only_lines_to_review(vpn_check: Run) -> None:
    """Comments and the changes: what interrupts traffic is marked, both ends have their own part."""
    c06 = CHECKS / "c06"
    answer = vpn_check("audit", c06 / "pix-other-network.cfg", "--remote", c06 / "asa-objects.remote.cfg", "--suggest")
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert [line for line in lines if not line.startswith("!")] == [
        "access-list 101 permit ip 172.21.115.0 255.255.255.0 172.21.114.0 255.255.255.0",
        "access-list 150 permit ip 172.21.114.0 0.0.0.255 172.21.116.0 0.0.0.255",
    ]
    assert sum("INTERRUPTS TRAFFIC" in line for line in lines) == 2
    ends = [line for line in lines if line.startswith("! ----")]
    assert len(ends) == 2
    assert lines.index(ends[1]) < lines.index("access-list 150 permit ip 172.21.114.0 0.0.0.255 172.21.116.0 0.0.0.255")


def test_peer_leaves_out_what_concerns_others(vpn_check: Run) -> None:
    folder = data_path("mocks", "not-encrypted-asa", "asa1")
    assert vpn_check("audit", folder, "--peer", "203.0.113.140").code == 1
    assert vpn_check("audit", folder, "--peer", "192.0.2.99").code == 0


def test_an_entry_with_two_peers_is_joined_with_the_tunnel_of_one(vpn_check: Run, tmp_path: Path) -> None:
    folder = data_path("mocks", "not-encrypted-asa", "asa1")
    for path in folder.glob("*.txt"):
        text = path.read_text().replace("set peer 203.0.113.140", "set peer 203.0.113.140 203.0.113.141")
        (tmp_path / path.name).write_text(text)
    device = vpn_check("analyze", tmp_path, "--json").device
    found = [finding for finding in device["findings"] if finding["check"] == "C09"]
    assert [(finding["severity"], finding["peer"]) for finding in found] == [("critical", "203.0.113.140")]
    assert "traffic.not-encrypted" not in {finding["cause"] for finding in device["findings"]}
