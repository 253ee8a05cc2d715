"""That a device refused a credential, remembered from one poll to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A device has refused a credential `count` times in a row, the last time at `at`.

    `print` is a keyed digest of the credential: it tells whether it is still the same, and nothing else. It is not
    tried there again before `next_try`.
    """

    print: str
    device: str
    count: int
    at: datetime
    next_try: datetime | None = None
