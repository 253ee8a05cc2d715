"""How it stands by the last polls, without asking a device: for a monitoring system beside a service that polls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.observation import DeviceObservation, TunnelObservation
from vpn_check.model.pollreport import CycleReport, DevicePoll, concerning

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime, timedelta

    from vpn_check.history.store import History
    from vpn_check.model.memory import DeviceMemory, TunnelMemory


def last_known(history: History, devices: Iterable[str], now: datetime, max_age: timedelta, *,
               maintained: Container[str] = ()) -> CycleReport:
    """The state that is held of these devices.

    A device whose last answer is older than `max_age`, or that was never polled, is not known: nobody looks at it.
    `maintained`: names of those that are in a maintenance window now.

    Raises:
        HistoryError: the history cannot be read.
    """
    names = list(devices)
    memories = history.memories(names)
    polls = tuple(_poll(name, memories[name], now, max_age, maintenance=name in maintained)
                  for name in names if name in memories)
    never = [name for name in names if name not in memories]
    answered = [poll.memory.answered_at for poll in polls if poll.memory.answered_at is not None]
    return CycleReport(
        id="last", began=max(answered, default=now), ended=max(answered, default=now), polls=polls,
        open=concerning(history.open_alarms(), memories),
        troubles=(f"Never polled: {', '.join(never[:5])}{' ...' if never[5:] else ''}.",) if never else (),
    )  # fmt: skip


def _poll(name: str, memory: DeviceMemory, now: datetime, max_age: timedelta, *, maintenance: bool) -> DevicePoll:
    at, fault = memory.answered_at, None
    if at is None or abs(now - at) > max_age:   # of the future: a clock was put back since, and who knows when
        said = "never answered" if at is None else f"last answered at {at:%Y-%m-%d %H:%M:%S} UTC"
        fault = DeviceFault(step="poll", message=f"{name}: {said}; nothing newer is known. Does the poller run?")
    elif memory.bad_since is not None:
        fault = DeviceFault(step="poll", message=f"{name}: not answering since {memory.bad_since:%H:%M:%S} UTC.")
    seen = DeviceObservation(
        device=name, at=at if at is not None and fault is None else now, site=memory.site, fault=fault, whole=False,
        status=Status.UNKNOWN if fault is not None else Status.HEALTHY,
        tunnels=() if fault is not None else tuple(_seen(tunnel, memory) for tunnel in memory.tunnels),
        booted_at=memory.booted_at, traits=memory.traits,
    )  # fmt: skip
    return DevicePoll(observation=seen, memory=memory, maintenance=maintenance)


def _seen(tunnel: TunnelMemory, memory: DeviceMemory) -> TunnelObservation:
    told = tunnel.seen_at is not None and tunnel.seen_at == memory.answered_at
    up = bool(tunnel.spis) or (tunnel.bad_since is None and tunnel.habit.away_since is None)
    return TunnelObservation(id=tunnel.id, status=tunnel.status if told else Status.UNKNOWN,
                             cause=tunnel.cause if told else "unknown", up=up if told else None)
