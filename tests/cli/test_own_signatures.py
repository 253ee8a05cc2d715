"""`--signatures DIR`: a site's own messages, refused with file and line, or found like those of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from vpn_check.diagnose.catalogue import FOLDER
from vpn_check.diagnose.site_signatures import load_site
from vpn_check.errors import SignatureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

GOOD = """\
id: acme-probe
platforms: [ios, iosxe]
phase: data
cause: overlay.routing
severity: warning
confidence: 0.7
patterns:
  - literal: ip sla
    regex: 'Track (?P<track>[0-9]+) ip sla (?P<sla>[0-9]+) reachability Up -> Down'
summary: "Probe {sla} through the tunnel gets no answer."
remedies:
  - text: Look at the probe.
    commands: [show ip sla statistics]
examples:
  fires: ['%TRACK-6-STATE: Track 5 ip sla 50 reachability Up -> Down']
  silent: ['%TRACK-6-STATE: Track 5 ip sla 50 reachability Down -> Up']
"""
LINE = "*Mar  1 00:13:31.891: %TRACK-6-STATE: Track 5 ip sla 50 reachability Up -> Down\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "acme-probe.yaml").write_text(GOOD)
    return folder


def test_an_own_message_is_found(site: Path, vpn_check: Callable[..., Answer]) -> None:
    assert vpn_check("analyze", "-", stdin=LINE).code == 3
    answer = vpn_check("analyze", "-", "--signatures", site, "--json", stdin=LINE)
    assert answer.code == 1
    (finding,) = answer.device["findings"]
    assert (finding["cause"], finding["summary"]) == ("overlay.routing", "Probe 50 through the tunnel gets no answer.")
    assert finding["evidence"][0]["text"] == LINE.strip()
    assert finding["remedies"][0]["commands"] == ["show ip sla statistics"]


def test_the_catalogue_still_speaks(site: Path, vpn_check: Callable[..., Answer]) -> None:
    log = LINE + "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 198.51.100.1 failed its sanity check or is malformed\n"
    answer = vpn_check("analyze", "-", "--json", "--signatures", site, stdin=log)
    assert {finding["cause"] for finding in answer.device["findings"]} == {"overlay.routing", "ike.psk-mismatch"}


def test_check_takes_them_before_it_connects(site: Path, vpn_check: Callable[..., Answer]) -> None:
    (site / "bad.yaml").write_text("id: bad\n")
    answer = vpn_check("--signatures", site, "192.0.2.1", timeout=20)
    assert answer.code == 3
    assert f"{site}/bad.yaml:1:" in answer.err
    assert "192.0.2.1" not in answer.err


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("severity: warning", "severty: warning", 5, "did you mean `severity`"),
        ("severity: warning", "severity: loud", 5, "Use one of critical, warning, info"),
        ("cause: overlay.routing", "cause: overlay.route", 4, "did you mean `overlay.routing`"),
        ("platforms: [ios, iosxe]", "platforms: [ios, junos]", 2, "`junos` is no platform"),
        ("platforms: [ios, iosxe]", "platforms: ios", 2, "must be a list"),
        ("phase: data", "phase: 3", 3, "use one of 1, 2, data, config"),
        ("confidence: 0.7", "confidence: 70", 6, "between 0 and 1"),
        ("id: acme-probe", "id: probe", 1, "make them the same"),
        ("    regex: 'Track (?P<track>", "    regex: 'Track ((?P<track>", 9, "not closed"),
        ("    regex: 'Track (?P<track>", "    regex: 'Track (?!x)(?P<track>", 9, "not allowed"),
        ("  - literal: ip sla\n", "  - literal: ''\n", 8, "must be a piece of text"),
        ("  - literal: ip sla\n", "  - literal: IP SLA\n", 15, "none of its literals (IP SLA)"),
        ("Probe {sla} through", "Probe {probe} through", 10, "`{probe}` is captured by no expression"),
        ("Probe {sla} through", "Probe {sla through", 10, "brace without its pair"),
        ("commands: [show ip sla statistics]", "commands: [clear ip sla statistics]", 13, "move it under `changes`"),
        ("    commands: [show", "    comands: [show", 13, "did you mean `commands`"),
        ("Up -> Down']", "Up -> Gone']", 15, "does not fire: no expression fits `%TRACK-6-STATE: Track 5"),
        ("Down -> Up']", "Up -> Down']", 16, "should stay silent"),
        ("  fires: ['%TRACK-6-STATE: Track 5 ip sla 50 reachability Up -> Down']\n", "", 14, "add one under `fires`"),
        ("examples:\n", "example:\n", 14, "did you mean `examples`"),
        ('"Probe {sla} through the tunnel gets no answer."', "a: b", 10, "belongs in single quotes"),
    ],
)
def test_a_fault_is_named_with_file_line_and_what_to_do(old: str, new: str, line: int, says: str, site: Path) -> None:
    path = site / "acme-probe.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(SignatureError) as caught:
        load_site(site)
    told = str(caught.value).splitlines()
    assert any(text.startswith(f"{path}:{line}: ") and says in text for text in told), told


def test_all_faults_are_told_at_once(site: Path) -> None:
    (site / "acme-probe.yaml").write_text(GOOD.replace("warning", "loud").replace("[ios, iosxe]", "[junos]"))
    (site / "other.yaml").write_text("- a list\n")
    with pytest.raises(SignatureError) as caught:
        load_site(site)
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    "text", ["", "just words", "[]", "id: x: y", "\ttabs: 1", "id: other\npatterns: 5\n", "? {}\n: x\n"]
)
def test_no_text_breaks_it(text: str, site: Path) -> None:
    (site / "other.yaml").write_text(text)
    with pytest.raises(SignatureError, match=r"other\.yaml:[0-9]+: "):
        load_site(site)


def test_what_is_no_text_at_all(site: Path) -> None:
    (site / "other.yaml").write_bytes(b"\xff\xfe\x00id")
    with pytest.raises(SignatureError, match=r"other\.yaml:1: .*UTF-8"):
        load_site(site)


def test_a_name_of_the_catalogue_is_taken(site: Path) -> None:
    name = min(FOLDER.glob("*.yaml")).stem
    (site / f"{name}.yaml").write_text(GOOD.replace("acme-probe", name))
    with pytest.raises(SignatureError, match="is taken"):
        load_site(site)


@pytest.mark.parametrize(("folder", "says"), [("nowhere", "no such folder"), ("empty", "holds no signature")])
def test_a_folder_without_signatures(folder: str, says: str, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    (tmp_path / "empty").mkdir()
    answer = vpn_check("analyze", "-", "--signatures", tmp_path / folder, stdin=LINE)
    assert answer.code == 3
    assert says in answer.err
    assert len(answer.err.splitlines()) == 1


def test_the_example_of_the_readme_works(tmp_path: Path) -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text()
    found = re.search(r"<!-- signature -->\n```yaml\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    (tmp_path / f"{yaml.safe_load(found[1])['id']}.yaml").write_text(found[1])
    (signature,) = load_site(tmp_path)
    assert signature.patterns[0].expression is not None
