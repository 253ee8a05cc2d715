"""What address translation does to packets on their way to a crypto interface (config-checks C09, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vpn_check.diagnose.audit import Site
from vpn_check.diagnose.location import Location
from vpn_check.model.config import Generation, NatKind, NatRule, RouteMap
from vpn_check.model.packets import AddressSet, PacketSet, ServiceSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """Packets that a rule translates on their way out."""

    rule: NatRule
    packets: PacketSet


class Translation:
    """The translation of one end towards one interface. Rules that cannot be decided are passed over in silence."""

    def __init__(self, site: Site, egress: str) -> None:
        self._site = site
        self._egress = egress
        self._location = Location(site.config, shown=site.snapshot.shown)

    def of(self, packets: PacketSet) -> Iterator[Translated]:
        """The rules that translate some of these outbound packets, with what they catch, in order."""
        left = packets - PacketSet.of(self._mapped(), AddressSet.everything())
        if self._site.config.generation.router:
            yield from self._router(left)
        elif self._site.config.generation.old_nat:
            yield from self._old(left)
        else:
            yield from self._sections(left)

    def _mapped(self) -> AddressSet:
        """Addresses that exist only behind translation: a crypto ACL that names them is written on purpose."""
        config = self._site.config
        ranges = [span for pool in config.nat_pools for span in pool.ranges]
        ranges += [span for pool in config.globals for span in pool.ranges]
        held = AddressSet.union_of(
            AddressSet.range(int(low), int(high), low.version)
            for low, high in ranges
            if not isinstance(low, str) and not isinstance(high, str)
        )
        for rule in self._site.config.nat:
            real = self._site.sets.addresses(rule.real_source) if rule.real_source else None
            mapped = self._site.sets.addresses(rule.mapped_source) if rule.mapped_source else None
            if mapped is not None and mapped != real:
                held |= mapped - (real or AddressSet.nothing())
        return held

    def _from(self, interface: str | None) -> AddressSet:
        """The sources that arrive at an interface: what lies behind it, and the rest where it is the only one."""
        if interface in {None, "any"}:
            return ~self._location.behind(self._egress)
        others = [
            held.label
            for held in self._site.config.interfaces
            if held.label != self._egress
            and not held.management_only
            and held.addresses
            and not held.shutdown
            and (held.nameif or not self._site.config.firewall)
        ]
        behind = self._location.behind(interface or "")
        if others == [interface]:
            return behind | ~self._location.known
        return behind

    def _sections(self, left: PacketSet) -> Iterator[Translated]:
        """ASA from 8.3: the first rule that matches decides, an identity rule exempts."""
        for rule in self._site.config.nat:
            if (
                rule.inactive
                or rule.mapped_interface not in {self._egress, "any"}
                or rule.real_interface == self._egress
            ):
                continue
            match = self._match(rule)
            if match is None:
                continue
            caught = left & match
            if caught.empty:
                continue
            if not self._keeps(rule):
                yield Translated(rule=rule, packets=caught)
            left -= match

    def _match(self, rule: NatRule) -> PacketSet | None:
        sets = self._site.sets
        source = sets.addresses(rule.real_source) if rule.real_source is not None else AddressSet.everything()
        target = rule.mapped_destination
        destination = sets.addresses(target) if target is not None else AddressSet.everything()
        if source is None or destination is None or rule.service:
            return None
        service = ServiceSet.of(rule.protocol, _one(rule.real_port)) if rule.protocol is not None else None
        return PacketSet.of(source & self._from(rule.real_interface), destination, service)

    def _keeps(self, rule: NatRule) -> bool:
        """Whether a rule leaves source and destination as they are."""
        if rule.identity:
            return True
        sets = self._site.sets
        pairs = ((rule.real_source, rule.mapped_source), (rule.real_destination, rule.mapped_destination))
        for real, mapped in pairs:
            if real is None and mapped is None:
                continue
            one, other = (sets.addresses(spec) if spec is not None else None for spec in (real, mapped))
            if one is None or other is None or one != other:
                return False
        return rule.kind is NatKind.STATIC

    def _old(self, left: PacketSet) -> Iterator[Translated]:
        """PIX, and ASA to 8.2: exemption, then static, then dynamic translation."""
        globals_ = {held.nat_id for held in self._site.config.globals if held.interface == self._egress}
        for rule in self._site.config.nat:
            if rule.outside or rule.real_interface == self._egress:
                continue
            if rule.kind is NatKind.STATIC and rule.mapped_interface != self._egress:
                continue
            if rule.kind is NatKind.DYNAMIC and rule.nat_id not in globals_:
                continue
            match = self._old_match(rule)
            if match is None:
                continue
            caught = left & match
            kept = rule.kind in {NatKind.EXEMPT, NatKind.IDENTITY} or (rule.kind is NatKind.STATIC and self._same(rule))
            if not caught.empty and not kept:
                yield Translated(rule=rule, packets=caught)
            left -= match

    def uncovered(self, packets: PacketSet) -> PacketSet:
        """What no rule covers on a PIX, or an ASA to 8.2, that translates everything or drops it (305005).

        That holds from an interface of higher security to one of lower, on PIX 6 and where `nat-control` stands.
        """
        config = self._site.config
        strict = config.generation is Generation.PIX6 or (config.generation.old_nat and config.system.nat_control)
        egress = config.interface(self._egress)
        if not strict or not config.shows("nat") or egress is None or egress.security_level is None:
            return PacketSet.nothing()
        level = egress.security_level
        inner = [held for held in config.interfaces if held.security_level is not None and held.security_level > level]
        sources = AddressSet.union_of(self._location.behind(held.label) for held in inner)
        left = packets & PacketSet.of(sources, AddressSet.everything())
        for rule in config.nat:
            match = self._old_match(rule) if not rule.outside else None
            left -= PacketSet.everything() if match is None and not rule.outside else match or PacketSet.nothing()
        return left

    def _same(self, rule: NatRule) -> bool:
        sets = self._site.sets
        real = sets.addresses(rule.real_source) if rule.real_source else None
        mapped = sets.addresses(rule.mapped_source) if rule.mapped_source else None
        return real is not None and mapped is not None and real == mapped

    def _old_match(self, rule: NatRule) -> PacketSet | None:
        arriving = PacketSet.of(self._from(rule.real_interface), AddressSet.everything())
        if rule.acl is not None:
            permitted = self._site.sets.permitted(rule.acl)
            if permitted is None:
                return PacketSet.everything() if rule.kind is NatKind.EXEMPT else None
            exempts = rule.kind is NatKind.EXEMPT
            return (permitted.most if exempts else permitted.least) & arriving
        source = self._site.sets.addresses(rule.real_source) if rule.real_source is not None else None
        if source is None:
            return None
        service = ServiceSet.of(rule.protocol, _one(rule.real_port)) if rule.protocol is not None else None
        return PacketSet.of(source, AddressSet.everything(), service) & arriving

    def _router(self, left: PacketSet) -> Iterator[Translated]:
        """Routers: only from an inside to an outside interface; static translations first, then lists in order."""
        config = self._site.config
        egress = config.interface(self._egress)
        if egress is None or egress.nat not in {"outside", "enable"}:
            return
        inside = [held for held in config.interfaces if held.nat == "inside" and not held.shutdown]
        sources = AddressSet.union_of(self._location.behind(held.label) for held in inside)
        if len(inside) == len([held for held in config.interfaces if held.addresses and held is not egress]):
            sources |= ~self._location.known
        left &= PacketSet.of(sources, AddressSet.everything())
        for rule in config.nat:
            if rule.outside or rule.vrf is not None:
                continue
            match = self._router_match(rule)
            if match is None:
                continue
            caught = left & match
            if not caught.empty:
                yield Translated(rule=rule, packets=caught)
            left -= match

    def _router_match(self, rule: NatRule) -> PacketSet | None:
        selected = PacketSet.everything()
        if rule.acl is not None:
            permitted = self._site.sets.permitted(rule.acl)
            if permitted is None:
                return None
            selected = permitted.least
        if rule.route_map is not None:
            chosen = self._chosen(self._site.config.route_map(rule.route_map))
            if chosen is None:
                return None
            selected &= chosen
        if rule.real_source is not None:
            source = self._site.sets.addresses(rule.real_source)
            if source is None:
                return None
            service = ServiceSet.of(rule.protocol, _one(rule.real_port)) if rule.protocol is not None else None
            selected &= PacketSet.of(source, AddressSet.everything(), service)
        return selected

    def _chosen(self, route_map: RouteMap | None) -> PacketSet | None:
        """What a route-map lets through towards the egress interface; None where that cannot be decided."""
        if route_map is None:
            return None
        chosen, decided = PacketSet.nothing(), PacketSet.nothing()
        for clause in route_map.clauses:
            if clause.other_matches or clause.prefix_lists:
                return None
            if clause.interfaces and not any(self._is_egress(name) for name in clause.interfaces):
                continue
            lists = [self._site.sets.permitted(name) for name in clause.acls]
            if any(held is None or not held.exact for held in lists):
                return None
            match = PacketSet.union_of(held.most for held in lists if held) if lists else PacketSet.everything()
            if clause.permit:
                chosen |= match - decided
            decided |= match
        return chosen

    def _is_egress(self, name: str) -> bool:
        held = self._site.config.interface(name)
        return held is not None and held.label == self._egress


def _one(port: int | None) -> tuple[tuple[int, int], ...] | None:
    return ((port, port),) if port is not None else None
