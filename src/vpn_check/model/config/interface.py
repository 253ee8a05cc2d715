"""Interfaces, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface

from vpn_check.model.config.keymark import KeyMark
from vpn_check.model.config.statement import Configured
from vpn_check.model.sa import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelSettings(Configured):
    """`tunnel ...` of a tunnel interface. `source` is an address or the name of an interface."""

    source: str | None = None
    destination: str | None = None
    mode: str | None = None
    """As displayed (`gre multipoint`, `ipsec ipv4`); None: the default, GRE over IP on routers."""
    key: int | None = None
    vrf: str | None = None
    protection: str | None = None
    """The IPsec profile of `tunnel protection ipsec profile`."""
    shared: bool = False
    ikev2_profile: str | None = None

    @property
    def ipsec(self) -> bool:
        """Whether the tunnel itself is IPsec (VTI), without GRE."""
        return (self.mode or "").startswith(("ipsec", "sa-"))

    @property
    def multipoint(self) -> bool:
        """Whether it is an mGRE interface (DMVPN)."""
        return "multipoint" in (self.mode or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nhrp(Configured):
    """`ip nhrp ...` of a tunnel interface. `maps` are (overlay address, underlay address)."""

    network_id: int | None = None
    authentication: KeyMark | None = None
    servers: tuple[str, ...] = ()
    maps: tuple[tuple[str, str], ...] = ()
    multicast: tuple[str, ...] = ()
    holdtime: int | None = None
    redirect: bool = False
    shortcut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standby(Configured):
    """One HSRP group: its virtual address and its name."""

    group: int
    address: Address | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface(Configured):
    """One interface. `name` is as displayed, `nameif` is what ASA and PIX call it in other statements.

    `mtu` is the interface MTU, `ip_mtu` what `ip mtu` says, `adjust_mss` what `ip tcp adjust-mss` says, in bytes.
    """

    name: str
    nameif: str | None = None
    security_level: int | None = None
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()
    """Primary first; empty with `dynamic_address` where DHCP, PPP or another interface gives it."""
    dynamic_address: str | None = None
    """`dhcp`, `negotiated`, `pppoe`, or `unnumbered X`."""
    vrf: str | None = None
    mtu: int | None = None
    ip_mtu: int | None = None
    adjust_mss: int | None = None
    crypto_map: str | None = None
    crypto_map_redundancy: str | None = None
    tunnel: TunnelSettings | None = None
    nhrp: Nhrp | None = None
    nat: str | None = None
    """`inside` or `outside` (`ip nat inside`), or `enable` (NVI)."""
    acl_in: str | None = None
    acl_out: str | None = None
    shutdown: bool = False
    zone: str | None = None
    standby: tuple[Standby, ...] = ()
    policy_route_map: str | None = None
    verify_unicast: bool = False
    ezvpn: str | None = None
    management_only: bool = False
    crypto_engine: str | None = None
    """`crypto engine slot 2/0 outside`: the IPsec module of a Catalyst 6500 or 7600."""
    df_bit: str | None = None
    before_encryption: bool | None = None
    """`crypto ipsec fragmentation` of this interface; None: not said, the default is before."""
    service_policies: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What other statements call it."""
        return self.nameif or self.name
