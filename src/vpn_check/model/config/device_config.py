"""All that a running-config says about VPNs, in nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from vpn_check.model.config.access import AccessGroup, ClientGroup, GroupPolicy, Pool, Trustpoint, TunnelGroup
from vpn_check.model.config.acl import AccessList, AddressSpec, NetworkObject, ObjectGroup, ServiceObject
from vpn_check.model.config.generation import Generation, release_key
from vpn_check.model.config.ike import IkePolicy, IkeProfile, IkeSettings, Ikev2Selection, Keyring, PeerKey
from vpn_check.model.config.interface import Interface
from vpn_check.model.config.ipsec import CryptoMap, CryptoMapEntry, IpsecProfile, IpsecSettings, TransformSet
from vpn_check.model.config.nat import GlobalPool, NatRule, RouteMap
from vpn_check.model.config.routing import RoutingProtocol, StaticRoute
from vpn_check.model.config.statement import Configured, Statement
from vpn_check.model.config.system import SystemSettings


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _find(nouns: tuple[_N, ...], name: str | None) -> _N | None:
    return next((noun for noun in nouns if noun.name == name), None) if name is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceConfig(Configured):
    """The configuration of one device, or as much of it as was given.

    `whole`: the text is a complete running-config. Only then does a statement that is not there mean anything beyond
    the sections that were seen; ask `shows` before calling something missing.
    """

    generation: Generation
    release: str | None = None
    hostname: str | None = None
    whole: bool = False
    interfaces: tuple[Interface, ...] = ()
    acls: tuple[AccessList, ...] = ()
    names: Mapping[str, AddressSpec] = field(default_factory=dict)
    """`name 10.1.1.1 server` of PIX and ASA."""
    objects: tuple[NetworkObject, ...] = ()
    service_objects: tuple[ServiceObject, ...] = ()
    groups: tuple[ObjectGroup, ...] = ()
    ike: IkeSettings = field(default_factory=IkeSettings)
    ike_policies: tuple[IkePolicy, ...] = ()
    """IKEv1 policies of all platforms; IKEv2 policies of ASA; IKEv2 proposals of routers. See `version`."""
    ikev2_selections: tuple[Ikev2Selection, ...] = ()
    keys: tuple[PeerKey, ...] = ()
    """Global keys: `crypto isakmp key ... address ...`, `isakmp key`."""
    keyrings: tuple[Keyring, ...] = ()
    ike_profiles: tuple[IkeProfile, ...] = ()
    transform_sets: tuple[TransformSet, ...] = ()
    ipsec: IpsecSettings = field(default_factory=IpsecSettings)
    ipsec_profiles: tuple[IpsecProfile, ...] = ()
    crypto_maps: tuple[CryptoMap, ...] = ()
    """Dynamic-map templates are among them (`dynamic`)."""
    tunnel_groups: tuple[TunnelGroup, ...] = ()
    group_policies: tuple[GroupPolicy, ...] = ()
    client_groups: tuple[ClientGroup, ...] = ()
    pools: tuple[Pool, ...] = ()
    access_groups: tuple[AccessGroup, ...] = ()
    nat: tuple[NatRule, ...] = ()
    """In the order in which the device tries them."""
    globals: tuple[GlobalPool, ...] = ()
    nat_pools: tuple[Pool, ...] = ()
    """`ip nat pool` of routers."""
    route_maps: tuple[RouteMap, ...] = ()
    routes: tuple[StaticRoute, ...] = ()
    protocols: tuple[RoutingProtocol, ...] = ()
    trustpoints: tuple[Trustpoint, ...] = ()
    system: SystemSettings = field(default_factory=SystemSettings)
    seen: frozenset[str] = frozenset()
    """The kinds of statements that occur."""
    listed: frozenset[str] = frozenset()
    """The kinds of which all statements were given, see `shows`."""
    unknown: tuple[Statement, ...] = ()
    """Statements that nothing here reads; kept, so that nothing is dropped silently."""
    statements: int = 0

    def shows(self, kind: str) -> bool:
        """Whether the absence of a statement of this kind means that the device does not have it.

        True where the configuration is whole, or where the answer to a command that lists all of this kind was given
        (`show running-config access-list`). Kinds: `interface`, `access-list`, `object`, `object-group`, `crypto map`,
        `transform-set`, `ipsec-proposal`, `isakmp`, `ikev2`, `key`, `keyring`, `tunnel-group`, `group-policy`, `nat`,
        `route`, `route-map`, `sysopt`, `pool`, `trustpoint`, `ipsec profile`, `vpngroup`.
        """
        return self.whole or kind in self.listed

    def given(self, kind: str) -> bool:
        """Whether statements of this kind occur at all: what is missing beside them may be missing on the device."""
        return self.whole or kind in self.seen

    @property
    def firewall(self) -> bool:
        """Whether it is an ASA or a PIX."""
        return self.generation.firewall

    @property
    def release_key(self) -> tuple[int, ...]:
        """The release as numbers; empty where it is not known."""
        return release_key(self.release)

    def acl(self, name: str | None) -> AccessList | None:
        """The access list of this name."""
        return _find(self.acls, name)

    def object(self, name: str | None) -> NetworkObject | None:
        """The network object of this name."""
        return _find(self.objects, name)

    def group(self, name: str | None) -> ObjectGroup | None:
        """The object-group of this name."""
        return _find(self.groups, name)

    def crypto_map(self, name: str | None, *, dynamic: bool = False) -> CryptoMap | None:
        """The crypto map, or dynamic-map template, of this name."""
        return next((held for held in self.crypto_maps if held.name == name and held.dynamic == dynamic), None)

    def transform_set(self, name: str, version: int | None = None) -> TransformSet | None:
        """The transform set of this name; with `version` 2 the ipsec-proposal of an ASA."""
        wanted = {2} if version == 2 else {1, None}  # noqa: PLR2004  IKEv2
        return next((held for held in self.transform_sets if held.name == name and held.version in wanted), None)

    def ipsec_profile(self, name: str | None) -> IpsecProfile | None:
        """The IPsec profile of this name."""
        return _find(self.ipsec_profiles, name)

    def ike_profile(self, name: str | None, version: int) -> IkeProfile | None:
        """The ISAKMP profile (1) or IKEv2 profile (2) of this name."""
        return _find(tuple(held for held in self.ike_profiles if held.version == version), name)

    def keyring(self, name: str | None, version: int) -> Keyring | None:
        """The keyring of this name."""
        return _find(tuple(held for held in self.keyrings if held.version == version), name)

    def tunnel_group(self, name: str | None) -> TunnelGroup | None:
        """The tunnel-group of this name; for a LAN-to-LAN peer that is its address."""
        return _find(self.tunnel_groups, name)

    def group_policy(self, name: str | None) -> GroupPolicy | None:
        """The group-policy of this name."""
        return _find(self.group_policies, name)

    def pool(self, name: str | None) -> Pool | None:
        """The address pool of this name."""
        return _find(self.pools, name)

    def route_map(self, name: str | None) -> RouteMap | None:
        """The route-map of this name."""
        return _find(self.route_maps, name)

    def trustpoint(self, name: str | None) -> Trustpoint | None:
        """The trustpoint of this name."""
        return _find(self.trustpoints, name)

    def interface(self, name: str | None) -> Interface | None:
        """The interface of this name, however it is abbreviated, or of this nameif."""
        if name is None:
            return None
        wanted = interface_key(name)
        return next(
            (held for held in self.interfaces if held.nameif == name or interface_key(held.name) == wanted), None
        )

    def static_entries(self) -> Iterator[tuple[CryptoMap, CryptoMapEntry]]:
        """Every entry of every map that names a peer of its own: no templates, no references to them, no GDOI."""
        for held in self.crypto_maps:
            if not held.dynamic:
                yield from ((held, entry) for entry in held.entries if entry.kind in {"ipsec-isakmp", "ipsec-manual"})

    def applied_to(self, name: str) -> tuple[Interface, ...]:
        """The interfaces that a crypto map is applied to, as far as their statements were given."""
        held = self.crypto_map(name)
        found = (self.interface(word) for word in (held.interfaces if held else ()))
        return tuple(interface for interface in found if interface is not None)


_KEY = re.compile(r"\s*([a-z-]*)\s*(.*)")
_FULL = (
    "loopback", "tunnel", "gigabitethernet", "fastethernet", "tengigabitethernet", "ethernet", "serial", "vlan", "bvi",
    "dialer", "port-channel", "virtual-template", "virtual-access", "management", "multilink", "atm", "null", "bdi",
)  # fmt: skip


def interface_key(name: str) -> str:
    """A name of an interface to compare by: `Gi0/1` and `GigabitEthernet 0/1` are the same."""
    match = _KEY.match(name.lower())
    word, number = (match[1], match[2]) if match else (name.lower(), "")
    full = next((known for known in _FULL if word and known.startswith(word)), word)
    return f"{full}{number}"
