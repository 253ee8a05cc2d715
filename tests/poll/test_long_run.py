"""A poller that runs for long does not grow: neither in memory nor in file descriptors nor in threads.

A day's worth of cycles, one a minute, over a lab with faults by lot; the clock is compressed. Memory may rise while
caches fill: it is compared with what it was after a tenth of the cycles, with a slack that is stated.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests.poll.lot import drawn
from tests.poll.script import START
from tests.poll.traffic import Habit
from tests.poll.world import World

from vpn_check.lab.server import Lab

TOP = Path(__file__).parent.parent.parent
SLACK = 6 << 20
"""Bytes that the memory may have grown by since the warm-up: fragments, not a leak; a leak of 10 kB a cycle is seen."""
HABITS = (Habit.STEADY, Habit.STEADY, Habit.OFFICE, Habit.ON_DEMAND, Habit.STEADY)


@pytest.mark.parametrize(("cycles", "warm", "devices"), [
    (60, 25, ("ios1", "asa1")),
    pytest.param(1440, 240, ("ios1", "ios2", "xe1", "asa1"), marks=[pytest.mark.soak, pytest.mark.timeout(1800)])])
def test_a_poller_does_not_grow(tmp_path: Path, cycles: int, warm: int, devices: tuple[str, ...]) -> None:
    world = World(4, drawn(4, 1, devices), devices=devices, habits=HABITS)
    every = timedelta(days=1) / cycles
    with Lab(world.lab_devices()) as lab:
        rows = [{"name": name, "port": lab.port(name), "platform": world.machines[name].platform.value}
                for name in lab.names]
        (tmp_path / "devices.json").write_text(json.dumps(rows))
        (tmp_path / "known_hosts").write_text("".join(f"{lab.host_key_line(name)}\n" for name in lab.names))
        seen: list[tuple[int, int, int]] = []
        with subprocess.Popen([sys.executable, "-m", "tests.poll.long_poller", tmp_path], cwd=TOP, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as poller:
            assert poller.stdin is not None
            assert poller.stdout is not None
            for turn in range(cycles):
                now = START + every * turn
                for name, outputs in world.at(now).items():
                    lab.set_outputs(name, outputs)
                    lab.set_fault(name, None if world.answers(name, now) else "close_early")
                print(now.isoformat(), file=poller.stdin, flush=True)
                memory, files, threads, polls, troubles = json.loads(poller.stdout.readline())
                assert (polls, troubles) == (len(devices), [])
                seen.append((memory, files, threads))
            poller.stdin.close()
    before, after = seen[warm:2 * warm], seen[-warm:]
    # a thread of the last session may end a moment later: what leaks is there at every cycle
    assert min(files for _, files, _ in after) <= max(files for _, files, _ in before)
    assert min(threads for _, _, threads in after) <= max(threads for _, _, threads in before)
    assert min(memory for memory, _, _ in after) - max(memory for memory, _, _ in before) <= SLACK
