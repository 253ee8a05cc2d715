"""An alarm: something that went wrong, was confirmed, and is over some time (RFC 8632: raised, cleared)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.finding import Status


class AlarmKind(StrEnum):
    """What an alarm is about.

    tunnel: one tunnel. device: one device that does not answer. peer: one address that tunnels of several devices lead
    to (a hub). uplink: all tunnels of one device. site: devices of one site.
    """

    TUNNEL = "tunnel"
    DEVICE = "device"
    PEER = "peer"
    UPLINK = "uplink"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that was so while all was well, and is otherwise since. `what`: `configuration`, `release`, `peer` ...

    For a configuration `before` and `after` are its lines that went and came, secrets masked. `seen_before` and
    `seen_after` bound when it changed.
    """

    what: str
    before: str
    after: str
    seen_before: datetime | None
    seen_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One outage, raised once and cleared once.

    `id` follows from whom it is about and when it began. `subject`: the device's name, the tunnel's, the peer's address
    or the site. `began`: the first poll that saw it; `good_at`: the last one before that saw all well. `finding` is the
    document that explains it, secrets masked. `evidence`: the id of what was collected in full. `root`: the id of the
    alarm under which it is rolled up; `members`: ids of those rolled up under this one. An alarm of any kind may have
    members: a tunnel's those of its other end, or of further flows between the same two ends. `gone`: cleared
    since whom it is about is no longer there, not known to be well.
    """

    id: str
    kind: AlarmKind
    subject: str
    device: str | None
    tunnel: tuple[str, ...] | None = None
    peer: str | None = None
    status: Status
    cause: str
    summary: str
    began: datetime
    raised_at: datetime
    good_at: datetime | None = None
    cleared_at: datetime | None = None
    finding: Mapping[str, Any] | None = None
    changed: tuple[Difference, ...] = ()
    evidence: str | None = None
    flapping: bool = False
    root: str | None = None
    members: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The held verdict of a tunnel (or of a device, `tunnel` None) became another one."""

    device: str
    tunnel: tuple[str, ...] | None
    name: str
    at: datetime
    before: Status
    after: Status
    cause: str
    summary: str = ""
