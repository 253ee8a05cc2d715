"""Which remembered tunnel is which of those seen, so that one outage is not taken for two.

Where a flow is taken out of the table when it goes down (ASA), its outage shows as a failing negotiation with a peer of
which no flow is listed. Then the flows to this peer that were up are what fails, and the peer alone is not one more
tunnel. A peer that should have a tunnel and was never seen stands for itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.alarms.absence import is_peer_only
from vpn_check.model.finding import Status
from vpn_check.model.observation import TunnelId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.memory import TunnelMemory
    from vpn_check.model.observation import DeviceObservation, TunnelObservation

    Pair = tuple[TunnelId, TunnelMemory | None, TunnelObservation | None]

_BAD = frozenset({Status.WARNING, Status.CRITICAL})


def fold(known: tuple[TunnelMemory, ...], seen: DeviceObservation) -> Iterator[Pair]:
    """Every tunnel once: its identity, as it was, as it is. Remembered ones first, in their order."""
    now = {tunnel.id.key: tunnel for tunnel in seen.tunnels}
    spoken = _spoken_for(known, now) if seen.whole else {}
    for before in known:
        found = now.pop(before.id.key, None)
        if found is None and before.id.peer in spoken and _falls(before):
            other = spoken[before.id.peer]
            found = replace(other, id=before.id, counters={}, spis=frozenset(), traits={}, up=False)
        yield (found.id if found is not None else before.id), before, found
    for other in spoken.values():
        now.pop(other.id.key, None)
    for new in now.values():
        yield new.id, None, new
    if seen.whole and seen.expected_up:
        yield from _never_seen(known, seen)


def _spoken_for(
    known: tuple[TunnelMemory, ...], now: dict[tuple[str, ...], TunnelObservation]
) -> dict[str | None, TunnelObservation]:
    """Peers without a listed flow whose negotiation fails, where flows to them were up a poll ago or fail since."""
    failing = {found.id.peer: found for found in now.values() if found.status in _BAD and is_peer_only(found.id)}
    if not failing:
        return {}
    fallen = {before.id.peer for before in known if before.id.key not in now and _falls(before)}
    apart = {before.id.key for before in known if before.alarm is not None or before.bad_since is not None}
    return {peer: found for peer, found in failing.items() if peer in fallen and found.id.key not in apart}


def _falls(before: TunnelMemory) -> bool:
    return not is_peer_only(before.id) and (
        before.habit.away_since is None or before.bad_since is not None or before.alarm is not None
    )


def _never_seen(known: tuple[TunnelMemory, ...], seen: DeviceObservation) -> Iterator[Pair]:
    peers = {before.id.peer for before in known} | {tunnel.id.peer for tunnel in seen.tunnels}
    for peer in dict.fromkeys(seen.expected_up):
        if peer != "*" and peer not in peers:
            yield TunnelId(key=("", "", "", "", "", peer), name=peer, peer=peer), None, None
