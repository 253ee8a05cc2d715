"""What happens in the simulated world: events, and what they do to one tunnel as time passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

START = datetime(2026, 3, 2, tzinfo=UTC)
"""The beginning of the world: a Monday."""
DETECTED = 45.0
"""Seconds until a dead peer is noticed; up to then its SAs are still there."""


class Kind(StrEnum):
    """What may happen. The first five are outages of a tunnel; those from `RELOADED` on are none."""

    UNREACHABLE = "the peer does not answer"
    REFUSED = "the peer refuses phase 2"
    BLOCKED = "ESP is filtered on the path"
    CONFIG_CHANGED = "a line of the configuration is changed, and phase 2 fails until it is changed back"
    FLAPPING = "the peer is away for five minutes out of ten"
    HUB_DOWN = "no peer of this address answers, whatever device asks"
    ISP_DOWN = "no peer of the device answers"
    DEVICE_DOWN = "the device itself cannot be reached; its tunnels go on"
    RELOADED = "the device restarts: from `until` on it is back, with new SAs and all counters at zero"
    RECREATED = "the flow is created anew: new SAs, counters at zero"
    CLEARED = "the counters are cleared"
    IKE_REKEYED = "the IKE SA is renewed; for a minute both are shown"


class Trouble(StrEnum):
    """What a tunnel suffers from at a moment."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens to a tunnel of a device (`tunnel` None: to all of them), or to a peer (`peer`).

    `until` is needed by all that last.
    """

    at: datetime
    kind: Kind
    until: datetime | None = None
    device: str = ""
    tunnel: int | None = None
    peer: str = ""

    @property
    def span(self) -> tuple[float, float]:
        """Begin and end in seconds since `START`."""
        return seconds(self.at), seconds(self.until or self.at)

    def strikes(self, device: str, tunnel: int, peer: str) -> bool:
        """Whether it happens to this tunnel."""
        if self.peer:
            return self.peer == peer
        return self.device == device and self.tunnel in {None, tunnel}


def seconds(at: datetime) -> float:
    """Seconds since the world began."""
    return (at - START).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What the script means for one tunnel, in seconds since `START`, each list in order of time.

    `troubles`: begin, end, what. `gaps`: when there can be no SA (begin, end; the same where they are only replaced).
    `resets`: when its counters began at zero. `renewals`: when its IKE SA was renewed out of turn.
    """

    troubles: tuple[tuple[float, float, Trouble], ...]
    gaps: tuple[tuple[float, float], ...]
    resets: tuple[float, ...]
    renewals: tuple[float, ...]

    def trouble(self, at: float) -> Trouble | None:
        """What is wrong at a moment."""
        return next((trouble for begin, end, trouble in self.troubles if begin <= at < end), None)

    @classmethod
    def of(cls, events: list[Event]) -> Fate:
        """What these events of a tunnel mean for it; its outages must not overlap."""
        troubles = sorted(trouble for event in events for trouble in _troubles(event))
        gaps = [(begin, end) for begin, end, trouble in troubles if trouble is not Trouble.BLOCKED]
        gaps += [event.span for event in events if event.kind in {Kind.RELOADED, Kind.RECREATED}]
        ends = {Kind.RELOADED, Kind.RECREATED, Kind.CLEARED}
        return cls(troubles=tuple(troubles), gaps=tuple(sorted(gaps)),
                   resets=tuple(sorted(event.span[1] for event in events if event.kind in ends)),
                   renewals=tuple(event.span[0] for event in events if event.kind is Kind.IKE_REKEYED))


def _troubles(event: Event) -> list[tuple[float, float, Trouble]]:
    begin, end = event.span
    if event.kind in {Kind.UNREACHABLE, Kind.HUB_DOWN, Kind.ISP_DOWN}:
        return _away(begin, end)
    if event.kind is Kind.FLAPPING:
        turns = [begin + 600.0 * turn for turn in range(int((end - begin) // 600))]
        return [trouble for turn in turns for trouble in _away(turn, turn + 300)]
    if event.kind in {Kind.REFUSED, Kind.CONFIG_CHANGED}:
        return [(begin, end, Trouble.REFUSED)]
    return [(begin, end, Trouble.BLOCKED)] if event.kind is Kind.BLOCKED else []


def _away(begin: float, end: float) -> list[tuple[float, float, Trouble]]:
    return [(begin, begin + DETECTED, Trouble.BLOCKED), (begin + DETECTED, end, Trouble.UNREACHABLE)]
