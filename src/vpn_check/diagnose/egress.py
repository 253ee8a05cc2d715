"""Through which interface an address is reached, as far as the configuration tells for certain."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from vpn_check.model.config import DeviceConfig, Interface, StaticRoute, interface_key
from vpn_check.model.packets import AddressSet

Address = IPv4Address | IPv6Address


class Egress:
    """The longest match of connected networks and static routes.

    None wherever something else may decide: a dynamic routing protocol or policy routing with more specific routes, a
    next hop that no interface reaches, several routes of the same length.
    """

    def __init__(self, config: DeviceConfig, vrf: str | None = None) -> None:
        self._config = config
        self._vrf = vrf
        self._hidden = bool(config.protocols) or any(held.policy_route_map for held in config.interfaces)
        self._interfaces = [held for held in config.interfaces if not held.shutdown and held.vrf == vrf]

    def of(self, address: Address) -> str | None:
        """The label of the interface towards an address; None where it is not certain."""
        best: tuple[int, set[str | None]] = (-1, set())
        for interface in self._interfaces:
            for net in interface.addresses:
                if net.version == address.version and address in net.network:
                    best = _longer(best, net.network.prefixlen, interface.label)
        for route in self._config.routes:
            if route.vrf == self._vrf and route.prefix.version == address.version and address in route.prefix:
                best = _longer(best, route.prefix.prefixlen, self.through(route))
        length, names = best
        if len(names) != 1 or (self._hidden and not self._connected(address)):
            return None
        return next(iter(names)) if length >= 0 else None

    def route(self, address: Address) -> StaticRoute | None:
        """The static route that decides, for quoting; None where a connected network does, or nothing is certain."""
        fitting = [route for route in self._config.routes
                   if route.vrf == self._vrf and route.prefix.version == address.version and address in route.prefix]
        return max(fitting, key=lambda route: route.prefix.prefixlen, default=None)

    def elsewhere(self, names: set[str]) -> AddressSet:
        """The addresses that certainly leave through none of these interfaces (keys), longest match first."""
        found, taken = AddressSet.nothing(), AddressSet.nothing()
        claims = list(self._claims())
        for length in sorted({length for length, _, _ in claims}, reverse=True):
            level = [(name, addresses) for held, name, addresses in claims if held == length]
            away = AddressSet.union_of(some for name, some in level if name and interface_key(name) not in names)
            rest = AddressSet.union_of(some for name, some in level if not name or interface_key(name) in names)
            found |= away - rest - taken
            taken |= away | rest
        return found

    def _claims(self) -> Iterator[tuple[int, str | None, AddressSet]]:
        """Connected networks and static routes: length, interface (None: not certain), addresses."""
        for interface in self._interfaces:
            for net in interface.addresses:
                yield net.network.prefixlen, interface.label, AddressSet.of(str(net.network))
        for route in self._config.routes:
            if route.vrf == self._vrf:
                name = None if self._hidden else self.through(route)
                yield route.prefix.prefixlen, name, AddressSet.of(str(route.prefix))

    def interface(self, address: Address) -> Interface | None:
        """The interface of `of`."""
        return self._config.interface(self.of(address))

    def through(self, route: StaticRoute) -> str | None:
        """The label of the interface that a static route leaves through; None where it is not certain."""
        if route.interface is not None:
            held = self._config.interface(route.interface)
            return held.label if held is not None else route.interface
        try:
            hop = ip_address(route.next_hop or "")
        except ValueError:
            return None
        return next((held.label for held in self._interfaces for net in held.addresses
                     if net.version == hop.version and hop in net.network), None)

    def _connected(self, address: Address) -> bool:
        return any(net.version == address.version and address in net.network
                   for held in self._interfaces for net in held.addresses)


def _longer(best: tuple[int, set[str | None]], length: int, name: str | None) -> tuple[int, set[str | None]]:
    if length > best[0]:
        return length, {name}
    return (best[0], best[1] | {name}) if length == best[0] else best


def address_of(word: str) -> Address | None:
    """An address as written; None for a name."""
    try:
        return ip_address(word)
    except ValueError:
        return None
