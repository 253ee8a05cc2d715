"""The search for the largest packet that a path carries: which size next, and when to stop. Knows no device.

Halving an interval of 8641 sizes (576 to 9216) takes 14 questions, and 12 are allowed. Two things make up for it: first
guesses (what the SA printed, 1500), and pings that walk over several sizes in one command, where the device can do so
and halving would not end in time.

A size is too big where an ICMP error says so. Silence is weaker: packets get lost, and a filter that drops all ICMP
looks like a small MTU. Silence counts as too big only where smaller packets pass before and after it, four packets or
more were silent, and no packet was lost at a size that passes. Everything else is "cannot tell", never a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.sweep import Measured, Outcome, Probe, Reason, Reply, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FLOOR = 576
"""The smallest packet that the search cares for: what every IPv4 host takes (RFC 791)."""
CAP = 9216
"""The largest packet that the search cares for: jumbo frames."""
BUDGET = 12
"""Ping commands to one destination."""
SMALL = 100
"""The size that is asked before a destination is called silent."""
STEPS = 10
"""Sizes in a ping that walks."""
FEW, MANY, CONFIRM = 2, 4, 5
"""Packets of a size: at first, once a probe was silent, and to confirm a silence."""
_STOPS = {Outcome.UNREACHABLE: Reason.UNREACHABLE, Outcome.UNCLEAR: Reason.UNCLEAR}


class Search:
    """Ask `next()` for a probe, `feed()` its replies, until `next()` gives None; then `result()`.

    Args:
        floor: the smallest size of interest.
        cap: the largest size of interest.
        own: the MTU of the device's own interface, where known: nothing larger can be sent, so it is the end.
        guesses: sizes to try first, the likeliest first.
        walks: whether the device can ping several sizes in one command.
        budget: how many probes may be sent.
    """

    def __init__(self, *, floor: int = FLOOR, cap: int = CAP, own: int | None = None, guesses: Iterable[int] = (),
                 walks: bool = False, budget: int = BUDGET) -> None:
        self._own = own is not None and own <= cap
        self._top = (own if own is not None and own <= cap else cap) + 1
        self._floor = min(floor, self._top - 1)
        self._low: int | None = None
        self._high = self._top
        self._guesses = [size for size in guesses if floor <= size < self._high]
        self._guessed: int | None = None
        self._neighbour: int | None = None
        self._walks = walks
        self._left = self._budget = budget
        self._replies: list[Reply] = []
        self._silent: dict[int, list[int]] = {}
        self._too_big: set[int] = set()
        self._last_pass = -1
        self._lost = 0
        self._packets = 0
        self._reason: Reason | None = None
        self._detail: str | None = None

    # -- asking ------------------------------------------------------------------------------------------------------

    def next(self) -> Probe | None:
        """The next probe; None when nothing more is to be asked."""
        probe = self._probe() if self._reason is None and self._left else None
        if probe is None:
            return None
        self._left -= 1
        self._packets += probe.packets
        return probe

    def _probe(self) -> Probe | None:
        if self._low is None:
            if self._high == self._floor:
                return self._one(SMALL, MANY) if self._all_silent() and SMALL not in self._silent else None
            if self._all_silent() and len(self._silent) > 1:
                return self._one(self._floor)
        if self._low is not None and self._high == self._low + 1:
            return self._last_check()
        size = self._guess()
        if size is not None:
            return self._one(size)
        low = self._floor - 1 if self._low is None else self._low
        if self._low is not None and self._walks and self._too_far(self._high - low):
            step = -(-(self._high - low) // (STEPS + 1))
            return Probe(sizes=tuple(range(low + step, self._high, step)), repeat=1)
        return self._one((low + self._high) // 2)

    def _one(self, size: int, repeat: int | None = None) -> Probe:
        return Probe(sizes=(size,), repeat=repeat or (MANY if self._silent else FEW))

    def _guess(self) -> int | None:
        if self._neighbour is not None:
            size, self._neighbour = self._neighbour, None
            if size < self._high:
                return size
        while self._guesses:
            size = self._guesses.pop(0)
            if (self._low or 0) < size < self._high:
                self._guessed = size
                return size
        return None

    def _too_far(self, width: int) -> bool:
        return (width - 1).bit_length() + bool(self._silent) > self._left

    def _all_silent(self) -> bool:
        return bool(self._silent) and not self._too_big

    def _last_check(self) -> Probe | None:
        """A silence that decides is asked again, and so is the size that passed, if nothing passed after it."""
        high = self._high
        if high == self._top or high in self._too_big or self._lost:
            return None
        places = self._silent[high]
        if sum(self._replies[place].lost for place in places) < MANY or (self._too_big and len(places) == 1):
            return self._one(high, CONFIRM)
        if self._last_pass < places[0] and self._low is not None:
            return self._one(self._low)
        return None

    # -- learning ----------------------------------------------------------------------------------------------------

    def feed(self, replies: Sequence[Reply]) -> None:
        """Take in what the last probe brought."""
        for reply in replies:
            place = len(self._replies)
            self._replies.append(reply)
            if self._reason is not None:
                continue
            if reply.outcome in _STOPS:
                self._reason = _STOPS[reply.outcome]
            elif reply.outcome is Outcome.PASSED:
                self._passed(reply, place)
            else:
                self._failed(reply, place)
        if self._low is not None and self._high <= self._low:
            self._reason = self._reason or Reason.INCONSISTENT

    def _passed(self, reply: Reply, place: int) -> None:
        first = self._last_pass < 0
        self._lost += max(0, reply.lost - (first and reply.signs.startswith(".")))   # ARP or IKE costs the first packet
        if reply.size == SMALL < self._floor:
            return
        self._last_pass = place
        overtaken = [size for size in self._silent if size < reply.size]
        self._lost += len(overtaken)   # a smaller packet had met silence: it was lost
        for size in overtaken:
            del self._silent[size]
        if any(size <= reply.size for size in (*self._too_big, *self._silent)):
            self._reason = Reason.INCONSISTENT
        if self._low is None or reply.size > self._low:
            if reply.size == self._guessed and first and reply.size + 1 < self._high:
                self._neighbour = reply.size + 1
            self._low = reply.size
        self._high = min((size for size in (*self._too_big, *self._silent) if size > reply.size), default=self._top)

    def _failed(self, reply: Reply, place: int) -> None:
        if reply.outcome is Outcome.TOO_BIG:
            self._too_big.add(reply.size)
        else:
            self._silent.setdefault(reply.size, []).append(place)
        if self._low is not None and reply.size <= self._low:
            self._reason = Reason.INCONSISTENT
        if reply.size >= self._floor:
            self._high = min(self._high, reply.size)

    def stop(self, reason: Reason, detail: str | None = None) -> None:
        """End the search: the probe could not be sent, or its answer could not be read."""
        self._reason = self._reason or reason
        self._detail = detail

    # -- the answer --------------------------------------------------------------------------------------------------

    def result(self, *, target: str, source: str | None = None) -> Measured:
        """What is known now."""
        result, reason = self._judged()
        known = result is not Result.CANNOT_TELL
        refused = self._high if self._high != self._top or result is Result.BELOW else None
        return Measured(
            target=target,
            source=source,
            result=result,
            largest=self._low if known else None,
            refused=refused if known else None,
            silent=known and refused is not None and refused not in self._too_big,
            lost=self._lost,
            reason=reason,
            detail=self._detail,
            replies=tuple(self._replies),
            probes=self._budget - self._left,
            packets=self._packets,
        )

    def _judged(self) -> tuple[Result, Reason | None]:  # noqa: PLR0911  a decision list
        if self._reason is not None:
            return Result.CANNOT_TELL, self._reason
        low, high = self._low, self._high
        silent = high != self._top and high not in self._too_big
        if not self._replies:
            return Result.CANNOT_TELL, Reason.NOT_TRIED
        if self._nothing_passed() or (low is None and high > self._floor):
            return Result.CANNOT_TELL, Reason.NO_ANSWER
        if silent and self._lost:
            return Result.CANNOT_TELL, Reason.LOSS
        if low is None:
            return Result.BELOW, None
        if high > low + 1 or self._last_check() is not None:
            return Result.BETWEEN, None
        return (Result.EXACT if self._own or high != self._top else Result.AT_LEAST), None

    def _nothing_passed(self) -> bool:
        """Whether not even the smallest packet was answered, so that nothing at all is known."""
        return not self._too_big and not any(reply.outcome is Outcome.PASSED for reply in self._replies)
