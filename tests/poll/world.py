"""A simulated world of devices and tunnels, whose state at any moment follows from a seed and a script."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.poll import config_text, firewall_text, machine_text, router_text
from tests.poll.script import START, Event, Fate, Kind, seconds
from tests.poll.traffic import DAY, EVERY, Habit, Traffic
from tests.poll.tunnel import Tunnel

from vpn_check.lab.server import LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

HUB = "203.0.113.1"
"""The peer of the first tunnel of every device."""
_PLATFORMS = {"ios": PlatformName.IOS, "xe": PlatformName.IOSXE, "asa": PlatformName.ASA}
_HABITS = (Habit.STEADY, Habit.STEADY, Habit.OFFICE, Habit.ON_DEMAND, Habit.ONE_WAY)
_AWAY = {Kind.DEVICE_DOWN, Kind.RELOADED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One device: `events` are those of its own."""

    name: str
    platform: PlatformName
    tunnels: tuple[Tunnel, ...]
    events: tuple[Event, ...]
    first_started: float

    def outputs(self, now: float) -> dict[str, str]:
        """What it answers, by command."""
        held = [(tunnel, tunnel.at(now)) for tunnel in self.tunnels]
        firewall = self.platform is PlatformName.ASA
        changes = [event for event in self.events if event.kind is Kind.CONFIG_CHANGED]
        changed = {event.tunnel or 0 for event in changes if event.span[0] <= now < event.span[1]}
        edits = [at for event in changes for at in event.span if at <= now]
        return {
            "show crypto isakmp sa": firewall_text.isakmp_sa(held) if firewall else router_text.isakmp_sa(held),
            "show crypto ikev2 sa": firewall_text.ikev2_sa() if firewall else router_text.ikev2_sa(held),
            "show crypto ipsec sa": firewall_text.ipsec_sa(held) if firewall else router_text.ipsec_sa(held),
            "show version": machine_text.version(self.platform, self.name, now - self._started(now),
                                                 max(edits, default=self.first_started)),
            "show running-config": config_text.running(self.platform, self.name, self.tunnels, changed),
            "show logging": machine_text.logging(self.platform, self.tunnels, now),
        }

    def answers(self, now: float) -> bool:
        """Whether it can be reached."""
        return not any(event.kind in _AWAY and event.span[0] <= now < event.span[1] for event in self.events)

    def _started(self, now: float) -> float:
        starts = [event.span[1] for event in self.events if event.kind is Kind.RELOADED and event.span[1] <= now]
        return max(starts, default=self.first_started)


class World:
    """Devices with so many tunnels each, and what happens to them.

    Args:
        seed: decides rates, SPIs and ages.
        script: what happens; outages of one tunnel must not overlap.
        devices: their names, which begin with `ios`, `xe` or `asa`: the platform.
        tunnels: how many each has; their habits are `habits` in turn. On IOS-XE, whose tunnel interfaces are always
            up, what would be on demand is steady.
        habits: see `Habit`.
    """

    def __init__(self, seed: int, script: Sequence[Event] = (), *, devices: Sequence[str] = ("ios1", "xe1", "asa1"),
                 tunnels: int = 5, habits: Sequence[Habit] = _HABITS) -> None:
        self.script = tuple(script)
        self.machines = {name: self._machine(seed, place, name, tunnels, habits)
                         for place, name in enumerate(devices)}

    def at(self, now: datetime) -> dict[str, dict[str, str]]:
        """What every device answers at a moment, by its name and the command."""
        return {name: machine.outputs(seconds(now)) for name, machine in self.machines.items()}

    def answers(self, device: str, now: datetime) -> bool:
        """Whether a device can be reached at a moment."""
        return self.machines[device].answers(seconds(now))

    def lab_devices(self, now: datetime = START) -> list[LabDevice]:
        """The devices for a lab, as they are at a moment."""
        return [LabDevice(name=name, platform=self.machines[name].platform, hostname=name, outputs=outputs)
                for name, outputs in self.at(now).items()]

    def _machine(self, seed: int, place: int, name: str, tunnels: int, habits: Sequence[Habit]) -> Machine:
        platform = _PLATFORMS[name.rstrip("0123456789")]
        made = []
        for number in range(tunnels):
            dice = random.Random(f"{seed}/{name}/{number}")
            habit = habits[number % len(habits)]
            if habit is Habit.ON_DEMAND and platform is PlatformName.IOSXE:
                habit = Habit.STEADY
            peer = HUB if number == 0 else f"100.{64 + place // 250}.{place % 250}.{number + 1}"
            struck = [event for event in self.script if event.strikes(name, number, peer)]
            made.append(Tunnel(
                platform=platform, number=number, local=f"198.18.{place // 250}.{place % 250 + 1}", peer=peer,
                lan=f"10.{place % 250}.{number}.0", far=f"172.{16 + place % 16}.{number}.0",
                traffic=Traffic(habit=habit, out=dice.uniform(3, 40), back=dice.uniform(3, 40),
                                shift=dice.uniform(0, EVERY)),
                fate=Fate.of(struck), seed=f"{seed}/{name}/{number}"))
        own = tuple(event for event in self.script if event.device == name)
        first = -random.Random(f"{seed}/{name}").uniform(40, 400) * DAY
        return Machine(name=name, platform=platform, tunnels=tuple(made), events=own, first_started=first)
