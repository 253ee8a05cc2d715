"""The debugs of a lab device: which are on and whose they are, and what restricts them. They outlive connections."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from vpn_check.lab import debug_answers
from vpn_check.lab.debug_speech import ASKED_FOR, speak
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.lab.device import LabDevice

_ROUTERS = {PlatformName.IOS, PlatformName.IOSXE}
_ROUTER_LINE = re.compile(r"(?P<no>no )?debug (?:crypto (?P<crypto>isakmp|ipsec|ikev2|engine)|(?P<other>ip \S.*))")
_FIREWALL_LINE = re.compile(
    r"(?P<no>no )?debug crypto (?P<crypto>ikev1|isakmp|ikev2 protocol|ikev2 platform|ipsec|engine)(?: (?P<level>\d+))?")
_CONDITION = re.compile(r"(?P<no>no )?debug crypto condition peer (?:ipv[46] )?(?P<peer>[0-9A-Fa-f.:]+)")
_ALL_OFF = {"undebug all", "no debug all"}
_VIEW = {"terminal monitor", "terminal no monitor"}
_AVERAGED = 5.0   # seconds
_CRYPTO = {name for names in ASKED_FOR.values() for name in names}


class Line(Protocol):
    """What the debugs need of a terminal."""

    def emit(self, text: str) -> None:
        """Put text on the line at once."""

    async def drained(self) -> None:
        """Wait until the line takes more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A debug or a condition that was switched, at a moment of the monotonic clock, by a session (0: nobody's)."""

    at: float
    session: int
    what: str
    on: bool


@dataclass(slots=True)
class Seat:
    """One session: its line, whether it monitors (routers), and the debugs that are its own (firewalls)."""

    line: Line
    user: str
    watches: bool = False
    own: dict[str, int] = field(default_factory=dict)
    gone: bool = False


class Debugs:
    """The state of one device's debugs. Every method runs in the lab's event loop.

    `changes` is what was switched so far; `loads` are the moments at which the load was asked for, and what was said;
    `shown` are the moments at which lines were printed, and how many;
    `on_since` is when the first crypto debug came on, None while none is on.
    """

    def __init__(self, device: LabDevice) -> None:
        self.device = device
        self.play = device.debugging
        self.router = device.platform in _ROUTERS
        self.seats: dict[int, Seat] = {}
        self.device_wide: dict[str, int] = {}
        self.conditions: list[str] = []
        self.changes: list[Change] = []
        self.loads: list[tuple[float, int]] = []
        self.shown: list[tuple[float, int]] = []
        self.on_since: float | None = None
        self._struck = False
        self._speaker: asyncio.Task[None] | None = None
        for line in self.play.foreign:
            self._switch(0, line)

    def enter(self, session: int, line: Line) -> None:
        """A session began."""
        self.seats[session] = Seat(line, self.device.username)

    def leave(self, session: int, *, cut: bool) -> None:
        """A session ended. A firewall notices a cut connection only after a while."""
        held = self.seats.get(session)
        if held is None:
            return
        held.gone, held.watches = True, False
        if cut and self.play.linger and not self.router:
            asyncio.get_running_loop().call_later(self.play.linger, self._forget, session)
        else:
            self._forget(session)

    def _forget(self, session: int) -> None:
        held = self.seats.pop(session, None)
        for name in held.own if held else ():
            self._note(session, name, on=False)

    def on(self) -> tuple[str, ...]:
        """All debugs that are on, whoever switched them on; on a firewall those of every session."""
        names = dict.fromkeys(self.device_wide)
        for held in self.seats.values():
            names |= dict.fromkeys(held.own)
        return tuple(names)

    def hearing(self, kind: str) -> Iterator[Line]:
        """The lines on which a message of this kind shows up."""
        wanted = ASKED_FOR.get(kind, set())
        for held in self.seats.values():
            on = self.device_wide if self.router else held.own
            shown = held.watches if self.router else True
            if not held.gone and shown and (wanted & set(on) or (self.router and kind == "log")):
                yield held.line

    def load(self) -> int:
        """The load of this moment, in per cent."""
        now = time.monotonic()
        on = self.on_since is not None and now - self.on_since >= self.play.cpu_after
        load = self.play.cpu_on if on and self.play.cpu_on is not None else self.play.cpu
        shown = sum(count for at, count in self.shown if now - at <= _AVERAGED)
        return min(99, load + int(shown * self.play.cpu_per_line))

    # -- commands ----------------------------------------------------------------------------------------------------

    def knows(self, line: str) -> bool:
        """Whether a line is answered here."""
        return self.switches(line) or line in debug_answers.known(self)

    def switches(self, line: str) -> bool:
        """Whether a line switches anything."""
        if line in _ALL_OFF or (self.router and line in _VIEW):
            return True
        if _CONDITION.fullmatch(line):
            return self.play.conditional
        return (_ROUTER_LINE if self.router else _FIREWALL_LINE).fullmatch(line) is not None

    def trouble(self, line: str) -> str | None:
        """What goes wrong at this line; `hang` and `cut` only once."""
        trouble = self.play.trouble if self.switches(line) and line == (self.play.strikes or line) else None
        if trouble == "refused":
            return trouble if line.startswith("debug ") else None
        if self._struck:
            return None
        self._struck = trouble is not None
        return trouble

    def question(self, line: str) -> str:
        """What the device asks before it does what a line says; empty: nothing."""
        found = _CONDITION.fullmatch(line)
        last = found is not None and found["no"] and self.conditions == [found["peer"]]
        return debug_answers.LAST_CONDITION if last and self.play.asks else ""

    def answer(self, session: int, line: str) -> str:
        """Do what a line says and return what the device prints."""
        return self._switch(session, line) if self.switches(line) else debug_answers.answer(self, session, line)

    def _switch(self, session: int, line: str) -> str:
        if line in _ALL_OFF:
            return self._all_off(session)
        if line in _VIEW:
            self.seats[session].watches = line == "terminal monitor"
            return ""
        condition = _CONDITION.fullmatch(line)
        if condition is not None:
            return self._condition(session, condition["peer"], on=not condition["no"])
        found = (_ROUTER_LINE if self.router else _FIREWALL_LINE).fullmatch(line)
        if found is None:
            raise ValueError(line)
        named = found.groupdict()
        name, on = str(named["crypto"] or named["other"]), not named["no"]
        level = int(named.get("level") or 1)
        held = self.device_wide if self.router or not session else self.seats[session].own
        changed = (name in held) is not on
        if on:
            held[name] = level
        else:
            held.pop(name, None)
        if changed:
            self._note(session, name, on=on)
        return debug_answers.said(self, name, level, on=on)

    def _all_off(self, session: int) -> str:
        held = self.device_wide if self.router else self.seats[session].own
        for name in [*held]:
            del held[name]
            self._note(session, name, on=False)
        return "All possible debugging has been turned off\n" if self.router else ""

    def _condition(self, session: int, peer: str, *, on: bool) -> str:
        if (peer in self.conditions) is not on:
            (self.conditions.append if on else self.conditions.remove)(peer)
            self._note(session, f"condition {peer}", on=on)
        return ""

    def _note(self, session: int, what: str, *, on: bool) -> None:
        self.changes.append(Change(at=time.monotonic(), session=session, what=what, on=on))
        if not set(self.on()) & _CRYPTO:
            self.on_since = None
        elif self.on_since is None:
            self.on_since = time.monotonic()
            if session:
                self._speaker = asyncio.get_running_loop().create_task(speak(self))
