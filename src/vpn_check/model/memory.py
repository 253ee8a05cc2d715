"""What is kept of a device from one poll to the next, so that a poll is judged by what came before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.alarm import Difference
    from vpn_check.model.observation import TunnelId


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What a tunnel usually does, so that what is usual is no alarm. Spans are seconds.

    `since`: when it was first seen. `polls`: in how many it was seen or known to be away. `longest_quiet`: the longest
    span without a packet in either direction, over and again left behind; `longest_away`: the same without any SA.
    `quiet_since`, `away_since`: the present such span, None where there is none. `one_way`: how many polls in a row,
    at most, much was sent and nothing came back, and it passed by itself; `one_way_now`: how many it is now; `alone`:
    how many in all while nothing was raised. `hours`: in how many different hours it was watched: a week has 168.
    """

    since: datetime
    polls: int = 0
    moving: int = 0
    longest_quiet: float = 0.0
    quiet_since: datetime | None = None
    longest_away: float = 0.0
    away_since: datetime | None = None
    one_way: int = 0
    one_way_now: int = 0
    alone: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What the full collection at the begin of a bad spell said of a tunnel, for the polls after it that see less.

    `plain` is the cause that the poll itself gave; while it gives the same, `cause` and `finding` stand. `changed`:
    what was otherwise while all was well. `evidence`: the id of what was collected.
    """

    plain: str
    cause: str
    finding: Mapping[str, Any] | None
    changed: tuple[Difference, ...] = ()
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelMemory:
    """One tunnel between two polls.

    `status` and `cause` are the held ones: what has been raised, or healthy. `since`: when it became good or bad (the
    first such poll, not the one that confirmed it). `recent` has a letter for each of the last polls, the newest last:
    `.` good, `w` warning, `c` critical, `?` not known, or bad in a maintenance window and not judged. `counters` as
    last printed at `counted_at`; `totals` grow for ever, over rekeys, resets and reloads. `traits` are those of the
    last good poll in which it was up, at `good_at`. `alarm` is the id of its open alarm. `bad_since`: the first
    poll of the present bad spell, raised or not; None where the last was good.
    `good_since`: the first poll of the present good spell. `uneasy_since`: the first bad poll since it was last good
    for as long as clears an alarm, `calm_at`: the last good one before that. `other`: the status and cause that polls
    see in place of those of the open alarm, for `other_polls` polls in a row: not yet confirmed.
    """

    id: TunnelId
    habit: Habit
    status: Status = Status.HEALTHY
    cause: str = ""
    since: datetime
    recent: str = ""
    seen_at: datetime | None = None
    good_at: datetime | None = None
    bad_since: datetime | None = None
    good_in_a_row: int = 0
    counters: Mapping[str, int] = field(default_factory=dict)
    counted_at: datetime | None = None
    totals: Mapping[str, int] = field(default_factory=dict)
    spis: frozenset[int] = frozenset()
    traits: Mapping[str, str] = field(default_factory=dict)
    alarm: str | None = None
    flapping: bool = False
    explained: Explained | None = None
    good_since: datetime | None = None
    uneasy_since: datetime | None = None
    calm_at: datetime | None = None
    other: str = ""
    other_polls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceMemory:
    """One device between two polls.

    `traits` are those of the last answer in which nothing was bad that is not raised yet, at `traits_at`: what is
    raised now can be compared with them.

    `recent`, `status`, `since`, `alarm` are about whether it can be asked at all: a `c` in `recent` is a poll that it
    did not answer, `?` one in a maintenance window. `good_since`, `uneasy_since`, `calm_at`, `flapping` as of a tunnel.
    `evidence_at`: when its full evidence was last collected; `config_at`: when its configuration was last read while
    all was well. `answered_at`: its last answer that told how its tunnels are.
    """

    device: str
    status: Status = Status.HEALTHY
    since: datetime
    recent: str = ""
    answered_at: datetime | None = None
    bad_since: datetime | None = None
    good_in_a_row: int = 0
    alarm: str | None = None
    booted_at: datetime | None = None
    traits: Mapping[str, str] = field(default_factory=dict)
    local_addresses: frozenset[str] = frozenset()
    site: str | None = None
    evidence_at: datetime | None = None
    config_at: datetime | None = None
    tunnels: tuple[TunnelMemory, ...] = ()
    flapping: bool = False
    good_since: datetime | None = None
    uneasy_since: datetime | None = None
    calm_at: datetime | None = None
    traits_at: datetime | None = None
