"""Polls of made-up devices: what a poller would hand to a history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from vpn_check.model.alarm import Alarm, AlarmKind, Change
from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.memory import DeviceMemory, Habit, TunnelMemory
from vpn_check.model.observation import DeviceObservation, TunnelId, TunnelObservation
from vpn_check.model.pollrecord import PollRecord
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

START = datetime(2026, 3, 2, 0, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def tunnel_id(number: int) -> TunnelId:
    """The tunnel with this number, alike on every device."""
    peer = f"198.51.{number // 250}.{number % 250 + 1}"
    return TunnelId(key=(peer, "outside_map", str(number)), name=f"outside_map {number} to {peer}", peer=peer,
                    interface="outside", local_ident=f"10.1.{number % 256}.0/255.255.255.0/0/0",
                    remote_ident=f"10.2.{number % 256}.0/255.255.255.0/0/0")


def usual(random: Random) -> Tally:
    """A healthy minute."""
    return Tally(healthy=1, counted=1, encaps=random.randrange(40_000), decaps=random.randrange(40_000),
                 rekeys=int(random.random() < 1 / 60))


def poll(device: str, minute: int, tallies: Mapping[int, Tally], *, cycle: str | None = None,
         fault: DeviceFault | None = None, at: datetime | None = None, **more: Any) -> PollRecord:
    """One poll of a device whose tunnels are those of the tallies."""
    at = at or START + minute * MINUTE
    ids = {number: tunnel_id(number) for number in tallies}
    statuses = {number: (Status.HEALTHY, Status.WARNING, Status.UNKNOWN, Status.CRITICAL)[tally.rank]
                for number, tally in tallies.items()}
    remembered = tuple(
        TunnelMemory(id=ids[number], habit=Habit(since=START, polls=minute), status=statuses[number],
                     cause=tally.cause, since=START, recent="." * min(minute, 10), seen_at=None if fault else at,
                     totals={"encaps": minute * 3}, spis=frozenset({minute, number}))
        for number, tally in tallies.items())
    observation = DeviceObservation(
        device=device, at=at, status=Status.UNKNOWN if fault else Status.worst(list(statuses.values())), fault=fault,
        whole=fault is None, seconds=1.5, tunnels=() if fault else tuple(
            TunnelObservation(id=ids[number], status=statuses[number], cause=tally.cause)
            for number, tally in tallies.items()))
    memory = DeviceMemory(device=device, since=START, recent="." * min(minute, 10), answered_at=None if fault else at,
                          site="north", tunnels=remembered)
    return PollRecord(cycle=cycle or f"cycle {minute}", observation=observation, memory=memory,
                      tallies={ids[number].key: tally for number, tally in tallies.items()}, **more)


def alarm(name: str, *, device: str | None = "r1", tunnel: int | None = None, began: int = 0,
          cleared: int | None = None, **more: Any) -> Alarm:
    """An alarm that began and was cleared at these minutes."""
    about = None if tunnel is None else tunnel_id(tunnel)
    peer = None if about is None else about.peer
    more.setdefault("kind", AlarmKind.DEVICE if tunnel is None else AlarmKind.TUNNEL)
    more.setdefault("peer", peer)
    return Alarm(id=name, subject=about.name if about else device or "", device=device,
                 tunnel=about.key if about else None,
                 status=Status.CRITICAL, cause="ike.no-response", summary=f"{name} is down",
                 began=START + began * MINUTE, raised_at=START + (began + 1) * MINUTE,
                 cleared_at=None if cleared is None else START + cleared * MINUTE, **more)


def change(device: str, tunnel: int, minute: int) -> Change:
    """A tunnel that went down at this minute."""
    named = tunnel_id(tunnel)
    return Change(device=device, tunnel=named.key, name=named.name, at=START + minute * MINUTE, before=Status.HEALTHY,
                  after=Status.CRITICAL, cause="ike.no-response", summary="went down")
