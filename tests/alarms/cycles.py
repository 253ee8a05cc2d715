"""Several devices, polled in cycles, their alarms rolled up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.alarms.story import STEP, Watch

from vpn_check.alarms.rollup import roll_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.alarms.advance import Advance
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.observation import TunnelObservation


@dataclass
class Cycles:
    """Several devices, polled together; the alarms that people would be told of are kept."""

    watches: dict[str, Watch]
    open: dict[str, Alarm] = field(default_factory=dict)
    told: list[Alarm] = field(default_factory=list)
    over: list[Alarm] = field(default_factory=list)
    released: list[Alarm] = field(default_factory=list)

    def cycle(self, shows: Mapping[str, list[TunnelObservation] | None]) -> None:
        """One cycle: what each device shows; None: it does not answer."""
        before = dict(self.open)
        done: dict[str, Advance] = {}
        for name, watch in self.watches.items():
            watch.open = {key: alarm for key, alarm in self.open.items() if alarm.device == name}
            seen = shows[name]
            done[name] = watch.lost() if seen is None else watch.poll(*seen)
        new = [alarm for one in done.values() for alarm in one.alarms]
        at = next(iter(self.watches.values())).at - STEP
        rolled = roll_up(list(before.values()), new, {name: one.memory for name, one in done.items()},
                         {name: one.pending for name, one in done.items()}, at)
        final = {alarm.id: alarm for alarm in (*new, *rolled)}
        for key, alarm in final.items():
            if alarm.cleared_at is not None:
                self.over += [alarm] if alarm.root is None else []
                self.open.pop(key, None)
                continue
            if key not in before and alarm.root is None:
                self.told.append(alarm)
            if key in before and before[key].root is not None and alarm.root is None:
                self.released.append(alarm)
            self.open[key] = alarm

    def many(self, count: int, shows: Mapping[str, list[TunnelObservation] | None]) -> None:
        for _ in range(count):
            self.cycle(shows)
