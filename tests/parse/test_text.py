"""A long capture is read piece by piece and gives what it would give as a whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vpn_check.jobs.analyze import analyze
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.parse.clean import clean
from vpn_check.parse.text import BLOCK, FileText, RawText
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

FLOW = data_path("mocks", "esp-blocked-ios", "r1", "show_crypto_ipsec_sa.txt").read_text()
ENDS = {"lf": "\n", "crlf": "\r\n", "cr cr lf": "\r\r\n"}


def hub(count: int) -> str:
    """The flow of the lab's router, as often as asked, each with a peer of its own."""
    flows = []
    for number in range(count):
        peer = f"198.51.{number // 250}.{number % 250 + 1}"
        flows.append(re.sub(r"203\.0\.113\.2", peer, FLOW).replace("GigabitEthernet0/0", f"GigabitEthernet0/{number}"))
    return "".join(flows)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
@pytest.mark.parametrize("tail", ["", "last line without an end"])
def test_a_file_and_a_string_are_the_same_text(end: str, tail: str, tmp_path: Path) -> None:
    text = "".join(f"line {number} with an umlaut ü and some more words{end}" for number in range(4000)) + tail
    assert len(text) > 2 * BLOCK
    path = tmp_path / "capture.txt"
    path.write_bytes(text.encode())
    file, raw = FileText(path), RawText(text)
    lines = list(clean(raw))
    assert [line for line in clean(file) if line[1]] == [line for line in lines if line[1]]
    assert [number for number, _ in lines] == list(raw.numbers())
    for number in (*range(1, 4001, 97), 4000, 4001):
        assert file.line(number) == raw.line(number) == (text.split(end)[number - 1] if number <= len(lines) else "")
    assert file.line(0) == file.line(99_999) == raw.line(0) == raw.line(99_999) == ""


def test_a_line_is_quoted_before_the_file_was_walked(tmp_path: Path) -> None:
    path = tmp_path / "capture.txt"
    path.write_text("one\ntwo\nthree\n")
    assert FileText(path).line(2) == "two"


def test_a_long_capture_gives_what_a_short_one_gives(tmp_path: Path) -> None:
    text = hub(1200)
    path = tmp_path / "hub.txt"
    path.write_text(text)
    assert path.stat().st_size > 2_000_000
    long = analyze([str(path)])[0].snapshot
    short = assemble(Transcript(device="r1", outputs=(CommandOutput(command="", text=text, origin=str(path)),)))[0]
    assert long is not None
    assert len(long.tunnels) == 1200
    for one, other in zip(long.tunnels, short.tunnels, strict=True):
        assert (one.key, one.counters, [sa.spi for sa in one.sas]) == (
            other.key,
            other.counters,
            [sa.spi for sa in other.sas],
        )
        assert one.where.line("decaps") == other.where.line("decaps")


def test_the_verdicts_of_a_long_capture_quote_its_lines(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    lines = hub(1200).split("\n")
    path = tmp_path / "hub.txt"
    path.write_text("\n".join(lines))
    answer = vpn_check("analyze", path, "--json")
    findings = answer.device["findings"]
    assert answer.code == 2
    assert len(findings) == 1200
    for line in (line for finding in findings for line in finding["evidence"]):
        assert lines[line["line"] - 1].strip() == line["text"]
