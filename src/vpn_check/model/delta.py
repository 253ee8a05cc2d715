"""What happened between two looks at the same flow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.model.tunnel import Tunnel

_PAIRS = ("encaps", "decaps", "send_errors", "recv_errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterDelta:
    """Growth of a flow's counters over `seconds` (None: not known how long). None: not printed in both looks.

    Counters are cumulative over rekeys; one that fell means that the flow was created anew or its counters cleared in
    between (counters.md 1.2). Then `recreated` is set and no growth is told.
    """

    seconds: float | None = None
    recreated: bool = False
    encaps: int | None = None
    decaps: int | None = None
    send_errors: int | None = None
    recv_errors: int | None = None
    errors: Mapping[str, int] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Whether nothing at all moved."""
        known = [self.encaps, self.decaps, self.send_errors, self.recv_errors, *self.errors.values()]
        return not any(known)

    @property
    def span(self) -> str:
        """For a sentence: `in 30 s`, or `between the two samples`."""
        return f"in {self.seconds:.0f} s" if self.seconds is not None else "between the two samples"


def between(before: Tunnel, after: Tunnel, seconds: float | None) -> CounterDelta | None:
    """The growth from one look to the next; None where the second is the same output again.

    Args:
        before: the flow at the first look.
        after: the same flow at the second.
        seconds: the time between, where the host measured it; else it is taken from the lifetime of an SA that both
            looks show.
    """
    aged = _aged(before, after)
    seconds = aged if seconds is None else seconds
    growth = [_grown(getattr(before.counters, name), getattr(after.counters, name)) for name in _PAIRS]
    errors = {name: count - before.counters.errors[name] for name, count in after.counters.errors.items()
              if name in before.counters.errors}
    if any(value < 0 for value in (*(value for value in growth if value is not None), *errors.values())):
        return CounterDelta(seconds=seconds, recreated=True)
    encaps, decaps, send_errors, recv_errors = growth
    found = CounterDelta(seconds=seconds, encaps=encaps, decaps=decaps, send_errors=send_errors,
                         recv_errors=recv_errors, errors=errors)
    same_output = seconds is None or (seconds == 0 and aged in {0, None})
    return None if same_output and found.silent else found


def in_order(one: Tunnel, other: Tunnel) -> tuple[Tunnel, Tunnel]:
    """Two looks at a flow, the earlier first: lifetimes only run down. In the order given where no SA is in both.

    Of two forms of the same moment the one with the detail counters comes last, whatever the order of the commands.
    """
    aged, back = _aged(one, other), _aged(other, one)
    if aged is None and back:
        return other, one
    if not aged and one.counters.errors and not other.counters.errors:
        return other, one
    return one, other


def _grown(before: int | None, after: int | None) -> int | None:
    return after - before if before is not None and after is not None else None


def _aged(before: Tunnel, after: Tunnel) -> float | None:
    """Seconds that an SA of both looks has lost of its lifetime."""
    left: dict[tuple[str, int | None], int] = {
        (sa.direction, sa.spi): sa.lifetime_sec for sa in before.sas if sa.spi and sa.lifetime_sec is not None
    }
    for sa in after.sas:
        earlier = left.get((sa.direction, sa.spi)) if sa.spi else None
        if earlier is not None and sa.lifetime_sec is not None and earlier >= sa.lifetime_sec:
            return float(earlier - sa.lifetime_sec)
    return None
