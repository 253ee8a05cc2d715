"""A tunnel without SAs: idle by design, or missed.

An ASA takes a flow that is down out of its table, so that an idle tunnel and a dead one look the same. It is missed
where somebody said that it should be up, where it is away for much longer than it ever was, or where all that was busy
a poll ago is gone at once: an empty table is no proof of health. Else it is idle.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.alarms import habit
from vpn_check.alarms.scene import IDLE, Scene, Sight
from vpn_check.alarms.wording import away, emptied
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from datetime import datetime

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


def falls_or_fails(before: TunnelMemory) -> bool:
    """Whether the last poll that told of it saw it busy, or failing."""
    ways = before.habit
    busy = ways.away_since is None and ways.quiet_since is None and ways.moving > 0
    return busy or before.bad_since is not None or before.alarm is not None


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
    if before is None:
        return IDLE
    return _by_habit(before, tunnel, ways, scene, since) or _undecided(before, scene, since) or IDLE


def _by_habit(
    before: TunnelMemory, tunnel: TunnelId, ways: Ways, scene: Scene, since: datetime
) -> Sight | None:
    """A tunnel that nobody said should be up, and that is missed all the same."""
    if scene.emptied and falls_or_fails(before):
        told = emptied(tunnel, before, scene.seen, scene.emptied)
    elif before.good_at is not None and habit.unusual(ways, since, ways.longest_away, scene.at):
        told = away(tunnel, before, scene.seen, Status.WARNING, cause=CAUSE, since=since, longest=ways.longest_away)
    else:
        return None
    return Sight(letter="w", seen=Status.WARNING, cause=CAUSE, began=since, finding=told)


def _undecided(before: TunnelMemory, scene: Scene, since: datetime) -> Sight | None:
    """One that failed before it went: that it is away does not say that it is well."""
    raised = before.alarm is not None
    if (raised or before.bad_since is not None) and scene.at - since < (GONE if raised else _DOUBT):
        return Sight(letter="?", seen=before.status if raised else Status.UNKNOWN, cause=before.cause if raised else "")
    return None
