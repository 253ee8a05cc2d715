"""A simulated world on a running lab, and a poller with a clock of its own that looks at it over SSH."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from tests.poll.script import START

from vpn_check.alarms.hold import HoldDown
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.history.store import History
from vpn_check.jobs.check import Run
from vpn_check.jobs.poll.poller import Policy, Poller
from vpn_check.jobs.poll.remembered import Remembered
from vpn_check.lab.device import DEFAULT_PASSWORD
from vpn_check.lab.server import Lab
from vpn_check.model.device import Credentials, Device
from vpn_check.model.maintenance import Windows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tests.poll.world import World

    from vpn_check.model.alarm import Alarm
    from vpn_check.model.pollreport import CycleReport


@dataclass(slots=True)
class Told:
    """What people were told of, in order: alarms as they were raised, and as they were cleared."""

    raised: list[Alarm] = field(default_factory=list)
    cleared: list[Alarm] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


class Stage:
    """The world in a lab. Its time is that of the last poll.

    Args:
        world: whom to play.
        folder: where the history is kept.
        maintenance: windows, in the words of an inventory, by device.
    """

    def __init__(self, world: World, folder: Path, *, maintenance: Mapping[str, str] | None = None) -> None:
        self.world = world
        self.now = START
        self.told = Told()
        self.history_place = str(folder / "history.db")
        self._folder = folder
        self._windows = {name: Windows.parse(words) for name, words in (maintenance or {}).items()}
        self._lab = Lab(world.lab_devices())
        self._down: set[str] = set()

    def __enter__(self) -> Self:
        self._lab.__enter__()
        known = self._folder / "known_hosts"
        known.write_text("".join(f"{self._lab.host_key_line(name)}\n" for name in self._lab.names))
        devices = [Device(name=name, host="127.0.0.1", port=self._lab.port(name), platform=machine.platform,
                          known_hosts=str(known), timeout=20) for name, machine in self.world.machines.items()]
        login = Credentials(username="lab", password=DEFAULT_PASSWORD, use_agent=False)
        run = Run(credentials=lambda _device: login, host_keys=HostKeys(), settle=0.0)
        self._history = History.open(self.history_place)
        self._poller = Poller(
            devices, run, Remembered(self._history), policy=Policy(hold=HoldDown(), windows=self._windows),
            clock=lambda: self.now, key=b"of this test", workers=4)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._history.close()
        self._lab.__exit__(None, None, None)

    def begin(self, now: datetime) -> None:
        """The very first poll, which has nothing to compare with; what it raises is not held against it."""
        self.poll(now)
        self.told = Told()

    def poll(self, now: datetime) -> CycleReport:
        """Let the world come to a moment and poll it."""
        self.now = now
        for name, outputs in self.world.at(now).items():
            self._lab.set_outputs(name, outputs)
            if self.world.answers(name, now) is (name in self._down):
                (self._lab.up if name in self._down else self._lab.down)(name)
                self._down ^= {name}
        report = self._poller.cycle()
        self.told.raised += report.raised
        self.told.cleared += report.cleared
        self.told.troubles += report.troubles
        return report
