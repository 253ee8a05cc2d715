"""What a configuration check may ask: the configuration, its sets, what the device shows, and the other end's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address

from vpn_check.model.config import ConfigSets, CryptoMap, CryptoMapEntry, DeviceConfig, Generation, Peer
from vpn_check.model.sa import Address
from vpn_check.model.snapshot import DeviceSnapshot


class Site:
    """One end: its configuration, the sets of packets that it speaks of, and the addresses it owns."""

    def __init__(self, snapshot: DeviceSnapshot, config: DeviceConfig) -> None:
        self.snapshot = snapshot
        self.config = config
        self.sets = ConfigSets(config)
        self.name = config.hostname or snapshot.name

    @property
    def generation(self) -> Generation:
        """The syntax that remedies for this end are written in."""
        return self.config.generation

    @cached_property
    def addresses(self) -> frozenset[Address]:
        """The addresses that this end may speak from, as far as anything tells: interfaces, HSRP, its own SAs."""
        held: set[Address] = {address.ip for interface in self.config.interfaces for address in interface.addresses}
        held |= {group.address for interface in self.config.interfaces for group in interface.standby if group.address}
        return frozenset(held | set(self.snapshot.local_addresses))

    def owns(self, peer: Peer) -> bool:
        """Whether a `set peer` of somebody else means this end."""
        try:
            return ip_address(peer.text) in self.addresses
        except ValueError:
            return peer.text == self.config.hostname

    def inside_vrf(self, held: CryptoMap, entry: CryptoMapEntry) -> str | None:
        """The VRF that the protected traffic of an entry is routed in, where its IKE profile names one."""
        for name, version in ((entry.ike_profile or held.ike_profile, 1), (entry.ikev2_profile, 2)):
            profile = self.config.ike_profile(name, version)
            if profile is not None and profile.ivrf is not None:
                return profile.ivrf
        return None

    def egress(self, held: CryptoMap) -> tuple[str, ...]:
        """What NAT and route statements call the interfaces that a map is applied to."""
        found = []
        for name in held.interfaces:
            interface = self.config.interface(name)
            found.append(interface.label if interface is not None else name)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A crypto map entry here and the entry of the other end that belongs to the same tunnel."""

    here: Site
    here_map: CryptoMap
    here_entry: CryptoMapEntry
    there: Site
    there_map: CryptoMap
    there_entry: CryptoMapEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A configuration under audit. `remotes` are the other ends whose configurations were given.

    `told`: the user said that they are the other ends; else only addresses tell which entries belong together.
    """

    here: Site
    remotes: tuple[Site, ...] = field(default=())
    told: bool = True

    @property
    def config(self) -> DeviceConfig:
        """The configuration under audit."""
        return self.here.config

    @property
    def sets(self) -> ConfigSets:
        """Its sets of packets."""
        return self.here.sets

    @property
    def snapshot(self) -> DeviceSnapshot:
        """What else the device showed."""
        return self.here.snapshot

    def pairings(self) -> Iterator[Pairing]:
        """Entries here with their counterparts there.

        They belong together where each names an address of the other. Where a configuration shows no addresses (a
        fragment), one direction is enough; where neither does, only a single entry on each side makes a pair.
        """
        for there in self.remotes:
            ours, theirs = list(self.here.config.static_entries()), list(there.config.static_entries())
            for here_map, here_entry in ours:
                for there_map, there_entry in theirs:
                    if self._belong(here_entry, there, there_entry, single=len(ours) == len(theirs) == 1):
                        yield Pairing(
                            here=self.here,
                            here_map=here_map,
                            here_entry=here_entry,
                            there=there,
                            there_map=there_map,
                            there_entry=there_entry,
                        )

    def _belong(self, ours: CryptoMapEntry, there: Site, theirs: CryptoMapEntry, *, single: bool) -> bool:
        forth = any(there.owns(peer) for peer in ours.peers) if there.addresses else None
        back = any(self.here.owns(peer) for peer in theirs.peers) if self.here.addresses else None
        if forth is None and back is None:
            return single and self.told
        return forth is not False and back is not False


def entry_word(entry: CryptoMapEntry) -> str:
    """What to call an entry in a sentence: `crypto map M 10`."""
    return f"crypto map {entry.map} {entry.sequence}"


def peer_of(entry: CryptoMapEntry) -> str | None:
    """The peer that a finding about an entry speaks of; None where there are several or none."""
    return entry.peers[0].text if len(entry.peers) == 1 else None
