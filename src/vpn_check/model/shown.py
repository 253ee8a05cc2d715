"""What show commands say beside the SAs: routes as they are, interfaces with their MTU, software and licences."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from vpn_check.model.sa import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRoute:
    """One next hop of `show ip route` or `show route`.

    `code` as displayed (`S*`, `O E2`; `static` in an answer about one address). `connected` is also true for routes to
    an interface without a next hop. `asked`: the address of `show ip route A`, whose best route this is.
    """

    prefix: IPv4Network | IPv6Network
    code: str | None = None
    distance: int | None = None
    next_hop: str | None = None
    interface: str | None = None
    connected: bool = False
    vrf: str | None = None
    asked: str | None = None
    where: Where

    @property
    def default(self) -> bool:
        """Whether it is a default route."""
        return self.prefix.prefixlen == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRoute:
    """The device said that it has no route to an address (`% Network not in table`)."""

    asked: str
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInterface:
    """One interface of `show interfaces`. `mtu` in bytes; `tunnel_mtu`: what IOS reckons that a tunnel can carry."""

    name: str
    nameif: str | None = None
    up: bool | None = None
    protocol_up: bool | None = None
    shutdown: bool = False
    address: str | None = None
    mtu: int | None = None
    tunnel_mtu: int | None = None
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNat:
    """One rule of `show nat`. `hits`: flows that it translated outbound; `back`: inbound."""

    section: int | None
    order: int
    real_interface: str | None = None
    mapped_interface: str | None = None
    text: str | None = None
    hits: int | None = None
    back: int | None = None
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What `show version` says. `des` and `strong`: whether the licence allows DES, and 3DES and AES (ASA, PIX).

    `security`: the technology package of an ISR G2 (`securityk9`, `None` where there is none); `throughput` in kbit/s.
    `uptime` in seconds, as exactly as printed (IOS: whole minutes). `modified`: who changed the configuration last
    and when, as an ASA prints it.
    """

    release: str | None = None
    image: str | None = None
    model: str | None = None
    hostname: str | None = None
    des: bool | None = None
    strong: bool | None = None
    security: str | None = None
    throughput: int | None = None
    vpn_peers: str | None = None
    uptime: int | None = None
    modified: str | None = None
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All of it. `routes_whole`: the routing table itself was given, so that what is not in it has no route."""

    routes: tuple[ShownRoute, ...] = ()
    no_routes: tuple[NoRoute, ...] = ()
    routes_whole: bool = False
    interfaces: tuple[ShownInterface, ...] = ()
    nat: tuple[ShownNat, ...] = ()
    software: Software | None = None
