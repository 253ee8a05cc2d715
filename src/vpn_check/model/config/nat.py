"""Address translation of all generations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vpn_check.model.config.acl import AddressSpec
from vpn_check.model.config.statement import Configured
from vpn_check.model.sa import Address


class NatKind(StrEnum):
    """What a rule does to a source address."""

    EXEMPT = "exempt"
    """`nat (x) 0 access-list A`: what A permits is not translated (PIX, ASA to 8.2)."""
    IDENTITY = "identity"
    """`nat (x) 0 N M`: translated to itself, outbound only; no exemption for a VPN."""
    STATIC = "static"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True, kw_only=True)
class NatRule(Configured):
    """One rule, in the order in which the device tries it.

    PIX and ASA to 8.2: `nat`/`static` with `real_interface`, `mapped_interface` (None for dynamic rules: every
    interface that has a `global` with `nat_id`), `acl` of policy NAT. ASA from 8.3: `section` 1 (manual), 2 (object),
    3 (after-auto); `real_destination`/`mapped_destination` of twice NAT; interface `any` is kept as a word.
    Routers: `acl` or `route_map` selects; `pool` or `overload_interface` translates; `section` is 0.
    """

    kind: NatKind
    section: int = 0
    real_interface: str | None = None
    mapped_interface: str | None = None
    nat_id: int | None = None
    acl: str | None = None
    route_map: str | None = None
    real_source: AddressSpec | None = None
    """None: whatever `acl` or `route_map` selects."""
    mapped_source: AddressSpec | None = None
    real_destination: AddressSpec | None = None
    """What the destination is after translation (twice NAT)."""
    mapped_destination: AddressSpec | None = None
    """What the destination is in the packet that arrives at the real interface (twice NAT)."""
    service: tuple[str, ...] = ()
    protocol: int | None = None
    """Of a static port translation; with `real_port` it covers only that."""
    real_port: int | None = None
    mapped_port: int | None = None
    object: str | None = None
    pool: str | None = None
    overload_interface: str | None = None
    overload: bool = False
    outside: bool = False
    """`ip nat outside source`, `nat (outside) ... outside`: not for traffic that leaves."""
    no_proxy_arp: bool = False
    route_lookup: bool = False
    unidirectional: bool = False
    inactive: bool = False
    vrf: str | None = None
    redundancy: str | None = None

    @property
    def identity(self) -> bool:
        """Whether source and destination stay what they are (twice NAT)."""
        same = self.mapped_source is not None and self.real_source is not None
        if not same or self.kind is not NatKind.STATIC or self.section == 0:
            return False
        kept = self.mapped_source.text == self.real_source.text  # type: ignore[union-attr]  # both are there, see above
        if self.real_destination is None or self.mapped_destination is None:
            return kept
        return kept and self.real_destination.text == self.mapped_destination.text


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalPool(Configured):
    """`global (outside) 1 interface` of PIX and ASA to 8.2."""

    interface: str
    nat_id: int
    text: str
    ranges: tuple[tuple[Address, Address], ...] = ()
    """Empty where the address of the interface is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMapClause(Configured):
    """One sequence of a route-map. Without `match` lines it matches everything."""

    sequence: int
    permit: bool
    acls: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    next_hops: tuple[str, ...] = ()
    set_interfaces: tuple[str, ...] = ()
    set_vrf: str | None = None
    other_matches: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMap(Configured):
    """A route-map with its clauses by sequence."""

    name: str
    clauses: tuple[RouteMapClause, ...] = ()
