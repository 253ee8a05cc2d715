"""Routes as configured."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from vpn_check.model.config.statement import Configured


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticRoute(Configured):
    """`ip route ...` or `route outside ...`. `interface` is a name as displayed (nameif on ASA and PIX)."""

    prefix: IPv4Network | IPv6Network
    interface: str | None = None
    next_hop: str | None = None
    distance: int = 1
    track: int | None = None
    vrf: str | None = None
    next_hop_global: bool = False

    @property
    def default(self) -> bool:
        """Whether it is a default route."""
        return self.prefix.prefixlen == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingProtocol(Configured):
    """`router ospf 1`, `router bgp 65000`, ...: routes that the configuration does not show."""

    name: str
