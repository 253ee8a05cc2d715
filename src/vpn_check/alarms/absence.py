"""A tunnel without SAs: idle by design, or missed.

An ASA takes a flow that is down out of its table, so that an idle tunnel and a dead one look the same. It is missed
where somebody said that it should be up, or where it is away for much longer than it ever was. Else it is idle.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.alarms import habit
from vpn_check.alarms.scene import IDLE, Scene, Sight
from vpn_check.alarms.wording import away
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from vpn_check.alarms.habit import Ways
    from vpn_check.model.memory import TunnelMemory
    from vpn_check.model.observation import TunnelId, TunnelObservation

CAUSE = "ike.no-attempt"
GONE = timedelta(hours=24)
"""An alarm on a tunnel that nobody said should be up ends when it was not listed for so long: it is there no more."""
TAKEN_AWAY = timedelta(days=7)
"""The same where every tunnel of the device should be up: its configuration was most likely taken away on purpose."""
_DOUBT = timedelta(hours=1)


def is_peer_only(tunnel: TunnelId) -> bool:
    """Whether it stands for a peer of which no flow is known."""
    return tunnel.local_ident is None and tunnel.remote_ident is None


def absent(
    before: TunnelMemory | None, tunnel: TunnelId, ways: Ways, scene: Scene, *, seen: TunnelObservation | None = None
) -> Sight:
    """Judge a tunnel that has no SAs, where nothing else is wrong with it. `seen`: the device lists it nevertheless."""
    habit.stays_away(ways, scene.at)
    if seen is None and is_peer_only(tunnel) and tunnel.peer in scene.listed_peers:
        return IDLE   # its flows speak for it
    raised = before is not None and before.alarm is not None
    since = ways.away_since or scene.at
    named = tunnel.peer in scene.expected or (seen is not None and seen.wanted and not scene.all_expected)
    missed = (named or scene.all_expected) and tunnel.peer not in scene.up_peers
    if seen is None and raised and not named and scene.at - since >= (TAKEN_AWAY if missed else GONE):
        return Sight(letter=".", seen=Status.HEALTHY, gone=True)
    if missed:
        cause = seen.cause if seen is not None and seen.cause not in {"", "healthy"} else CAUSE
        return Sight(letter="c", seen=Status.CRITICAL, cause=cause, began=since,
                     finding=away(tunnel, before, scene.seen, Status.CRITICAL, cause=cause, since=since, longest=None))
    was_up = before is not None and before.good_at is not None
    if before is not None and was_up and habit.unusual(ways, since, ways.longest_away, scene.at):
        return Sight(letter="w", seen=Status.WARNING, cause=CAUSE, began=since,
                     finding=away(tunnel, before, scene.seen, Status.WARNING, cause=CAUSE, since=since,
                                  longest=ways.longest_away))
    doubt = GONE if raised else _DOUBT
    if before is not None and (raised or before.bad_since is not None) and scene.at - since < doubt:
        return Sight(letter="?", seen=before.status if raised else Status.UNKNOWN, cause=before.cause if raised else "")
    return IDLE
