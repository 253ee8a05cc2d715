"""What `vpn-check mtu` found out: the path outside and inside a tunnel, what IPsec takes, and what is right to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from vpn_check.model.device import PlatformName
    from vpn_check.model.encapsulation import Encapsulation
    from vpn_check.model.finding import DeviceFault, Evidence, Finding
    from vpn_check.model.sweep import Measured
    from vpn_check.model.tunnel import Tunnel


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredMtu:
    """What the configuration says where it was looked at; None: the statement is not there, or was not seen.

    `seen`: the device answered. `interface` is where it was looked for; None for a global statement (ASA).
    """

    seen: bool = False
    interface: str | None = None
    ip_mtu: int | None = None
    mss: int | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RightMtu:
    """What is right to set, in bytes. `basis`: measured through the tunnel, or computed from the path outside."""

    ip_mtu: int
    mss: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReport:
    """One sweep from one device.

    `outside` is the path to the peer's outer address, `inside` the one through the tunnel; None: not tried. `through`
    says whether the tunnel's counter grew with the pings; None: it was not looked at. `wrap` is how the tunnel wraps
    packets; None: not known. `commands` is every line that was sent.
    """

    device: str
    platform: PlatformName | None = None
    to: str
    source: str | None = None
    tunnel: Tunnel | None = None
    choice: str | None = None
    wrap: Encapsulation | None = None
    outside: Measured | None = None
    inside: Measured | None = None
    through: bool | None = None
    configured: ConfiguredMtu = field(default_factory=ConfiguredMtu)
    right: RightMtu | None = None
    status: Status = Status.UNKNOWN
    verdict: Finding | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[DeviceFault, ...] = ()
    commands: tuple[str, ...] = ()
