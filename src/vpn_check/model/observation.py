"""What one poll saw of a device and of each of its tunnels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.finding import DeviceFault

COUNTERS = ("encaps", "decaps", "send_errors", "recv_errors")
"""The counters that are followed, as fields of TrafficCounters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelId:
    """Which tunnel, in words. `key` is `Tunnel.key`: stable over rekeys, without any SPI."""

    key: tuple[str, ...]
    name: str
    peer: str | None = None
    interface: str | None = None
    local_ident: str | None = None
    remote_ident: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelObservation:
    """One tunnel as one poll saw it.

    `status` and `cause` are those of the diagnosis of this moment, `finding` the document (FINDING of the published
    JSON, secrets masked) that explains them; None where the tunnel is healthy. `up`: whether it has IPsec SAs; None:
    not told. `wanted`: somebody said that it should be up. `counters` by the names of `COUNTERS`, only those that were
    printed. `spis` of its live SAs. `traits` are facts that are compared when it fails: peer, local address,
    proposals, path MTU.
    """

    id: TunnelId
    status: Status
    cause: str
    up: bool | None = None
    wanted: bool = False
    finding: Mapping[str, Any] | None = None
    counters: Mapping[str, int] = field(default_factory=dict)
    spis: frozenset[int] = frozenset()
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceObservation:
    """One device as one poll saw it.

    `fault` says why it could not be asked; then nothing is known of its tunnels. `whole`: the table of its IPsec SAs
    was read to its end, so that a tunnel that is not in it is not there. `finding` is the document of the finding about
    the device that is no tunnel's. `booted_at`: when it last started, by its uptime. `expected_up`: peers that should
    have a tunnel (`*`: every tunnel).
    """

    device: str
    at: datetime
    status: Status = Status.UNKNOWN
    fault: DeviceFault | None = None
    whole: bool = False
    tunnels: tuple[TunnelObservation, ...] = ()
    finding: Mapping[str, Any] | None = None
    booted_at: datetime | None = None
    traits: Mapping[str, str] = field(default_factory=dict)
    local_addresses: frozenset[str] = frozenset()
    expected_up: tuple[str, ...] = ()
    site: str | None = None
    seconds: float = 0.0
    table_lines: tuple[Mapping[str, Any], ...] = ()
