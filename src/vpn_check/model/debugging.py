"""A guarded debug: what was checked, what was sent, what came, and whether all of it is off again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.model.debug import CpuLoad
    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Diagnosis, Finding

RECENT = timedelta(minutes=15)
"""A message older than this may tell of a fault that is no more."""


class Waiver(StrEnum):
    """A precondition that a user may waive, by its name alone."""

    CPU = "cpu"
    DEBUGS = "debugs"
    CONSOLE = "console"
    UNSEEN = "unseen"
    PERSISTENT = "persistent"
    UNFILTERED = "unfiltered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One precondition: whether it holds, in a sentence, and the option that waives it."""

    name: Waiver
    holds: bool
    text: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the device's memory says of a peer.

    `finding` is the surest cause that it names; `age` how old its newest line is by the device's clock, None where
    that is not certain. `errors` are what IKEv2 counted, with neither peer nor time.
    """

    asked: tuple[str, ...]
    finding: Finding | None = None
    age: timedelta | None = None
    diagnosis: Diagnosis | None = None
    errors: tuple[str, ...] = ()

    @property
    def names_the_cause(self) -> bool:
        """Whether it makes a debug needless: sure, of this peer, and recent."""
        return self.finding is not None and self.age is not None and self.age <= RECENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A line that was sent, and on which of the sessions: 1 looks, 2 shows, 3 and on were opened to undo."""

    session: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedLine:
    """A line of the device as it came, when it came here (UTC), and when the device says it wrote it."""

    at: datetime
    text: str
    device_time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether all of ours is off, and where not, why not and what to type by hand."""

    off: bool
    reason: str = ""
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a guarded debug.

    `ended`: why nothing was switched on (`history`, `refused`, `declined`), or why it was switched off again:
    `duration`, `bytes`, `cpu`, `no-load`, `cause`, `interrupted`, `session`, `guard`, `asked`, `failed`. `why` is that
    as a sentence. `announced` are the lines that switch, in order. `prompt` is the device's name as its prompt says it.
    `proof` is None where nothing was switched.
    """

    device: str
    platform: PlatformName
    peer: str
    history: History
    ended: str
    why: str
    checks: tuple[Check, ...] = ()
    announced: tuple[str, ...] = ()
    sent: tuple[Sent, ...] = ()
    prompt: str = ""
    lines: tuple[CapturedLine, ...] = ()
    size: int = 0
    dropped: int = 0
    loads: tuple[CpuLoad, ...] = ()
    diagnosis: Diagnosis | None = None
    proof: Proof | None = None
    journal: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
