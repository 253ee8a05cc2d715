"""How long a history keeps what, and what tidying it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vpn_check.errors import HistoryError


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Single polls are kept for `polls`, then as hours until they are `hours` old, then as days for `days`.

    `days` holds for alarms and changes too; `evidence` for what was collected in full, and longer for open alarms.

    Raises:
        HistoryError: a coarser form would be kept for a shorter time than a finer one.
    """

    polls: timedelta = timedelta(days=2)
    hours: timedelta = timedelta(days=90)
    days: timedelta = timedelta(days=800)
    evidence: timedelta = timedelta(days=90)

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.polls <= self.hours <= self.days or self.evidence < timedelta(0):
            raise HistoryError("A history keeps single polls no longer than hours, and hours no longer than days.",
                               hint="Give the three spans in this order.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What was done: blocks of single polls that became hours, of hours that became days, and rows that were deleted.

    `ended`: alarms that ended since nobody polls their device any more. A block is one poll, hour or day of up
    to 64 tunnels of a device.
    """

    polls_rolled: int = 0
    hours_rolled: int = 0
    deleted: int = 0
    ended: int = 0

    @property
    def anything(self) -> bool:
        """Something was due."""
        return bool(self.polls_rolled or self.hours_rolled or self.deleted or self.ended)
