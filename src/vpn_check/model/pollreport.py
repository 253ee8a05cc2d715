"""What came of one cycle of polls, and what a history answers: what every exporter is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.model.finding import Status
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from vpn_check.model.alarm import Alarm, Change
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.observation import DeviceObservation, TunnelId


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePoll:
    """One device's part: what was seen, and what is held of it now. `maintenance`: no alarm is raised for it."""

    observation: DeviceObservation
    memory: DeviceMemory
    maintenance: bool = False

    @property
    def told(self) -> bool:
        """Whether this poll told how the device's tunnels are."""
        return self.memory.answered_at == self.observation.at


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleReport:
    """One cycle of polls over the devices meant.

    `raised` and `cleared` are the alarms of this cycle that people are told of: those that are rolled up under another
    one are its `members` and not among them. `open` are all open alarms about these devices, rolled up or not.
    `troubles` are sentences on what did not work beside the devices: a history that cannot be written, a notification
    that did not go out. `kept` is false where the poll ends without its result being kept: the next one knows nothing
    of it.
    """

    id: str
    began: datetime
    ended: datetime
    polls: tuple[DevicePoll, ...]
    raised: tuple[Alarm, ...] = ()
    cleared: tuple[Alarm, ...] = ()
    open: tuple[Alarm, ...] = ()
    troubles: tuple[str, ...] = ()
    kept: bool = True

    @property
    def status(self) -> Status:
        """The worst that is held: of alarms, and unknown where a device did not tell how its tunnels are.

        No tunnel known at all is unknown as well: a table that is empty by mistake looks the same. So is a poll that is
        not kept: nothing would ever be confirmed by a second one.
        """
        statuses = [alarm.status for alarm in self.open]
        statuses += [Status.UNKNOWN for poll in self.polls if not poll.told and not poll.maintenance]
        statuses += [Status.HEALTHY for poll in self.polls if poll.memory.tunnels]
        statuses += [] if self.kept else [Status.UNKNOWN]
        return Status.worst(statuses)


def concerning(alarms: Iterable[Alarm], devices: Container[str | None]) -> tuple[Alarm, ...]:
    """Those about these devices, and those that they are rolled up under."""
    alarms = tuple(alarms)
    roots = {alarm.root for alarm in alarms if alarm.device in devices}
    return tuple(alarm for alarm in alarms if alarm.device in devices or alarm.id in roots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A span of a tunnel's history, and what it adds up to."""

    at: datetime
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelHistory:
    """One tunnel's history: its state now, and `points` in order of time. Where there is no point, no poll was made.

    `left_at`: since when it is followed no more: it was away for so long, or nobody polls its device.
    """

    device: str
    id: TunnelId
    status: Status
    cause: str
    since: datetime
    seen_at: datetime | None
    points: tuple[Point, ...]
    left_at: datetime | None = None

    @property
    def sum(self) -> Tally:
        """All points together."""
        whole = Tally()
        for point in self.points:
            whole = whole + point.tally
        return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAnswer:
    """What a history knows of some devices from `since` to `until`. `step`: seconds that each point covers.

    `overview`: the answer is about a whole fleet; its tunnels come without points.
    """

    since: datetime
    until: datetime
    step: int
    tunnels: tuple[TunnelHistory, ...]
    alarms: tuple[Alarm, ...]
    changes: tuple[Change, ...]
    overview: bool = False

    @property
    def status(self) -> Status:
        """The worst that is held now; unknown where nothing is known. What is followed no more does not count."""
        now = [tunnel.status for tunnel in self.tunnels if tunnel.left_at is None]
        return Status.worst(now + [alarm.status for alarm in self.alarms if alarm.cleared_at is None])
