"""Every configuration beside what its check must say of it; found by walking.

`<check>/<platform>-<what>.cfg` with `<platform>-<what>.yaml`: `findings`, a list (empty: silent), of what the check of
that folder must find, and nothing else; `remote` names a configuration of the other end (`*.remote.cfg`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.diagnose.checks.applied import applied

from vpn_check.diagnose.audit import Audit, Site
from vpn_check.diagnose.checks import CHECKS
from vpn_check.jobs.analyze import read
from vpn_check.model.config import Generation
from vpn_check.model.finding import READ_ONLY, Finding

FOLDER = Path(__file__).parent
FIXTURES = sorted(path for path in FOLDER.glob("c*/*.cfg") if not path.name.endswith(".remote.cfg"))
PLATFORMS = {"ios", "iosxe", "asa", "pix"}


def expected(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(path.with_suffix(".yaml").read_text())
    return body


def site(*paths: Path) -> Site:
    snapshot = read([str(path) for path in paths])[0].snapshot
    assert snapshot is not None
    assert snapshot.config is not None, f"{paths}: no configuration was recognised"
    return Site(snapshot, snapshot.config)


def findings_of(path: Path) -> list[Finding]:
    want = expected(path)
    here = site(path, *(path.parent / name for name in want.get("with", ())))
    remotes = tuple(site(path.parent / name) for name in [want["remote"]] if name) if "remote" in want else ()
    return list(CHECKS[path.parent.name.upper()](Audit(here=here, remotes=remotes)))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_check_says_what_lies_beside_the_configuration(path: Path) -> None:
    want, found = expected(path), findings_of(path)
    assert len(found) == len(want["findings"]), [finding.summary for finding in found]
    for finding, wanted in zip(found, want["findings"], strict=True):
        assert finding.check == path.parent.name.upper()
        assert finding.cause == wanted["cause"]
        assert finding.severity == wanted["severity"]
        assert finding.peer == (str(wanted["peer"]) if wanted.get("peer") else None)
        assert [word for word in wanted.get("says", ()) if word not in finding.summary] == [], finding.summary
        changes = [line for remedy in finding.remedies for line in remedy.changes]
        if "changes" in wanted:
            assert changes == wanted["changes"]
        if "lines" in wanted:
            own = [line.line for line in finding.evidence if (line.origin or "").endswith(path.name)]
            assert own == wanted["lines"]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_quoted_line_stands_in_the_configuration(path: Path) -> None:
    for finding in findings_of(path):
        assert finding.evidence
        for line in finding.evidence:
            assert line.origin is not None
            stands = Path(line.origin).read_text().splitlines()[line.line - 1].strip()
            assert line.text == stands or "<removed>" in line.text
        for remedy in finding.remedies:
            assert all(command.startswith(READ_ONLY) for command in remedy.commands)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_remedy_speaks_the_syntax_of_its_platform(path: Path) -> None:
    """Never `nat 0` for 8.3 and later, never `crypto ikev1` before 8.4, no wildcard masks on a firewall."""
    generation = site(path).generation
    for finding in findings_of(path):
        for line in (line for remedy in finding.remedies if not remedy.on_peer for line in remedy.changes):
            if generation.object_nat:
                assert ") 0 access-list" not in line
            if generation is not Generation.ASA84:
                assert "ikev1" not in line
            if generation.firewall:
                assert " 0.0.0.255" not in line


def test_every_check_has_a_firing_and_a_silent_configuration_for_each_platform_it_knows() -> None:
    for name in CHECKS:
        own = [path for path in FIXTURES if path.parent.name == name.lower()]
        assert own, f"{name} has no fixtures"
        for platform in {path.stem.partition("-")[0] for path in own}:
            assert platform in PLATFORMS
            said = {bool(expected(path)["findings"]) for path in own if path.stem.startswith(f"{platform}-")}
            assert said == {True, False}, f"{name}: {platform} needs a firing and a silent configuration"


_FILL_IN = re.compile(r"(?<![\w-])(?:KEY|INTERFACE|PEER-ADDRESS|ACL-NAME|TRANSFORM-SET|GROUP-NAME)(?![\w-])")
REMEDIED = [
    path for path in FIXTURES
    for found in findings_of(path)
    if any(remedy.changes for remedy in found.remedies)
    and not any(_FILL_IN.search(line) for remedy in found.remedies for line in remedy.changes)
]


@pytest.mark.parametrize("path", list(dict.fromkeys(REMEDIED)), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_proposed_lines_remove_the_finding(path: Path, tmp_path: Path) -> None:
    want, texts = expected(path), {False: path.read_text()}
    if "remote" in want:
        texts[True] = (path.parent / want["remote"]).read_text()
    before = findings_of(path)
    for remedy in (remedy for finding in before for remedy in finding.remedies if remedy.changes):
        texts[remedy.on_peer] = applied(texts[remedy.on_peer], remedy.changes)
    for on_peer, text in texts.items():
        (tmp_path / ("there.cfg" if on_peer else "here.cfg")).write_text(text)
    further = (path.parent / name for name in want.get("with", ()))
    remotes = (site(tmp_path / "there.cfg"),) if True in texts else ()
    check = CHECKS[path.parent.name.upper()]
    after = list(check(Audit(here=site(tmp_path / "here.cfg", *further), remotes=remotes)))
    mended = [finding for finding in before if any(remedy.changes for remedy in finding.remedies)]
    assert not {finding.summary for finding in after} & {finding.summary for finding in mended}
