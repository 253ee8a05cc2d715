"""The real command as a service, against a lab whose world goes on by the real clock, to be killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING, Self

from tests.poll.script import START
from tests.poll.traffic import Habit
from tests.poll.world import World

from vpn_check.errors import HistoryError
from vpn_check.history.store import History
from vpn_check.lab.server import Lab

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.pollreport import HistoryAnswer

NOON = START + timedelta(days=1, hours=12)
DEVICES = ("ios1", "xe1", "asa1")
_STEP = 0.2   # seconds
_PATIENCE = 60.0   # seconds


class Service:
    """`vpn-check poll --every 1` over a small lab, with its history at `place`."""

    def __init__(self, folder: Path, place: str) -> None:
        self._folder = folder
        self.place = place
        self.world = World(3, devices=DEVICES, tunnels=3, habits=(Habit.STEADY,))
        self.lab = Lab(self.world.lab_devices(NOON))
        self._over = Flag()
        self._clock = Thread(target=self._go_on)
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.lab.__enter__()
        self._inventory = self.lab.write_inventory(self._folder / "lab")
        self.begun = datetime.now(UTC)
        self._clock.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.kill()
        self._over.set()
        self._clock.join()
        self.lab.__exit__(None, None, None)

    def _go_on(self) -> None:
        while not self._over.wait(_STEP):
            for name, outputs in self.world.at(self.world_time(datetime.now(UTC))).items():
                self.lab.set_outputs(name, outputs)

    def world_time(self, at: datetime) -> datetime:
        """What time it is in the world."""
        return NOON + (at - self.begun)

    def start(self) -> None:
        """Start the command."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
        with (self._folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "vpn_check", "poll", "--every", "1", "--history", self.place, "--inventory",
                 str(self._inventory)], stdout=log, stderr=log, env=clean | {"HOME": str(self._folder)},
                cwd=self._folder)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None

    def stop(self) -> int:
        """Ask it to end; returns its exit code."""
        if self._running is None:
            raise RuntimeError("it does not run")
        self._running.send_signal(signal.SIGTERM)
        code = self._running.wait(30)
        self._running = None
        return code

    @property
    def runs(self) -> bool:
        """Whether it is there."""
        return self._running is not None and self._running.poll() is None

    @property
    def log(self) -> str:
        """What it said."""
        return (self._folder / "log").read_text()

    def polled_after(self, moment: datetime) -> None:
        """Wait until every device has a poll that was begun after a moment."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if self.runs and all(polled > moment for polled in self._polled()):
                return
            time.sleep(0.1)
        raise TimeoutError(self.log[-2000:])

    def _polled(self) -> list[datetime]:
        try:
            with History.open(self.place) as history:
                held = history.memories(DEVICES)
        except HistoryError:   # its server is being killed
            return [self.begun]
        never = datetime(1970, 1, 1, tzinfo=UTC)
        return [held[name].answered_at or never if name in held else never for name in DEVICES]


def is_whole(service: Service) -> int:
    """Every poll is in the history as a whole, and none twice; returns how many there are.

    What was counted of a tunnel over all polls is what its counters grew by from the first poll to the last, whatever
    happened in between; and all tunnels of a device have as many polls.
    """
    answer, memories = _at_one_moment(service)
    polls = 0
    for name, memory in memories.items():
        sums = {tunnel.id.key: tunnel.sum for tunnel in answer.tunnels if tunnel.device == name}
        counts = {found.polls for found in sums.values()}
        assert len(counts) == 1, (name, counts)
        assert {tunnel.id.key for tunnel in memory.tunnels} == {*sums}
        assert max(counts) <= service.lab.sessions(name)
        polls += max(counts)
        for tunnel in memory.tunnels:
            of_world = next(one for one in service.world.machines[name].tunnels if one.peer == tunnel.id.peer)
            first = [of_world.at((service.world_time(at) - START).total_seconds())
                     for at in (service.begun, min(point.at for one in answer.tunnels for point in one.points
                                                   if one.device == name) + timedelta(seconds=answer.step + 2))]
            for counter in ("encaps", "decaps"):
                grown = getattr(sums[tunnel.id.key], counter)
                assert tunnel.totals[counter] == grown, (name, counter)
                assert getattr(first[0], counter) <= tunnel.counters[counter] - grown <= getattr(first[1], counter)
    return polls


def _at_one_moment(service: Service) -> tuple[HistoryAnswer, dict[str, DeviceMemory]]:
    """What the history holds and what it remembers, with no poll written in between."""
    with History.open(service.place) as history:
        while True:
            before = history.memories(DEVICES)
            answer = history.ask(devices=None, peer=None, since=service.begun - timedelta(minutes=1),
                                 until=datetime.now(UTC) + timedelta(minutes=1))
            if before == history.memories(DEVICES):
                return answer, before
