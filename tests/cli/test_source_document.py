"""Every device output of the source document, through the door, in the spacings in which people paste it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from vpn_check.jobs.analyze import analyze

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

SOURCE = Path(__file__).parent.parent / "source"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((SOURCE / "expected.yaml").read_text())
SPACINGS: dict[str, Callable[[str], str]] = {
    "single": lambda text: text,
    "double": lambda text: text.replace("\n", "\n\n"),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "flush left": lambda text: "\n".join(line.lstrip() for line in text.splitlines()) + "\n",
}


def test_every_block_has_its_expectation() -> None:
    assert {path.stem for path in SOURCE.glob("*.txt")} == set(EXPECTED) | {"S20"}


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_block_is_understood(name: str, spacing: str, tmp_path: Path) -> None:
    want = EXPECTED[name]
    text = SPACINGS[spacing]((SOURCE / f"{name}.txt").read_text())
    path = tmp_path / "pasted.txt"
    path.write_text(text, newline="")
    diagnosis = analyze([str(path)])[0]
    causes = [finding.cause for finding in diagnosis.findings]
    assert diagnosis.status.exit_code == want["exit"], diagnosis
    if "cause" in want:
        assert (causes[0] if causes else None) == want["cause"]
    assert not set(causes) & set(want.get("never", ()))
    order = ("critical", "warning", "info")
    assert all(order.index(finding.severity) >= order.index(want["worst"]) for finding in diagnosis.findings)
    said = " ".join((*(finding.summary for finding in diagnosis.findings[:1]), *diagnosis.notes))
    assert [word for word in want.get("says", ()) if word not in said] == []
    assert set(want.get("info", ())) <= {finding.cause for finding in diagnosis.findings if finding.severity == "info"}
    if "references" in want:
        assert set(want["references"]) <= set(diagnosis.findings[0].references)
    snapshot = diagnosis.snapshot
    assert snapshot is not None
    assert len(snapshot.tunnels) == want.get("tunnels", 0)
    assert snapshot.platform == want.get("platform", snapshot.platform)
    assert snapshot.unparsed == ()


@pytest.mark.parametrize("name", EXPECTED)
def test_every_quoted_line_stands_in_the_text(name: str, vpn_check: Callable[..., Answer]) -> None:
    text = (SOURCE / f"{name}.txt").read_text()
    answer = vpn_check("analyze", "-", "--json", stdin=text)
    assert answer.code == EXPECTED[name]["exit"]
    haystack = " ".join(text.split())
    quoted = [line["text"] for finding in answer.device["findings"] for line in finding["evidence"]]
    assert all(finding["evidence"] for finding in answer.device["findings"])
    assert [line for line in quoted if " ".join(line.split()) not in haystack] == []


def test_both_debugs_of_s20_in_one_paste(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", SOURCE / "S20.txt", "--json")
    causes = {finding["cause"] for finding in answer.device["findings"]}
    assert answer.code == 2
    assert causes == {"ike.policy-mismatch"}


def test_the_pix_keeps_no_digest_counters_and_that_is_no_alarm(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", SOURCE / "S28.txt", "--json")
    tunnel = answer.device["tunnels"][0]
    assert (tunnel["counters"]["digest"], tunnel["counters"]["encrypt"]) == (0, 345)
    assert tunnel["status"] == "healthy"
