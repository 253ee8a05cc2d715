"""A log-in that a device refused, remembered from cycle to cycle so that no account is locked by polling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One credential that one device refused.

    `print` tells the credential from others and says nothing of it. `count`: how many times in a row, the last one at
    `at`; `next_try`: not again before, None: not before a person says so.
    """

    print: str
    device: str
    count: int
    at: datetime
    next_try: datetime | None = None
