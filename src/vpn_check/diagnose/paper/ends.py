"""The two ends of a tunnel as their configurations describe them: crypto map entries or protected interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from vpn_check.diagnose.audit import Audit, Site, entry_word
from vpn_check.model.config import (
    CryptoMapEntry,
    DeviceConfig,
    Generation,
    IkePolicy,
    IkeProfile,
    Interface,
    KeyMark,
    PeerKey,
    Statement,
    TransformSet,
)
from vpn_check.model.packets import PacketSet

IKEV1, IKEV2 = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelEnd:
    """One end of one tunnel.

    `versions` are the IKE versions that it speaks, `transforms` the sets it offers by version. `protects` is the exact
    set of packets that its crypto ACL takes, None where there is none (a tunnel interface) or it is not known exactly.
    """

    site: Site
    name: str
    peers: tuple[str, ...]
    entry: CryptoMapEntry | None
    interface: Interface | None
    transforms: dict[int, tuple[TransformSet, ...]]
    missing: tuple[str, ...]
    pfs: str | None
    lifetime_seconds: int | None
    protects: PacketSet | None
    statements: dict[str, tuple[Statement, ...]]

    @property
    def versions(self) -> tuple[int, ...]:
        """The IKE versions that it offers transforms for."""
        return tuple(sorted(self.transforms))

    @property
    def config(self) -> DeviceConfig:
        """The configuration that it stands in."""
        return self.site.config

    def policies(self, version: int) -> tuple[IkePolicy, ...]:
        """The IKE policies of a version in the order they are tried; none where there is no statement."""
        held = [policy for policy in self.config.ike_policies if policy.version == version]
        chosen = {name for selection in self.config.ikev2_selections for name in selection.proposals}
        if version == IKEV2 and self.config.generation.router and chosen:
            held = [policy for policy in held if policy.name in chosen]
        return tuple(sorted(held, key=lambda policy: policy.priority if policy.priority is not None else 0))

    def profile(self) -> IkeProfile | None:
        """The IKEv2 profile of a router that this end names."""
        names = [self.entry.ikev2_profile if self.entry else None]
        if self.interface is not None and self.interface.tunnel is not None:
            names.append(self.interface.tunnel.ikev2_profile)
            profile = self.config.ipsec_profile(self.interface.tunnel.protection)
            names.append(profile.ikev2_profile if profile else None)
        return next((found for name in names if (found := self.config.ike_profile(name, IKEV2)) is not None), None)

    def key(self, peer: str, version: int) -> tuple[KeyMark | None, KeyMark | None, tuple[Statement, ...]]:
        """What this end proves itself with and what it expects of the peer, and the statements; None: not there."""
        group = self.config.tunnel_group(peer)
        if group is not None:
            marks = (group.key, group.key) if version == IKEV1 else (group.ikev2_local, group.ikev2_remote)
            return (*marks, group.at("key" if version == IKEV1 else "ikev2_local", "ikev2_remote"))
        for key in self._keys(version):
            try:
                fits = any(ip_address(peer) in network for network in key.networks)
            except ValueError:
                fits = key.hostname == peer
            if fits:
                return key.local, key.remote, key.at()
        return None, None, ()

    def _keys(self, version: int) -> list[PeerKey]:
        rings = [ring for ring in self.config.keyrings if ring.version == version]
        found = [key for ring in rings for key in ring.keys]
        found += self.config.keys if version == IKEV1 else ()
        return sorted(found, key=lambda key: -max((network.prefixlen for network in key.networks), default=0))


def joined(audit: Audit) -> Iterator[tuple[TunnelEnd, TunnelEnd]]:
    """Every tunnel that both configurations describe, seen from here."""
    for pairing in audit.pairings():
        yield map_end(pairing.here, pairing.here_entry), map_end(pairing.there, pairing.there_entry)
    for there in audit.remotes:
        ours, theirs = list(_tunnels(audit.here)), list(_tunnels(there))
        for mine in ours:
            fitting = [other for other in theirs if _face(mine, audit.here, other, there)]
            if len(fitting) == 1:
                yield interface_end(audit.here, mine), interface_end(there, fitting[0])


def _tunnels(site: Site) -> Iterator[Interface]:
    for interface in site.config.interfaces:
        if interface.tunnel is not None and interface.tunnel.protection is not None and not interface.shutdown:
            yield interface


def _face(mine: Interface, here: Site, other: Interface, there: Site) -> bool:
    """Whether two tunnel interfaces are the two ends: each one's destination is the other, where it has one."""
    destinations = [(mine, there), (other, here)]
    told = [_owns(site, interface.tunnel.destination) for interface, site in destinations
            if interface.tunnel is not None and interface.tunnel.destination is not None]
    return bool(told) and all(told)


def _owns(site: Site, word: str) -> bool:
    try:
        return ip_address(word) in site.addresses
    except ValueError:
        return word == site.config.hostname


def map_end(site: Site, entry: CryptoMapEntry) -> TunnelEnd:
    """The end that a crypto map entry makes."""
    permitted = site.sets.protected(entry)
    held, missing = _transforms(site.config, entry.transform_sets, entry.ikev2_proposals,
                                ikev2=entry.ikev2_profile is not None)
    return TunnelEnd(
        site=site, name=entry_word(entry), peers=tuple(peer.text for peer in entry.peers), entry=entry, interface=None,
        transforms=held, missing=missing, pfs=entry.pfs,
        lifetime_seconds=entry.lifetime_seconds or site.config.ipsec.lifetime_seconds,
        protects=permitted.most if permitted is not None and permitted.exact else None,
        statements={"end": entry.at(""), "peers": entry.at("peers"), "transforms": entry.at(
            "transform_sets", "ikev2_proposals"), "pfs": entry.at("pfs"), "acl": entry.at("match_address"),
            "lifetime": entry.at("lifetime_seconds")},
    )


def interface_end(site: Site, interface: Interface) -> TunnelEnd:
    """The end that a tunnel interface with protection makes."""
    tunnel = interface.tunnel
    profile = site.config.ipsec_profile(tunnel.protection if tunnel else None)
    ikev2 = bool((tunnel and tunnel.ikev2_profile) or (profile and profile.ikev2_profile))
    held, missing = _transforms(site.config, profile.transform_sets if profile else (),
                                profile.ikev2_proposals if profile else (), ikev2=ikev2)
    lines = profile.at if profile else interface.at
    return TunnelEnd(
        site=site, name=f"interface {interface.name}",
        peers=(tunnel.destination,) if tunnel and tunnel.destination else (), entry=None, interface=interface,
        transforms=held, missing=missing, pfs=profile.pfs if profile else None,
        lifetime_seconds=(profile.lifetime_seconds if profile else None) or site.config.ipsec.lifetime_seconds,
        protects=None,
        statements={"end": interface.at(""), "peers": tunnel.at("destination") if tunnel else (),
                    "transforms": lines("transform_sets", "ikev2_proposals"), "pfs": lines("pfs"),
                    "acl": (), "lifetime": lines("lifetime_seconds")},
    )


def _transforms(config: DeviceConfig, sets: tuple[str, ...], proposals: tuple[str, ...], *,
                ikev2: bool) -> tuple[dict[int, tuple[TransformSet, ...]], tuple[str, ...]]:
    """The sets by IKE version: firewalls name them apart, on routers the profile says which version uses them."""
    by_version: dict[int, list[TransformSet]] = {}
    missing = []
    for names, version, kind in ((sets, IKEV2 if ikev2 and not config.firewall else IKEV1, 1), (proposals, IKEV2, 2)):
        for name in names:
            found = config.transform_set(name, kind)
            if found is None:
                missing.append(name)
            else:
                by_version.setdefault(version, []).append(found)
    return {version: tuple(held) for version, held in by_version.items()}, tuple(missing)


def generation_word(generation: Generation, version: int) -> str:
    """What stands before the policies of a version in this syntax."""
    if version == IKEV1:
        return f"{generation.ikev1_word} policy"
    return "crypto ikev2 proposal" if generation.router else "crypto ikev2 policy"
