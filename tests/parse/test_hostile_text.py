"""Terminals, pagers, mail and word processors do things to text. The facts stay the same, and nothing raises."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.parse.clean import MAX_LINE, clean
from vpn_check.parse.text import RawText
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.model.snapshot import DeviceSnapshot

SHOWN = sorted(path for path in data_path("mocks").rglob("show_crypto_*.txt") if path.read_text().strip())
LOG_LINE = "*Mar  1 00:51:05.987: %SYS-5-CONFIG_I: Configured from console by vty0 (192.0.2.9)"


def read(text: str, name: str = "capture.txt") -> DeviceSnapshot:
    return assemble(Transcript(device="r1", outputs=(CommandOutput(command="", text=text, origin=name),)))[0]


def facts(snapshot: DeviceSnapshot) -> list[object]:
    tunnels = [
        (
            t.key,
            t.counters,
            t.outbound_spi,
            [(sa.direction, sa.spi, sa.transform, sa.lifetime_sec, sa.status) for sa in t.sas],
            [(sa.state, sa.peer, sa.role, sa.conn_id) for sa in t.ike],
        )
        for t in snapshot.tunnels
    ]
    return [tunnels, [(row.id, row.encrypt, row.decrypt) for row in snapshot.engine]]


def paged(text: str) -> str:
    lines = text.split("\n")
    out = []
    for number, line in enumerate(lines):
        out.append(line)
        if number % 20 == 19:
            out.append(
                " --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b"
                + (lines[number + 1] if number + 1 < len(lines) else "")
            )
            if number + 1 < len(lines):
                lines[number + 1] = ""
    return "\n".join(out)


DISTORTIONS: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "cr cr lf": lambda text: text.replace("\n", "\r\r\n"),
    "double spaced": lambda text: text.replace("\n", "\n\n"),
    "left margins lost": lambda text: "\n".join(line.lstrip() for line in text.split("\n")),
    "blanks at the end": lambda text: text.replace("\n", "   \n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "no-break spaces": lambda text: text.replace("  ", "\u00a0\u00a0"),
    "colours": lambda text: text.replace("\n", "\x1b[0m\n\x1b[1;32m"),
    "nuls": lambda text: text.replace("\n", "\x00\n"),
    "pager": paged,
    "asa pager": lambda text: text.replace("\n", "\n<--- More --->\r              \r", 1),
    "prompt and echo": lambda text: f"R1#show something else\nR1#\n{text}\nR1#\n",
    "a log line in the middle": lambda text: text.replace("\n", f"\n{LOG_LINE}\n", 1),
    "wiki underscores": lambda text: text.replace("current_peer", "current\\_peer"),
}


def stays_the_same(path: Path, distortion: str) -> None:
    text = path.read_text()
    plain = facts(read(text))
    assert plain != [[], []] or any(word in text for word in ("There are no", "Crypto", "No SAs found"))
    assert facts(read(DISTORTIONS[distortion](text))) == plain


@pytest.mark.parametrize("distortion", DISTORTIONS)
@pytest.mark.parametrize("path", SHOWN[::12], ids=lambda path: "/".join(path.parts[-3:]))
def test_the_same_facts_come_out(path: Path, distortion: str) -> None:
    stays_the_same(path, distortion)


@pytest.mark.soak
@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_the_same_facts_come_out_of_every_output_of_the_lab(distortion: str) -> None:
    for path in SHOWN:
        stays_the_same(path, distortion)


def test_a_log_line_in_the_middle_is_kept_for_the_log() -> None:
    text = data_path("mocks", "healthy-ios", "r1", "show_crypto_ipsec_sa.txt").read_text()
    snapshot = read(DISTORTIONS["a log line in the middle"](text))
    assert [line.text for line in snapshot.log] == [LOG_LINE]


@pytest.mark.parametrize("path", SHOWN[::12], ids=lambda path: "/".join(path.parts[-3:]))
def test_every_prefix_of_an_output_is_read(path: Path) -> None:
    lines = path.read_text().split("\n")
    known: set[object] = set()
    for end in range(len(lines)):
        snapshot = read("\n".join(lines[:end]))
        known |= {tunnel.peer for tunnel in snapshot.tunnels}
    assert {tunnel.peer for tunnel in read("\n".join(lines)).tunnels} <= known | {None} or len(lines) < 3


def test_noise_costs_nothing_and_is_reported() -> None:
    shuffled = random.Random(7)
    for path in SHOWN:
        text = path.read_text()
        if "#pkts" not in text:
            continue
        lines = text.split("\n")
        spot = shuffled.randrange(2, len(lines) - 1)
        noisy = read("\n".join([*lines[:spot], "    zzz never seen before 42", *lines[spot:]]), path.name)
        assert facts(noisy) == facts(read(text, path.name))
        assert [line[1] for part in noisy.unparsed for line in part.lines] == ["zzz never seen before 42"]


def test_a_transcript_of_two_devices_is_two_devices() -> None:
    def session(name: str, folder: str, device: str) -> str:
        shown = {
            path.stem.replace("_", " "): path.read_text() for path in data_path("mocks", folder, device).glob("*.txt")
        }
        return "".join(f"{name}#{command}\n{text}\n{name}#\n" for command, text in shown.items())

    text = session("EDGE-1", "healthy-ios", "r1") + session("EDGE-2", "esp-blocked-ios", "r1")
    found = assemble(Transcript(device="", outputs=(CommandOutput(command="", text=text, origin="both.log"),)))
    assert [snapshot.name for snapshot in found] == ["EDGE-1", "EDGE-2"]
    assert all(len(snapshot.tunnels) == 1 and snapshot.tunnels[0].ike for snapshot in found)


def test_a_line_without_end_is_cut() -> None:
    lines = clean(RawText("a\n" + "x" * 1_000_000 + "\nb"))
    assert [(number, min(len(text), MAX_LINE)) for number, text in lines] == [(1, 1), (2, MAX_LINE), (3, 1)]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(SHOWN), st.integers(0, 3000))
def test_nothing_raises(junk: str, path: Path, spot: int) -> None:
    text = path.read_text()
    for snapshot in assemble(
        Transcript(device="", outputs=(CommandOutput(command="", text=text[:spot] + junk + text[spot:], origin="x"),))
    ):
        assert snapshot.name


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_cleaning_keeps_the_line_numbers(text: str) -> None:
    raw = RawText(text)
    numbers = [number for number, _ in clean(raw)]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(raw.numbers())
