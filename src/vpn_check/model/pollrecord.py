"""What a poll of one device leaves behind, written in one piece or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.alarm import Alarm, Change
    from vpn_check.model.device import PlatformName
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.observation import DeviceObservation
    from vpn_check.model.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Everything that a device said at one moment, secrets masked: to be looked into later.

    `outputs`: the commands and their answers, in order. `why`: what made it worth keeping.
    """

    id: str
    device: str
    at: datetime
    why: str
    platform: PlatformName | None
    outputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A device's configuration while all was well: its lines, secrets masked, each with what tells it from others.

    `facts` are further things that are compared when a tunnel fails: routes to the peers, by words.
    """

    device: str
    at: datetime
    lines: tuple[str, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One poll of one device: `cycle` and the device's name make it unique. `tallies` by `Tunnel.key`."""

    cycle: str
    observation: DeviceObservation
    memory: DeviceMemory
    tallies: Mapping[tuple[str, ...], Tally]
    changes: tuple[Change, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    evidence: Kept | None = None
    baseline: Baseline | None = None
