"""What is known now of each tunnel that is followed, whether or not its device answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.memory import TunnelMemory
    from vpn_check.model.observation import TunnelObservation
    from vpn_check.model.pollreport import CycleReport, DevicePoll


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelNow:
    """One tunnel after a poll.

    `up`: whether it has IPsec SAs; None where this poll did not tell. `status` and `cause` are those that are held,
    or unknown where this poll did not tell: missing data is not health.
    """

    memory: TunnelMemory
    seen: TunnelObservation | None
    up: bool | None
    status: Status
    cause: str

    @property
    def pending(self) -> bool:
        """Whether it was seen bad and no alarm is raised yet."""
        return self.memory.bad_since is not None and self.memory.alarm is None


def tunnels_now(poll: DevicePoll) -> Iterator[TunnelNow]:
    """The tunnels of one device that are followed, in the order of the memory."""
    seen = {tunnel.id.key: tunnel for tunnel in poll.observation.tunnels}
    gone_means_down = poll.observation.fault is None and poll.observation.whole
    for memory in poll.memory.tunnels:
        yield _now(memory, seen.get(memory.id.key), gone_means_down=gone_means_down)


def _now(memory: TunnelMemory, seen: TunnelObservation | None, *, gone_means_down: bool) -> TunnelNow:
    up = seen.up if seen is not None else False if gone_means_down else None
    told = gone_means_down if seen is None else seen.status is not Status.UNKNOWN
    if up is None and memory.status is Status.HEALTHY:
        told = False
    status = memory.status if told else Status.UNKNOWN
    cause = "healthy" if status is Status.HEALTHY else (memory.cause if told and memory.cause else status.value)
    return TunnelNow(memory=memory, seen=seen, up=up, status=status, cause=cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A cycle in numbers.

    `silent`: devices that did not answer. `idle`: tunnels without SAs that nobody misses. `pending`: what was seen bad
    and is not raised yet, in words.
    """

    devices: int
    silent: tuple[str, ...]
    tunnels: int
    up: int
    idle: int
    unknown: int
    pending: tuple[str, ...]
    maintenance: int

    @property
    def answered(self) -> int:
        """Devices that answered."""
        return self.devices - len(self.silent)


def counted(report: CycleReport) -> Counts:
    """Count a cycle."""
    now = [(poll, tunnel) for poll in report.polls for tunnel in tunnels_now(poll)]
    pending = [
        poll.observation.device
        for poll in report.polls
        if poll.memory.bad_since is not None and poll.memory.alarm is None and not poll.maintenance
    ]
    pending += [
        f"{poll.observation.device}, {tunnel.memory.id.name}"
        for poll, tunnel in now
        if tunnel.pending and not poll.maintenance
    ]
    return Counts(
        devices=len(report.polls),
        silent=tuple(poll.observation.device for poll in report.polls if poll.observation.fault is not None),
        tunnels=len(now),
        up=sum(tunnel.up is True for _, tunnel in now),
        idle=sum(tunnel.up is False and tunnel.status is Status.HEALTHY and not tunnel.pending for _, tunnel in now),
        unknown=sum(tunnel.status is Status.UNKNOWN for _, tunnel in now),
        pending=tuple(pending),
        maintenance=sum(poll.maintenance for poll in report.polls),
    )
