"""Pings of chosen sizes with the DF bit set, and what they say of a path. Sizes are whole IP packets, in bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import Evidence

SMALLEST = 36
"""The smallest packet that the ping of IOS sends."""
LARGEST = 18024
"""The largest packet that the ping of IOS sends."""


class Outcome(StrEnum):
    """What became of the packets of one size.

    passed: at least one was answered (`!`). too big: an ICMP error said so (`M`: fragmentation needed, DF set).
    silent: nothing came back in time (`.`). unreachable: an ICMP error of another kind (`U`). unclear: any other sign
    (`Q` source quench, `&` TTL exceeded, `?`), or signs that contradict one another.
    """

    PASSED = "passed"
    TOO_BIG = "too big"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One ping command: `repeat` packets of each of these sizes. Several sizes ascend by one step."""

    sizes: tuple[int, ...]
    repeat: int = 2

    @property
    def packets(self) -> int:
        """How many packets it sends."""
        return len(self.sizes) * self.repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a probe learnt about one size. `signs` are the characters that the device printed for it."""

    size: int
    outcome: Outcome
    signs: str
    evidence: Evidence | None = None

    @property
    def lost(self) -> int:
        """Packets without an answer."""
        return sum(sign in ".?" for sign in self.signs)


class Result(StrEnum):
    """What a search came to."""

    EXACT = "exact"
    AT_LEAST = "at least"
    BELOW = "below"
    BETWEEN = "between"
    CANNOT_TELL = "cannot tell"


class Reason(StrEnum):
    """Why a search cannot tell."""

    NO_ANSWER = "no answer"
    UNREACHABLE = "unreachable"
    LOSS = "loss"
    INCONSISTENT = "inconsistent"
    UNCLEAR = "unclear"
    NO_DF = "no DF bit"
    NEVER_DF = "platform without DF bit"
    NOT_SENT = "not sent"
    NO_REPORT = "no report"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a path carries.

    `largest` is the largest packet that passed, `refused` the smallest that did not; both None where the search cannot
    tell. exact: they are neighbours, or `largest` is all that the device's own interface can send. at least: nothing
    larger was tried. below: not even `refused`, the smallest size tried, passed. between: the number of probes was
    used up. `silent`: the refused size brought no ICMP error. `detail` is the device's sentence where it refused.
    """

    target: str
    source: str | None = None
    result: Result
    largest: int | None = None
    refused: int | None = None
    silent: bool = False
    lost: int = 0
    reason: Reason | None = None
    detail: str | None = None
    replies: tuple[Reply, ...] = ()
    probes: int = 0
    packets: int = 0

    @property
    def exact(self) -> int | None:
        """The path MTU where it is known exactly."""
        return self.largest if self.result is Result.EXACT else None

    def reply(self, size: int | None) -> Reply | None:
        """The last reply to this size."""
        return next((reply for reply in reversed(self.replies) if reply.size == size), None)
