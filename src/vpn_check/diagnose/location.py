"""Behind which interface addresses lie, as far as connected networks and static routes tell."""

from __future__ import annotations

from vpn_check.model.config import DeviceConfig, interface_key
from vpn_check.model.packets import AddressSet
from vpn_check.model.shown import Shown


class Location:
    """The longest match of connected networks and routes, as sets. Default routes do not locate anything.

    Args:
        config: interfaces and static routes.
        vrf: the table.
        shown: the routes that the device shows, those of routing protocols among them.
    """

    def __init__(self, config: DeviceConfig, vrf: str | None = None, *, shown: Shown | None = None) -> None:
        self._config = config
        claims: list[tuple[int, str, AddressSet]] = []
        for interface in config.interfaces:
            if interface.shutdown or interface.vrf != vrf:
                continue
            claims += [
                (net.network.prefixlen, interface.label, AddressSet.of(str(net.network))) for net in interface.addresses
            ]
        for route in config.routes:
            if route.default or route.vrf != vrf:
                continue
            name = self._egress(route.interface, route.next_hop)
            if name is not None:
                claims.append((route.prefix.prefixlen, name, AddressSet.of(str(route.prefix))))
        for known in shown.routes if shown is not None else ():
            if not known.default and known.interface is not None and known.vrf == vrf:
                claims.append((known.prefix.prefixlen, known.interface, AddressSet.of(str(known.prefix))))
        self._behind: dict[str, AddressSet] = {}
        taken = AddressSet.nothing()
        for _, name, addresses in sorted(claims, key=lambda claim: -claim[0]):
            own = addresses - taken
            key = interface_key(name)
            self._behind[key] = self._behind.get(key, AddressSet.nothing()) | own
            taken |= addresses
        self.known = taken

    def _egress(self, interface: str | None, next_hop: str | None) -> str | None:
        held = self._config.interface(interface)
        if held is not None:
            return held.label
        if interface is not None:
            return interface
        for candidate in self._config.interfaces:
            for net in candidate.addresses:
                if next_hop is not None and AddressSet.of(next_hop) <= AddressSet.of(str(net.network)):
                    return candidate.label
        return None

    def behind(self, name: str) -> AddressSet:
        """The addresses that are known to lie behind this interface."""
        return self._behind.get(interface_key(name), AddressSet.nothing())
