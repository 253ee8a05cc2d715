"""What a cycle of polls left of the fleet, as far as it matters for rolling up: what fails now, and who shares an end.

A case is a tunnel, or a device, that fails now: its alarm is open, or it is still held down. An end is where tunnels
meet: an address that they lead to, or a device whose own they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.alarms.recent import GOOD
from vpn_check.model.alarm import Alarm, AlarmKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from vpn_check.model.memory import DeviceMemory, TunnelMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that fails now. `alarm` None: it is not raised yet. `idents`: local and remote one of the flow."""

    device: str
    key: tuple[str, ...] | None
    name: str
    peer: str | None
    began: datetime
    alarm: Alarm | None = None
    idents: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The devices of a cycle.

    `owner`: the device that an address belongs to. `silent`: devices that do not answer.
    """

    devices: Mapping[str, DeviceMemory]
    owner: Mapping[str, str]
    silent: frozenset[str]
    cases: tuple[Case, ...]

    def addresses(self, device: str | None) -> frozenset[str]:
        """The addresses of a device; none where it is not known."""
        found = self.devices.get(device) if device is not None else None
        return found.local_addresses if found is not None else frozenset()

    def good_to(self, addresses: frozenset[str]) -> bool:
        """Whether a tunnel of any device that leads to one of these works."""
        return any(is_good(tunnel) for memory in self.devices.values() for tunnel in memory.tunnels
                   if tunnel.id.peer in addresses)

    def good_of(self, device: str, *, beside: frozenset[str] = frozenset()) -> bool:
        """Whether a tunnel of this device works, those to the addresses `beside` left out."""
        found = self.devices.get(device)
        return found is not None and any(is_good(tunnel) for tunnel in found.tunnels if tunnel.id.peer not in beside)


def is_good(tunnel: TunnelMemory) -> bool:
    """Whether the last poll saw it up and well: idle is not good, nor is what was not told."""
    return tunnel.recent.endswith(GOOD) and tunnel.habit.away_since is None


def survey(
    alarms: Iterable[Alarm], devices: Mapping[str, DeviceMemory],
    pending: Mapping[str, tuple[tuple[str, ...] | None, ...]],
) -> Fleet:
    """See what fails now. Alarms of what is good again, and not cleared yet, are no cases."""
    failing: dict[str, dict[tuple[str, ...] | None, Alarm | None]] = {
        device: dict.fromkeys(keys) for device, keys in pending.items() if device in devices}
    for alarm in alarms:
        if alarm.device in devices and alarm.kind in {AlarmKind.TUNNEL, AlarmKind.DEVICE}:
            failing.setdefault(str(alarm.device), {})[alarm.tunnel] = alarm
    cases = [case for device, keyed in failing.items() for case in _cases(devices[device], keyed)]
    owner = {address: name for name, memory in devices.items() for address in memory.local_addresses}
    return Fleet(devices=devices, owner=owner, cases=tuple(cases),
                 silent=frozenset(case.device for case in cases if case.key is None))


def _cases(memory: DeviceMemory, failing: Mapping[tuple[str, ...] | None, Alarm | None]) -> Iterator[Case]:
    """What of this fails now, by the memory after the poll."""
    if None in failing and memory.bad_since is not None:
        alarm = failing[None]
        yield Case(device=memory.device, key=None, name=memory.device, peer=None, alarm=alarm,
                   began=alarm.began if alarm is not None else memory.bad_since)
    for tunnel in memory.tunnels:
        if tunnel.bad_since is not None and tunnel.id.key in failing:
            alarm = failing[tunnel.id.key]
            yield Case(device=memory.device, key=tunnel.id.key, name=tunnel.id.name, peer=tunnel.id.peer, alarm=alarm,
                       idents=(tunnel.id.local_ident, tunnel.id.remote_ident),
                       began=alarm.began if alarm is not None else tunnel.bad_since)
