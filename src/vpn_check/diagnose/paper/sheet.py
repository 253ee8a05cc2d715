"""The peer sheet: this end turned round. Nothing secret is in it; the key travels by another way.

From the configuration where it was given; what is missing there is taken from the SAs as negotiated, and said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from vpn_check.diagnose.audit import Site
from vpn_check.diagnose.paper.ends import IKEV1, IKEV2, TunnelEnd, interface_end, map_end
from vpn_check.diagnose.paper.phase2 import combinations
from vpn_check.model.sheet import Demand, PeerSheet

if TYPE_CHECKING:
    from vpn_check.model.config import IkePolicy
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel

_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
_ASK = "not seen at this end; ask for it"
_RELEASE = "the default of our release (not displayed; see `show crypto isakmp policy`)"


def sheets(snapshot: DeviceSnapshot, peer: str | None = None) -> tuple[PeerSheet, ...]:
    """One sheet for each tunnel to this peer; to every peer without one."""
    found = [] if snapshot.config is None else list(_configured(Site(snapshot, snapshot.config), peer))
    told = {sheet.peer for sheet in found}
    for tunnel in snapshot.tunnels:
        word = str(tunnel.peer)
        if tunnel.peer is not None and word not in told and peer in {None, word} and tunnel.local_ident is not None:
            told.add(word)
            found.append(_from_sas(snapshot, word))
    return tuple(found)


def _configured(site: Site, peer: str | None) -> Iterator[PeerSheet]:
    for held, entry in site.config.static_entries():
        end = map_end(site, entry)
        faces = [str(address.ip) for interface in site.config.applied_to(held.name) for address in interface.addresses]
        for word in end.peers:
            if peer in {None, word}:
                yield _sheet(site, end, word, faces)
    for interface in site.config.interfaces:
        if interface.tunnel is None or interface.tunnel.protection is None:
            continue
        end = interface_end(site, interface)
        source = site.config.interface(interface.tunnel.source)
        faces = [str(address.ip) for address in source.addresses] if source else [interface.tunnel.source or ""]
        for word in end.peers:
            if peer in {None, word}:
                yield _sheet(site, end, word, [face for face in faces if face])


def _sheet(site: Site, end: TunnelEnd, peer: str, faces: list[str]) -> PeerSheet:
    return PeerSheet(here=site.name, peer=peer, tunnel=end.name, demands=tuple(_demands(site, end, peer, faces)))


def _demands(site: Site, end: TunnelEnd, peer: str, faces: list[str]) -> Iterator[Demand]:
    yield Demand(parameter="your address, as we know it", value=peer)
    yield Demand(parameter="our address: your peer", value=" or ".join(faces) or _ASK, known=bool(faces),
                 note="behind a NAT it is the translated address" if faces and _private(faces[0]) else "")
    yield Demand(parameter="IKE version", value=" or ".join(f"IKEv{version}" for version in end.versions) or _ASK,
                 known=bool(end.versions))
    for version in end.versions:
        policies = end.policies(version)
        value = "; or ".join(_policy(policy, version) for policy in policies[:3]) or _RELEASE
        yield Demand(parameter=f"IKEv{version} {'policy' if version == IKEV1 else 'proposal'}", value=value,
                     note="one of these is enough" if len(policies) > 1 else "", known=bool(policies))
        yield _authentication(end, peer, version)
    for version, sets in end.transforms.items():
        value = "; or ".join(dict.fromkeys(str(one) for one in combinations(sets)))
        yield Demand(parameter=f"ESP transform (IKEv{version})", value=value)
    modes = {held.mode or "tunnel" for sets in end.transforms.values() for held in sets}
    yield Demand(parameter="mode", value=" or ".join(sorted(modes)) or _ASK, known=bool(modes))
    pfs = {None: "none required", "default": "on, with the default group of our release"}
    yield Demand(parameter="PFS", value=pfs.get(end.pfs, f"group {end.pfs}"))
    yield Demand(parameter="IPsec lifetime", value=f"{end.lifetime_seconds} s" if end.lifetime_seconds else
                 "3600 s is usual on routers, 28800 s on firewalls", note="may differ: the shorter holds")
    if end.entry is not None:
        yield _proxies(end)
    elif end.interface is not None and end.interface.tunnel is not None:
        mode = end.interface.tunnel.mode or "gre"
        yield Demand(parameter="tunnel", value=f"{mode}, source your address, destination ours; proxy identities "
                     f"{'any to any' if end.interface.tunnel.ipsec else 'GRE between the two addresses'}")
    off = (end.entry is not None and end.entry.nat_t_disabled) or site.config.ike.nat_traversal is False
    yield Demand(parameter="NAT traversal", value="off at our end" if off else "on (UDP 4500)",
                 note="no NAT may lie between us" if off else "")
    yield Demand(parameter="open on the way", value="UDP 500, UDP 4500 and ESP (IP protocol 50), both directions")


def _private(address: str) -> bool:
    """Whether an address is of those that the Internet does not carry (RFC 1918, RFC 6598)."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _PRIVATE if found.version == network.version)


def _policy(policy: IkePolicy, version: int) -> str:
    parts = ["/".join(policy.encryption) or "encryption by default", "/".join(policy.integrity) or "hash by default",
             f"DH group {'/'.join(policy.groups)}" if policy.groups else "DH group by default"]
    if version == IKEV2 and any("gcm" in word for word in policy.encryption) and not policy.integrity:
        parts[1] = f"PRF {'/'.join(policy.prf)}" if policy.prf else "PRF by default"
    return ", ".join(parts)


def _authentication(end: TunnelEnd, peer: str, version: int) -> Demand:
    local, expected, _ = end.key(peer, version)
    if local is None and expected is None:
        return Demand(parameter="authentication", value="by certificate, or by a key that was not seen", known=False)
    two = version == IKEV2 and local is not None and expected is not None and local.same_as(expected) is False
    return Demand(parameter="authentication", value="pre-shared key" + (", one for each direction" if two else ""),
                  note="agreed by telephone or another safe way, never in this sheet")


def _proxies(end: TunnelEnd) -> Demand:
    if end.protects is None:
        return Demand(parameter="protected traffic, from your side", value=_ASK, known=False)
    flows = str(end.protects.mirror())
    return Demand(parameter="protected traffic, from your side", value=flows,
                  note="exactly these lines: the mirror image of ours")


def _from_sas(snapshot: DeviceSnapshot, peer: str) -> PeerSheet:
    """What the SAs show, where no configuration was given."""
    tunnels = [tunnel for tunnel in snapshot.tunnels if str(tunnel.peer) == peer]
    transforms = dict.fromkeys(" ".join((sa.transform or "").replace(",", " ").split())
                               for tunnel in tunnels for sa in tunnel.sas if sa.transform)
    local = next((str(tunnel.local_address) for tunnel in tunnels if tunnel.local_address), "")
    versions = sorted({sa.version for tunnel in tunnels for sa in tunnel.ike})
    demands = [
        Demand(parameter="your address, as we know it", value=peer),
        Demand(parameter="our address: your peer", value=local or _ASK, known=bool(local)),
        Demand(parameter="IKE version", value=" or ".join(f"IKEv{version}" for version in versions) or _ASK,
               known=bool(versions)),
        Demand(parameter="ESP transform, as negotiated", value="; or ".join(transforms) or _ASK,
               known=bool(transforms)),
        Demand(parameter="protected traffic, from your side", value="; ".join(map(_mirrored, tunnels)),
               note="the mirror image of ours"),
        Demand(parameter="all else", value="IKE policy, PFS, lifetimes: not in these outputs", known=False,
               note="give the running-config for a full sheet"),
    ]
    return PeerSheet(here=snapshot.name, peer=peer, tunnel=tunnels[0].crypto_map or tunnels[0].interface or "tunnel",
                     demands=tuple(demands))


def _mirrored(tunnel: Tunnel) -> str:
    local, remote = tunnel.local_ident, tunnel.remote_ident
    return f"{remote.short if remote else '?'} -> {local.short if local else '?'}"
