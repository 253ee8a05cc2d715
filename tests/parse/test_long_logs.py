"""Logs of any length: read where they lie, every line once, none of them held."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from vpn_check.jobs.analyze import analyze
from vpn_check.model.log import Log, LogLine
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.model.snapshot import DeviceSnapshot

NOISE = "Jan  4 10:11:{:02}.013: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel{}, changed state to up"
REFUSED = "Jan  4 10:12:00.000: ISAKMP:(0): phase 1 SA policy not acceptable! (local 192.0.2.1 remote 198.51.100.7)"
SHOWN = """interface: GigabitEthernet0/0
    Crypto map tag: CMAP, local addr 192.0.2.1
   current_peer 198.51.100.9 port 500
    #pkts encaps: 12, #pkts encrypt: 12, #pkts digest: 12
    #pkts decaps: 11, #pkts decrypt: 11, #pkts verify: 11
"""


def noise(count: int) -> list[str]:
    return [NOISE.format(number % 60, number) for number in range(count)]


def snapshot(text: str, path: Path | None) -> DeviceSnapshot:
    if path is not None:
        path.write_text(text)
    output = CommandOutput(command="", text="" if path else text, origin="x.log", file=path)
    (found,) = assemble(Transcript(device="", outputs=(output,)))
    return found


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_long_log_keeps_every_line_in_its_place(tmp_path: Path, *, on_disk: bool) -> None:
    lines = [*noise(9000), REFUSED, *noise(200)]
    held = snapshot("\n".join(lines), tmp_path / "x.log" if on_disk else None)
    assert [line.text for line in held.log] == lines
    assert [line.line for line in held.log] == list(range(1, len(lines) + 1))
    quoted = held.quote(next(iter(held.log)).source, 9001)
    assert quoted is not None
    assert quoted.text == REFUSED


@pytest.mark.parametrize("on_disk", [False, True])
def test_what_stands_between_is_not_taken_for_log(tmp_path: Path, *, on_disk: bool) -> None:
    text = "\n".join([*noise(6000), "R1#show crypto ipsec sa", *SHOWN.splitlines(), "R1#show logging", *noise(6000)])
    held = snapshot(text, tmp_path / "x.log" if on_disk else None)
    assert [line.text for line in held.log] == [*noise(6000), *noise(6000)]
    assert [str(tunnel.peer) for tunnel in held.tunnels] == ["198.51.100.9"]


def test_the_last_line_of_a_long_log_decides(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("\n".join([*noise(30_000), REFUSED]))
    (diagnosis,) = analyze([str(path)])
    assert diagnosis.verdict is not None
    assert (diagnosis.verdict.cause, diagnosis.verdict.peer) == ("ike.policy-mismatch", "198.51.100.7")
    assert diagnosis.verdict.evidence[0].line == 30_001


def test_a_long_log_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("\n".join(noise(100_000)))
    tracemalloc.start()
    output = CommandOutput(command="", text="", origin="x.log", file=path)
    (held,) = assemble(Transcript(device="", outputs=(output,)))
    assert sum(1 for _ in held.log) == 100_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < path.stat().st_size / 2


def test_lines_held_already_are_a_log() -> None:
    places = (("a", 0, 3), ("b", 0, 5), ("c", 1, 1))
    lines = [LogLine(text=text, source=source, line=line) for text, source, line in places]
    log = Log.of(lines)
    assert list(log) == lines
    assert [block.source for block in log.blocks()] == [0, 1]
    assert not Log()
