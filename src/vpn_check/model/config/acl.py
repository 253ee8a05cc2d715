"""Access lists as written: entries with their specifications, not yet resolved to sets of packets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from vpn_check.model.config.statement import Configured, Statement


class AddressKind(StrEnum):
    """How a source or destination is written."""

    ANY = "any"
    ANY4 = "any4"
    ANY6 = "any6"
    NETWORK = "network"
    """An address with the bits that count; a host counts all of them."""
    RANGE = "range"
    OBJECT = "object"
    GROUP = "object-group"
    INTERFACE = "interface"
    UNKNOWN = "unknown"
    """Not readable, or a name that resolves on the device only (FQDN, security group)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSpec:
    """A source or destination.

    NETWORK: an address matches where it equals `value` in the bits that are set in `care` (the netmask; the inverse of
    a wildcard). RANGE: `value`..`last`. OBJECT, GROUP, INTERFACE: `name`. `version` is 4 or 6.
    `text` is what stands in the configuration.
    """

    kind: AddressKind
    text: str
    value: int = 0
    care: int = 0
    last: int = 0
    version: int = 4
    name: str | None = None
    mask_text: str | None = None
    """The mask or wildcard as written, where there was one."""

    @property
    def host(self) -> bool:
        """Whether it is one address."""
        return self.kind is AddressKind.NETWORK and self.care == (1 << (128 if self.version == 6 else 32)) - 1  # noqa: PLR2004  IPv6

    @property
    def any(self) -> bool:
        """Whether it is everything: the word `any`, or a network of length 0."""
        return self.kind in {AddressKind.ANY, AddressKind.ANY4, AddressKind.ANY6} or (
            self.kind is AddressKind.NETWORK and self.care == 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PortSpec:
    """Ports: inclusive ranges, or the name of a service object-group."""

    ranges: tuple[tuple[int, int], ...] = ()
    group: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """One entry (ACE). `protocol` None: any (`ip`); `protocol_group`: a protocol or service object(-group) decides.

    `conditions` are words that narrow the entry and that are no part of addresses, protocol or ports (`established`,
    `fragments`, `dscp ef`): the entry matches a part of what its packets say. `permit` None marks a remark.
    """

    permit: bool | None
    statement: Statement = field(compare=False)
    protocol: int | None = None
    protocol_text: str = "ip"
    protocol_group: str | None = None
    source: AddressSpec
    destination: AddressSpec
    source_ports: PortSpec | None = None
    destination_ports: PortSpec | None = None
    icmp: tuple[int, int | None] | None = None
    icmp_group: str | None = None
    sequence: int | None = None
    remark: str | None = None
    inactive: bool = False
    time_range: str | None = None
    log: bool = False
    conditions: tuple[str, ...] = ()
    hits: int | None = None
    """Packets counted by `show access-list(s)`; None: not shown."""
    understood: bool = True

    @property
    def works(self) -> bool:
        """Whether the entry takes part in matching at all."""
        return self.permit is not None and not self.inactive


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessList(Configured):
    """A named or numbered access list. `kind`: `extended`, `standard`, `ipv6`, or another word of the platform."""

    name: str
    kind: str
    entries: tuple[AccessEntry, ...] = ()

    @property
    def rules(self) -> tuple[AccessEntry, ...]:
        """The entries that match packets: no remarks, no inactive ones."""
        return tuple(entry for entry in self.entries if entry.works)

    @property
    def permits(self) -> tuple[AccessEntry, ...]:
        """The permit entries among the rules."""
        return tuple(entry for entry in self.rules if entry.permit)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkObject(Configured):
    """`object network`: one address, subnet or range; `spec` None: FQDN or empty."""

    name: str
    spec: AddressSpec | None = None
    fqdn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    """A protocol with ports, of `object service`, `service-object` or `port-object` (protocol None: any)."""

    protocol: int | None = None
    protocols: tuple[int | None, ...] = ()
    """The alternatives, `tcp-udp` for instance; empty: `protocol` alone."""
    source: PortSpec | None = None
    destination: PortSpec | None = None
    icmp: tuple[int, int | None] | None = None
    name: str | None = None
    """The service object or group meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceObject(Configured):
    """`object service`."""

    name: str
    spec: ServiceSpec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectGroup(Configured):
    """`object-group network|service|protocol|icmp-type NAME`. Members may name other groups."""

    name: str
    kind: str
    addresses: tuple[AddressSpec, ...] = ()
    services: tuple[ServiceSpec, ...] = ()
