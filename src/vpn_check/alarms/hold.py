"""How long something must be bad before it is raised, and good before it is cleared."""

from __future__ import annotations

from dataclasses import dataclass

UNREST = 10
"""Of so many polls, one more than `raise_after` being bad is an outage, although never enough of them in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDown:
    """Spans of patience, in polls.

    `raise_after`: polls in a row that must see it bad. `clear_after`: good polls in a row that clear it. `window`:
    polls remembered. `flap_count`: so many changes between good and bad within the window are flapping. Raises
    ValueError where they do not fit together.
    """

    raise_after: int = 2
    clear_after: int = 5
    window: int = 30
    flap_count: int = 6

    def __post_init__(self) -> None:
        if min(self.raise_after, self.clear_after) < 1 or self.flap_count < 2:  # noqa: PLR2004  away and back
            raise ValueError("raise_after and clear_after are at least 1, flap_count at least 2")
        if self.window < max(UNREST, self.raise_after, self.clear_after, self.flap_count):
            raise ValueError(f"window must be at least {UNREST}, and hold raise_after, clear_after and flap_count")
