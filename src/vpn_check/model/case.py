"""A case: what is handed on about devices, so that somebody else can look into it (Cisco TAC, a colleague)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import DeviceFault, Diagnosis
    from vpn_check.model.sa import TrafficCounters
    from vpn_check.model.transcript import CommandOutput


class End(StrEnum):
    """Which end of the tunnel a device is: `remote` is kept apart and only used to compare."""

    LOCAL = "local"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The counters of a device's tunnels at one moment, by the tunnels' names."""

    at: datetime | None
    source: str
    tunnels: Mapping[str, TrafficCounters]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of a log. `at` None: its stamp is a time since start, or there is none; `when` is the stamp as printed."""

    device: str
    at: datetime | None
    when: str
    text: str
    source: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDevice:
    """One device of a case. The texts are as they are in the bundle: redacted; `origin` is the path there."""

    name: str
    end: End = End.LOCAL
    platform: PlatformName | None = None
    outputs: tuple[CommandOutput, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    samples: tuple[Sample, ...] = ()
    faults: tuple[DeviceFault, ...] = ()

    @property
    def refused(self) -> tuple[CommandOutput, ...]:
        """What was asked and is not, or not wholly, answered."""
        return tuple(output for output in self.outputs if output.problem is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """What was taken out. `secrets` False: nothing was, on the user's word."""

    secrets: bool = True
    users: bool = False
    addresses: bool = False
    masked: int = 0
    distinct: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A text that is not in the bundle, and why."""

    device: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a bundle holds, as nouns. `partial` says why it is not whole; None: it is."""

    tool: str
    created_at: datetime
    devices: tuple[CaseDevice, ...]
    redaction: Redaction
    withheld: tuple[Withheld, ...] = ()
    events: tuple[Event, ...] = ()
    partial: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether no text at all is in it, nor one that was withheld."""
        return not self.withheld and not any(device.outputs for device in self.devices)

    def side(self, end: End) -> tuple[Diagnosis, ...]:
        """The diagnoses of one end."""
        return tuple(found for device in self.devices if device.end is end for found in device.diagnoses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A bundle that was written. `size` in bytes; `stand_ins` is the private file beside it, where there is one."""

    path: str
    size: int
    sha256: str
    files: int
    stand_ins: str | None = None
