"""From access lists and objects as written to sets of addresses and packets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vpn_check.model import decision
from vpn_check.model.config.acl import AccessEntry, AccessList, AddressKind, AddressSpec, PortSpec, ServiceSpec
from vpn_check.model.config.device_config import DeviceConfig
from vpn_check.model.config.ipsec import CryptoMapEntry
from vpn_check.model.packets import AddressSet, PacketSet, Ports, ServiceSet

_DEEPEST = 20
"""Levels of groups in groups; a device allows fewer, and a circle must end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """What an access list permits, deny entries and their order respected.

    `most` and `least` differ where entries cannot be decided from the configuration (`unsure`: a time range, a host
    name, `established`): an unsure permit counts for `most` only, an unsure deny takes away from `least` only.
    """

    most: PacketSet
    least: PacketSet
    unsure: tuple[AccessEntry, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the set is known exactly."""
        return not self.unsure


class ConfigSets:
    """Resolves the names of one configuration, each once."""

    def __init__(self, config: DeviceConfig) -> None:
        self.config = config
        self._permitted: dict[str, Permitted] = {}
        self._packets: dict[int, PacketSet | None] = {}

    def addresses(self, spec: AddressSpec, depth: int = 0) -> AddressSet | None:  # noqa: PLR0911  one line a kind
        """The addresses that a specification means; None where the configuration does not tell."""
        if spec.kind is AddressKind.NETWORK:
            return AddressSet.masked(spec.value, spec.care, spec.version)
        if spec.kind is AddressKind.RANGE:
            return AddressSet.range(spec.value, spec.last, spec.version)
        if spec.kind is AddressKind.ANY:
            return AddressSet.everything()
        if spec.kind is AddressKind.ANY4:
            return AddressSet(v4=True)
        if spec.kind is AddressKind.ANY6:
            return AddressSet(v6=True)
        if spec.kind is AddressKind.INTERFACE:
            return self._own(spec.name)
        if spec.kind is AddressKind.OBJECT:
            held = self.config.object(spec.name)
            return self.addresses(held.spec, depth + 1) if held and held.spec and depth < _DEEPEST else None
        if spec.kind is AddressKind.GROUP and depth < _DEEPEST:
            group = self.config.group(spec.name)
            return self._union([self.addresses(member, depth + 1) for member in group.addresses]) if group else None
        return None

    def members(self, spec: AddressSpec, depth: int = 0) -> Iterator[AddressSet]:
        """The sets that a specification lists one by one: the members of a group, or the one that it means."""
        group = self.config.group(spec.name) if spec.kind is AddressKind.GROUP and depth < _DEEPEST else None
        if group is None:
            held = self.addresses(spec, depth)
            yield from () if held is None else (held,)
        else:
            for member in group.addresses:
                yield from self.members(member, depth + 1)

    def _own(self, name: str | None) -> AddressSet | None:
        interface = self.config.interface(name)
        if interface is None or not interface.addresses:
            return None
        return AddressSet.union_of(AddressSet.of(str(address.ip)) for address in interface.addresses)

    @staticmethod
    def _union(sets: Iterable[AddressSet | None]) -> AddressSet | None:
        found: list[AddressSet] = []
        for one in sets:
            if one is None:
                return None
            found.append(one)
        return AddressSet.union_of(found)

    def packets(self, entry: AccessEntry) -> PacketSet | None:
        """The packets that an entry names, without regard to the entries before it; None where that is not known."""
        key = id(entry)  # entries live as long as the configuration
        if key not in self._packets:
            self._packets[key] = self._packets_of(entry)
        return self._packets[key]

    def _packets_of(self, entry: AccessEntry) -> PacketSet | None:
        service = self._service(entry)
        if service is None or not entry.understood:
            return None
        one, other = entry.source, entry.destination
        if one.kind is other.kind is AddressKind.NETWORK and one.version == other.version:
            return PacketSet.block(one.version, (one.value, one.care), (other.value, other.care), service)
        source, destination = self.addresses(one), self.addresses(other)
        if source is None or destination is None:
            return None
        return PacketSet.of(source, destination, service)

    def _service(self, entry: AccessEntry) -> ServiceSet | None:
        if entry.icmp_group is not None:
            return None
        if entry.protocol_group is not None:
            return self._services(entry.protocol_group)
        source, destination = self._ports(entry.source_ports), self._ports(entry.destination_ports)
        if source is False or destination is False:
            return None
        return ServiceSet.of(entry.protocol, source, destination, entry.icmp)  # type: ignore[arg-type]  # False is gone

    def _ports(self, spec: PortSpec | None, depth: int = 0) -> Ports | bool | None:
        """Ranges; None: any port; False: not known."""
        if spec is None:
            return None
        if spec.group is None:
            return spec.ranges
        group = self.config.group(spec.group)
        if group is None or depth > _DEEPEST:
            return False
        ranges: list[tuple[int, int]] = []
        for member in group.services:
            inner = self._ports(PortSpec(group=member.name) if member.name else member.destination, depth + 1)
            if inner is None or isinstance(inner, bool):
                return False
            ranges += inner
        return ranges

    def _services(self, name: str, depth: int = 0) -> ServiceSet | None:
        """A service object, or a group of services or protocols."""
        members: tuple[ServiceSpec, ...]
        single = next((held for held in self.config.service_objects if held.name == name), None)
        group = self.config.group(name)
        if single is not None and single.spec is not None:
            members = (single.spec,)
        elif group is not None and depth < _DEEPEST:
            members = group.services
        else:
            return None
        made = ServiceSet(False)
        for member in members:
            part = self._services(member.name, depth + 1) if member.name else self._of_spec(member)
            if part is None:
                return None
            made |= part
        return made

    def _of_spec(self, spec: ServiceSpec) -> ServiceSet | None:
        source, destination = self._ports(spec.source), self._ports(spec.destination)
        if source is False or destination is False:
            return None
        made = ServiceSet(False)
        for protocol in spec.protocols or (spec.protocol,):
            made |= ServiceSet.of(protocol, source, destination, spec.icmp)  # type: ignore[arg-type]  # False is gone
        return made

    def permitted(self, name: str | None) -> Permitted | None:
        """What the access list of this name permits; None where there is no such list."""
        acl = self.config.acl(name)
        if acl is None:
            return None
        if acl.name not in self._permitted:
            self._permitted[acl.name] = self.permitted_by(acl)
        return self._permitted[acl.name]

    def permitted_by(self, acl: AccessList) -> Permitted:
        """What an access list permits."""
        sure: list[tuple[bool, PacketSet]] = []
        unsure: list[AccessEntry] = []
        for entry in acl.rules:
            packets = self.packets(entry)
            if packets is None or entry.conditions or entry.time_range:
                unsure.append(entry)
                sure.append((bool(entry.permit), packets if packets is not None else PacketSet.everything()))
            else:
                sure.append((bool(entry.permit), packets))
        if not unsure:
            both = first_match(sure)
            return Permitted(most=both, least=both)
        rules = acl.rules
        doubtful = {id(entry) for entry in unsure}
        most = [pair for entry, pair in zip(rules, sure, strict=True) if id(entry) not in doubtful or pair[0]]
        least = [pair for entry, pair in zip(rules, sure, strict=True) if id(entry) not in doubtful or not pair[0]]
        return Permitted(most=first_match(most), least=first_match(least), unsure=tuple(unsure))

    def protected(self, entry: CryptoMapEntry) -> Permitted | None:
        """What a crypto map entry protects, outbound: local network as source. None: no list, or it was not given."""
        return self.permitted(entry.match_address)


def first_match(rules: list[tuple[bool, PacketSet]]) -> PacketSet:
    """What an ordered list of (permit, packets) permits: the first rule that matches decides."""
    return PacketSet(
        _first_match([(permit, packets.v4) for permit, packets in rules]),
        _first_match([(permit, packets.v6) for permit, packets in rules]),
    )


def _first_match(rules: list[tuple[bool, decision.Node]]) -> decision.Node:
    """Join neighbours to blocks of (permitted, decided), and blocks to larger ones."""
    held = [(packets if permit else False, packets) for permit, packets in rules]
    while len(held) > 1:
        joined = []
        for place in range(0, len(held) - 1, 2):
            (permit, decided), (later, later_decided) = held[place], held[place + 1]
            all_decided = decision.union(decided, later_decided)
            if permit is decided and later is later_decided:
                joined.append((all_decided, all_decided))
            else:
                joined.append((decision.union(permit, decision.difference(later, decided)), all_decided))
        if len(held) % 2:
            joined.append(held[-1])
        held = joined
    return held[0][0] if held else False
