"""A poller that is killed at any moment leaves whole polls, and the next one goes on where it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from random import Random

import pytest
from tests.history.whole import is_whole

TOP = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(("kills", "looks"), [(8, 1), pytest.param(200, 10, marks=[
    pytest.mark.soak, pytest.mark.timeout(600)])])
def test_every_poll_is_whole_or_absent_and_none_is_counted_twice(tmp_path: Path, kills: int, looks: int) -> None:
    random = Random(kills)
    place = str(tmp_path / "history.db")
    polls = 0
    with subprocess.Popen([sys.executable, "-m", "tests.history.writer", place], cwd=TOP, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for kill in count():
            if kill >= kills and is_whole(place) > 3 * kills:
                break
            print(file=writer.stdin, flush=True)
            child = int(writer.stdout.readline())
            time.sleep(random.uniform(0.0, 0.4))
            os.kill(child, signal.SIGKILL)
            assert writer.stdout.readline() == "done\n"
            if kill % looks == 0:
                now = is_whole(place)
                assert now >= polls
                polls = now
        writer.stdin.close()
