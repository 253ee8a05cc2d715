"""The alarms of a cycle as they stand while they are rolled up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vpn_check.alarms.fleet import Case, Fleet
    from vpn_check.model.alarm import Alarm


class Board:
    """All alarms by id, the newest state of each, and which of them were altered here."""

    def __init__(self, alarms: Iterable[Alarm]) -> None:
        self._now = {alarm.id: alarm for alarm in alarms}
        self._before = dict(self._now)

    def put(self, alarm: Alarm) -> None:
        """Take the new state of an alarm."""
        self._now[alarm.id] = alarm

    def open(self) -> list[Alarm]:
        """Those that are open."""
        return [alarm for alarm in self._now.values() if alarm.cleared_at is None]

    def now(self, alarm: Alarm) -> Alarm:
        """An alarm as it stands."""
        return self._now[alarm.id]

    def is_open(self, name: str | None) -> bool:
        """Whether the alarm with this id is open."""
        found = self._now.get(name or "")
        return found is not None and found.cleared_at is None

    def stands_alone(self, alarm: Alarm) -> bool:
        """Whether it is open and under no open root."""
        now = self._now[alarm.id]
        return now.cleared_at is None and not self.is_open(now.root)

    def loose(self, fleet: Fleet) -> list[Case]:
        """Raised cases that stand alone."""
        return [case for case in fleet.cases if case.alarm is not None and self.stands_alone(case.alarm)]

    def members(self, root: Alarm) -> list[Alarm]:
        """Those rolled up under a root that are open."""
        return [self._now[name] for name in root.members if self.is_open(name)]

    def roll_under(self, root: Alarm, alarms: Iterable[Alarm]) -> Alarm:
        """Put alarms under a root, which is returned as it then stands."""
        joining = [self._now[alarm.id] for alarm in alarms if alarm.id != root.id]
        for alarm in joining:
            self.put(replace(alarm, root=root.id))
        known = set(root.members)
        root = replace(root, members=(*root.members, *(alarm.id for alarm in joining if alarm.id not in known)))
        self.put(root)
        return root

    def altered(self) -> Iterator[Alarm]:
        """Those that are not as they were given."""
        return (alarm for name, alarm in self._now.items() if self._before.get(name) != alarm)
