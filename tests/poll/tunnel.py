"""One tunnel of the simulated world: what its device holds of it at any moment."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.poll.script import Trouble
from tests.poll.traffic import AWAKE, DAY, Habit, Traffic

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from tests.poll.script import Fate

_LIFETIME = {PlatformName.IOS: 3600.0, PlatformName.IOSXE: 3600.0, PlatformName.ASA: 28800.0}
_EARLY = 30.0   # seconds before its end at which an SA is renewed
_IKE_LIFETIME = DAY
_BOTH_SHOWN = 60.0
_REPEATED = 0.2   # of the packets that would have been sent, while nothing gets through


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair of IPsec SAs: SPIs, and the seconds left."""

    number: int
    inbound: int
    outbound: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a device holds of a tunnel. No `pairs`: no SA. `ike` are the ages of its IKE SAs, the newest first."""

    encaps: int
    decaps: int
    send_errors: int
    pairs: tuple[Pair, ...]
    ike: tuple[int, ...]
    ike_number: int
    trouble: Trouble | None
    asks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """One tunnel, the `number`th of its device. `seed` decides its SPIs and when it was first there."""

    platform: PlatformName
    number: int
    local: str
    peer: str
    lan: str
    far: str
    traffic: Traffic
    fate: Fate
    seed: str
    _first: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_first", -random.Random(self.seed).uniform(2, 20) * DAY)

    def at(self, now: float) -> Moment:
        """What there is of it `now`, in seconds since the world began."""
        trouble = self.fate.trouble(now)
        born = self._born(now)
        up = born is not None
        base = max([self._first, *(reset for reset in self.fate.resets if reset <= now)])
        if self.platform is PlatformName.ASA and born is not None:   # its flow goes with the SAs
            base = max(base, born)
        lost = [(begin, end) for begin, end, _ in self.fate.troubles if begin < now and end > base]
        unsent = [(begin, end) for begin, end, what in self.fate.troubles
                  if begin < now and end > base and what is not Trouble.BLOCKED]
        waited = sum(self.traffic.sent(max(begin, base), min(end, now)) for begin, end in unsent)
        missed = sum(self.traffic.received(max(begin, base), min(end, now)) for begin, end in lost)
        generation, ages = self._ike(now, born) if born is not None else (0, ())
        if trouble is Trouble.REFUSED:   # phase 1 goes on as it was
            begin = next(begin for begin, end, _ in self.fate.troubles if begin <= now < end)
            before = self._born(begin - 1)
            generation, ages = self._ike(now, begin if before is None else before)
        return Moment(
            encaps=int(self.traffic.sent(base, now) - waited),
            decaps=int(self.traffic.received(base, now) - missed),
            send_errors=int(waited * _REPEATED) + self.traffic.bursts(base, now),
            pairs=self._pairs(now, born) if born is not None else (),
            ike=ages,
            ike_number=1001 + self.number + 20 * generation,
            trouble=trouble,
            asks=not up and self.traffic.asks(now),
        )

    def _born(self, now: float) -> float | None:
        """When the present SAs were first negotiated; None where there is none."""
        if any(begin <= now < end for begin, end in self.fate.gaps):
            return None
        free = max([self._first, *(end for _, end in self.fate.gaps if end <= now)])
        born = self.traffic.next_ask(free)
        if self.traffic.habit is Habit.ON_DEMAND:
            woken = self.traffic.woken(now)
            born = max(born, woken)
            if now - woken >= AWAKE:
                return None
        return born if born <= now else None

    def _pairs(self, now: float, born: float) -> tuple[Pair, ...]:
        lifetime = _LIFETIME[self.platform]
        turn, age = divmod(now - born, lifetime - _EARLY)
        live = [(int(turn), lifetime - age)]
        if turn and age < _EARLY - 2:
            live.insert(0, (int(turn) - 1, _EARLY - age))
        return tuple(self._pair(born, number, left) for number, left in live)

    def _pair(self, born: float, number: int, left: float) -> Pair:
        dice = random.Random(f"{self.seed}/{born}/{number}")
        return Pair(number=number, inbound=dice.randrange(1 << 28, 1 << 32), outbound=dice.randrange(1 << 28, 1 << 32),
                    left=int(left))

    def _ike(self, now: float, born: float) -> tuple[int, tuple[int, ...]]:
        """How many times the IKE SA was renewed, and the ages of those shown."""
        renewed = max([born, *(at for at in self.fate.renewals if born < at <= now)])
        turn, age = divmod(now - renewed, _IKE_LIFETIME - _BOTH_SHOWN)
        number = int(turn) + sum(born < at <= now for at in self.fate.renewals)
        both = number > 0 and age < _BOTH_SHOWN
        return number, (int(age), int(_IKE_LIFETIME - _BOTH_SHOWN + age)) if both else (int(age),)
