"""The growth of a tunnel's counters from one poll to the next, across counters that began anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.model.delta import CounterDelta

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.model.memory import DeviceMemory, TunnelMemory

_LATER = timedelta(minutes=2)
"""An uptime is printed in whole minutes, so that the time of the last start wanders by a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What was added since the counters were last printed; nothing for one that was not printed in both looks.

    After a `reset` the growth is what they show now: a lower bound, never negative.
    """

    counters: Mapping[str, int]
    reset: bool = False

    @property
    def still(self) -> bool | None:
        """Whether no packet passed in either direction; None: not known."""
        encaps, decaps = self.counters.get("encaps"), self.counters.get("decaps")
        if encaps or decaps:
            return False
        return None if encaps is None or decaps is None else True


NOTHING = Growth(counters={})


def started(before: DeviceMemory | None, booted_at: datetime | None) -> datetime | None:
    """When the device started anew since it was last asked; None where it did not, or that is not known."""
    if before is None or before.booted_at is None or booted_at is None:
        return None
    return booted_at if booted_at - before.booted_at > _LATER else None


def growth(before: TunnelMemory | None, counters: Mapping[str, int], restart: datetime | None = None) -> Growth:
    """The growth since the last poll that printed counters.

    Args:
        before: the tunnel as remembered; None: it was never seen.
        counters: those printed now.
        restart: when the device started anew, if it did.
    """
    if before is None or before.counted_at is None or not counters:
        return NOTHING
    old = before.counters
    both = {name: value - old[name] for name, value in counters.items() if name in old}
    anew = restart is not None and before.counted_at <= restart
    if not anew and (not both or min(both.values()) >= 0):
        return Growth(counters=both)
    return Growth(counters={name: counters[name] for name in both}, reset=True)


def delta(
    before: TunnelMemory | None, counters: Mapping[str, int], at: datetime, restart: datetime | None = None
) -> CounterDelta | None:
    """What the diagnosis is told of the growth since the last poll; None where there is nothing to compare with."""
    grown = growth(before, counters, restart)
    if before is None or before.counted_at is None or not grown.counters:
        return None
    seconds = (at - before.counted_at).total_seconds()
    if grown.reset:
        return CounterDelta(seconds=seconds, recreated=True)
    found = grown.counters
    return CounterDelta(seconds=seconds, encaps=found.get("encaps"), decaps=found.get("decaps"),
                        send_errors=found.get("send_errors"), recv_errors=found.get("recv_errors"))
