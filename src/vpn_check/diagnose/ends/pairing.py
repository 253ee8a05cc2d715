"""Which tunnel of one end is which tunnel of the other.

An SPI is chosen by the receiver: what leaves here with it arrives there under the same number (RFC 4301). Where no SPI
tells, proxy identities that mirror each other do; where none are shown, the outer addresses, if they leave no choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.model.sa import Address
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One tunnel seen from both ends. `by` says what shows it: SPIs, proxy identities, or addresses alone."""

    here: Tunnel
    there: Tunnel
    by: str


def pairs(here: DeviceSnapshot, there: DeviceSnapshot) -> tuple[Pair, ...]:
    """The tunnels that both snapshots show, each at most once."""
    found: list[Pair] = []
    left, right = list(here.tunnels), list(there.tunnels)
    for by, fits in (("SPI", _by_spi), ("proxy identities", _by_selectors)):
        for tunnel in list(left):
            fitting = [other for other in right if fits(tunnel, other)]
            if len(fitting) == 1:
                found.append(Pair(here=tunnel, there=fitting[0], by=by))
                left.remove(tunnel)
                right.remove(fitting[0])
    found += _by_address(left, right, here, there)
    return tuple(found)


def _by_spi(here: Tunnel, there: Tunnel) -> bool:
    return bool(outbound(here) & inbound(there) or inbound(here) & outbound(there))


def outbound(tunnel: Tunnel) -> frozenset[int]:
    """The SPIs that a tunnel sends with."""
    current = {tunnel.outbound_spi} if tunnel.outbound_spi else set()
    return frozenset(current | {sa.spi for sa in tunnel.sas if sa.direction == "outbound" and sa.spi})


def inbound(tunnel: Tunnel) -> frozenset[int]:
    """The SPIs that a tunnel receives under, the older one of a rekey included."""
    current = {tunnel.inbound_spi} if tunnel.inbound_spi else set()
    return frozenset(current | {sa.spi for sa in tunnel.sas if sa.direction == "inbound" and sa.spi})


def _by_selectors(here: Tunnel, there: Tunnel) -> bool:
    ours, theirs = (here.local_ident, here.remote_ident), (there.remote_ident, there.local_ident)
    return None not in (*ours, *theirs) and ours == theirs and _may_be_peers(here, there)


def _may_be_peers(here: Tunnel, there: Tunnel) -> bool:
    """Whether no address speaks against it; behind a NAT neither end sees the other's own address."""
    told = [(here.peer, there.local_address), (there.peer, here.local_address)]
    return any(peer is None or own is None or peer == own for peer, own in told)


def _by_address(left: Sequence[Tunnel], right: Sequence[Tunnel], here: DeviceSnapshot,
                there: DeviceSnapshot) -> Iterator[Pair]:
    ours, theirs = addresses(here), addresses(there)
    for tunnel in left:
        alone = sum(other.peer == tunnel.peer for other in left) == 1
        if tunnel.peer is None or not alone or (theirs and tunnel.peer not in theirs):
            continue
        fitting = [other for other in right if other.peer is not None and other.peer in ours]
        if len(fitting) == 1:
            yield Pair(here=tunnel, there=fitting[0], by="addresses")


def addresses(snapshot: DeviceSnapshot) -> frozenset[Address]:
    """The device's own outer addresses, as far as its outputs tell."""
    told = {tunnel.local_address for tunnel in snapshot.tunnels} | {sa.local for sa in snapshot.ike_sas}
    return frozenset(snapshot.local_addresses | {address for address in told if address is not None})
