"""Which IKE SA belongs to which tunnel, and which end of an IOS row is us.

IOS prints `dst` and `src`, the responder and the initiator; who is the peer follows from our own addresses, where the
device states them, from what other rows share, or from the log.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

from vpn_check.model.sa import Address, IkePhase, IkeSa, Role, TrafficCounters
from vpn_check.model.tunnel import Tunnel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vpn_check.model.log import LogLine

_ORDER = (IkePhase.UP, IkePhase.NEGOTIATING, IkePhase.UNKNOWN, IkePhase.FAILED, IkePhase.DELETED)
_HOST_MASKS = {"255.255.255.255", "128", "32"}


def correlate(
    tunnels: Sequence[Tunnel], ike_sas: Sequence[IkeSa], log: Iterable[LogLine], peers: frozenset[Address] = frozenset()
) -> tuple[tuple[Tunnel, ...], tuple[IkeSa, ...], set[Address]]:
    """Join tunnels and IKE SAs. IKE SAs of peers without any flow become tunnels without proxy identities.

    `peers` are addresses that another output calls peers.
    """
    tunnels = [_with_host_peer(tunnel) for tunnel in tunnels]
    ike_sas = _once(ike_sas)
    local = _local_addresses(tunnels, ike_sas, log, peers)
    known = tuple(_with_peer(sa, local) for sa in ike_sas)
    by_end: defaultdict[Address, list[IkeSa]] = defaultdict(list)
    for sa in known:
        for end in dict.fromkeys((sa.peer, sa.src, sa.dst)):
            if end is not None:
                by_end[end].append(sa)
    joined = [_join(tunnel, by_end.get(tunnel.peer, ()) if tunnel.peer is not None else ()) for tunnel in tunnels]
    used = {id(sa) for tunnel in joined for sa in tunnel.ike}
    rest = [sa for sa in known if id(sa) not in used]
    nameless = [tunnel for tunnel in joined if tunnel.peer is None]
    groups = _groups(rest)
    if len(nameless) == 1 and len(groups) == 1:  # an excerpt without its head, and one peer: they belong together
        sas = groups[0]
        peer = next((sa.peer for sa in sas if sa.peer is not None), None)
        joined = [replace(tunnel, peer=peer, ike=_sorted(sas)) if tunnel.peer is None else tunnel for tunnel in joined]
        groups = []
    for sas in groups:
        first = _sorted(sas)[0]
        joined.append(
            Tunnel(
                peer=first.peer,
                peer_port=first.peer_port,
                local_address=first.local,
                vrf=first.vrf,
                counters=TrafficCounters(),
                ike=_sorted(sas),
                where=first.where,
            )
        )
    return tuple(joined), known, local


def _once(sas: Sequence[IkeSa]) -> list[IkeSa]:
    """Each IKE SA once: an ASA shows its IKEv2 SAs in the answers to two commands."""
    kept: dict[tuple[object, ...], IkeSa] = {}
    for sa in sas:
        key = (sa.version, sa.local, sa.peer, sa.src, sa.dst, sa.conn_id, sa.tunnel_id, sa.state)
        held = kept.get(key)
        if held is None or held.where.source == sa.where.source:
            kept[(*key, len(kept)) if held else key] = sa
    return list(kept.values())


def _with_host_peer(tunnel: Tunnel) -> Tunnel:
    """A GRE flow between two hosts names its peer in the remote identity, even where the head is cut off."""
    if tunnel.peer is not None or tunnel.remote_ident is None:
        return tunnel
    parts = tunnel.remote_ident.text.split("/")
    if len(parts) == 4 and parts[1] in _HOST_MASKS and parts[2] == "47":  # noqa: PLR2004  address, mask, protocol, port
        from vpn_check.parse.values import address  # noqa: PLC0415  only excerpts come here

        return replace(tunnel, peer=address(parts[0]))
    return tunnel


def _local_addresses(
    tunnels: Sequence[Tunnel], ike_sas: Sequence[IkeSa], log: Iterable[LogLine], named: frozenset[Address]
) -> set[Address]:
    """Our own addresses: as the device states them, else by what the rows and the log share."""
    stated: set[Address] = {tunnel.local_address for tunnel in tunnels if tunnel.local_address is not None}
    stated |= {sa.local for sa in ike_sas if sa.local is not None}
    rows = [(sa.src, sa.dst) for sa in ike_sas if sa.src is not None and sa.dst is not None]
    open_rows = [pair for pair in rows if not stated & set(pair)]
    peers = {tunnel.peer for tunnel in tunnels if tunnel.peer is not None} | named
    by_peer = {address for pair in open_rows if peers & set(pair) for address in pair} - peers
    open_rows = [pair for pair in open_rows if not by_peer & set(pair)]
    found = stated | by_peer
    for family in (True, False):
        pairs = {
            frozenset(pair) for pair in open_rows if isinstance(pair[0], IPv6Address) is family and pair[0] != pair[1]
        }
        if len(pairs) > 1:
            counts = Counter(address for pair in pairs for address in pair)
            common = {address for address, count in counts.items() if count == len(pairs)}
            found |= common if len(common) == 1 else set()
        elif len(pairs) == 1:
            found |= _local_of_one([pair for pair in open_rows if frozenset(pair) in pairs], tunnels, log)
    return found


def _local_of_one(
    rows: list[tuple[Address, Address]], tunnels: Sequence[Tunnel], log: Iterable[LogLine]
) -> set[Address]:
    """Our end of the only pair there is.

    It is the one that the log does not call the peer; else, where packets of ours wait, the usual initiator.
    """
    pair = set(rows[0])
    named = {address for address in pair if _log_names_peer(address, log)}
    if len(named) == 1:
        return pair - named
    if any(tunnel.counters.send_errors or tunnel.counters.encaps for tunnel in tunnels if tunnel.peer is None):
        initiators = Counter(src for src, _ in rows).most_common(2)
        if len(initiators) == 1 or initiators[0][1] > initiators[1][1]:
            return {initiators[0][0]}
    return set()


def _log_names_peer(address: Address, log: Iterable[LogLine]) -> bool:
    word = str(address)
    pattern = re.compile(rf"(?:from|packet to|peer(?: at)?|with|IP =|remote)\s+{re.escape(word)}(?![0-9])")
    return any(word in line.text and pattern.search(line.text) for line in log)


def _with_peer(sa: IkeSa, local: set[Address]) -> IkeSa:
    """Say which end of an IOS row is the peer, and our role, where our own address is known."""
    if sa.peer is not None or sa.src is None or sa.dst is None:
        return sa
    if sa.src in local and sa.dst not in local:
        return replace(sa, local=sa.src, peer=sa.dst, role=Role.INITIATOR)
    if sa.dst in local and sa.src not in local:
        return replace(sa, local=sa.dst, peer=sa.src, role=Role.RESPONDER)
    return sa


def _join(tunnel: Tunnel, ike_sas: Sequence[IkeSa]) -> Tunnel:
    """Hang the IKE SAs of its peer on a tunnel, live ones first."""
    mine = [
        sa for sa in ike_sas if tunnel.local_address is None or sa.local is None or sa.local == tunnel.local_address
    ]
    return replace(tunnel, ike=_sorted(mine)) if mine else tunnel


def _sorted(sas: Sequence[IkeSa]) -> tuple[IkeSa, ...]:
    return tuple(sorted(sas, key=lambda sa: _ORDER.index(sa.phase)))


def _groups(sas: Sequence[IkeSa]) -> list[list[IkeSa]]:
    """IKE SAs by peer, or by the pair of addresses where the peer is not known."""
    groups: dict[object, list[IkeSa]] = {}
    for sa in sas:
        key: object = sa.peer if sa.peer is not None else frozenset((sa.src, sa.dst))
        groups.setdefault(key, []).append(sa)
    return list(groups.values())
