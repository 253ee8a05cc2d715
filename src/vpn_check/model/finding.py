"""Findings, and the diagnosis that they add up to (contract: FINDING in the JSON document)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.reasoning import Reasoning
    from vpn_check.model.snapshot import DeviceSnapshot


class Severity(StrEnum):
    """critical: traffic that should flow does not. warning: it flows, at risk or degraded. info: worth knowing."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return (Severity.CRITICAL, Severity.WARNING, Severity.INFO).index(self)

    @property
    def status(self) -> Status:
        """The state that a finding of this severity gives a tunnel or device."""
        return (Status.CRITICAL, Status.WARNING, Status.HEALTHY)[self.rank]


class Status(StrEnum):
    """State of a device or tunnel in the monitoring-plugin convention."""

    HEALTHY = "healthy"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"

    @property
    def exit_code(self) -> int:
        """0 healthy, 1 warning, 2 critical, 3 unknown."""
        return (Status.HEALTHY, Status.WARNING, Status.CRITICAL, Status.UNKNOWN).index(self)

    @staticmethod
    def worst(statuses: list[Status]) -> Status:
        """The worst of several devices: critical > unknown > warning > healthy; unknown where there is none."""
        for status in (Status.CRITICAL, Status.UNKNOWN, Status.WARNING, Status.HEALTHY):
            if status in statuses:
                return status
        return Status.UNKNOWN


class Side(StrEnum):
    """Where the fault lies, seen from the device that was looked at. BOTH: the two sides do not agree."""

    HERE = "here"
    PATH = "path"
    BEYOND = "path or peer"
    PEER = "peer"
    BOTH = "both"
    UNDECIDED = "undecided"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A line of the device, verbatim, with the command it belongs to and its number there."""

    source: str
    line: int
    text: str
    origin: str | None = None


READ_ONLY = ("show ", "ping ", "traceroute ", "packet-tracer ")
"""How a command begins that may be advised for typing at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to do.

    `commands` only read and may be typed at any time. `changes` are lines that alter a device, for a person to review
    and to type; they are never sent. `on_peer` says that they belong on the other end. A `disruptive` remedy interrupts
    traffic.
    """

    text: str
    commands: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    on_peer: bool = False
    disruptive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found, with exactly one cause code of the published vocabulary.

    `confidence` 0.0..1.0; `about` is the key of the tunnel it speaks of (Tunnel.key), None for the device;
    `caveats` are what to beware of, unsafe advice in circulation included; `references` are sections of the source
    document (S12) or document titles; `rests` names other tunnels that fail for the same reason.
    """

    cause: str
    severity: Severity
    confidence: float
    summary: str
    evidence: tuple[Evidence, ...]
    peer: str | None = None
    tunnel: str | None = None
    about: tuple[str, ...] | None = None
    side: Side = Side.UNDECIDED
    causes: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    caveats: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    signature: str | None = None
    check: str | None = None
    """The configuration check that found it (`C06`)."""
    count: int = 1
    rests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelVerdict:
    """The judgement on one tunnel: its status and the cause code that explains it."""

    status: Status
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFault:
    """A step that failed on the way to a device, in one sentence with what to do next.

    `code` tells this failure from others of the same step; empty where the step says it all.
    """

    step: str
    message: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is to be said of one device. `verdict` is the finding to act on first, None when there is nothing to say."""

    device: str
    status: Status
    snapshot: DeviceSnapshot | None = None
    verdict: Finding | None = None
    findings: tuple[Finding, ...] = ()
    tunnels: tuple[TunnelVerdict, ...] = ()
    errors: tuple[DeviceFault, ...] = ()
    notes: tuple[str, ...] = field(default=())
    reasoning: Reasoning | None = None
