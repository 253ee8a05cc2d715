"""Which lines go to the device, in which order, and which of them are ours to take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError
from vpn_check.model.transcript import Command, CommandClass
from vpn_check.platforms.debugging import LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vpn_check.model.debug import DebugConditions, DebugList
    from vpn_check.platforms.debugging import DebugForms, Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sent to switch debugs on and off.

    `condition` and the debugs of `switches` are ours: they were not there before. `unfiltered`: no condition restricts
    the debugs to the peer.
    """

    peer: str
    forms: DebugForms
    condition: tuple[str, str] | None
    switches: tuple[Switch, ...]
    level: int
    unfiltered: bool = False

    @property
    def on(self) -> tuple[str, ...]:
        """Switch on: the condition before the debugs."""
        lines = [switch.on.replace(LEVEL, str(self.level)) for switch in self.switches]
        return (*([self.condition[0]] if self.condition else []), *lines)

    @property
    def off(self) -> tuple[str, ...]:
        """Switch off: the debugs before the condition, so that no debug is ever on without it."""
        return (*self.debugs_off, *([self.condition[1]] if self.condition else []))

    @property
    def debugs_off(self) -> tuple[str, ...]:
        """Switch off the debugs alone."""
        return tuple(switch.off for switch in self.switches)

    def ours(self, listed: Iterable[str]) -> tuple[str, ...]:
        """Which lines of a device's list of debugs are ours."""
        return tuple(line for line in listed if any(switch.shown.search(line) for switch in self.switches))

    def announcement(self, seconds: float, every: float) -> tuple[str, ...]:
        """What will be sent, as a person reads it, in order."""
        forms = self.forms
        second = "session 2" if forms.per_session else "session 1"
        view = [f"session 2    {forms.view[0]}"] if forms.view else []
        unview = [f"session 2    {forms.view[1]}"] if forms.view else []
        return (
            *view,
            *(f"{second}    {line}" for line in self.on),
            f"session 1    {forms.cpu}   (every {every:g} s, {seconds:g} s long)",
            *(f"{second}    {line}" for line in self.debugs_off),
            f"{second}    {forms.listed}",
            *([f"{second}    {self.condition[1]}"] if self.condition else []),
            *([f"{second}    {forms.conditions}"] if forms.conditions else []),
            *unview,
        )


def make_plan(
    forms: DebugForms, peer: str, names: Sequence[str], *, level: int, before: DebugList, conditions: DebugConditions,
) -> Plan:
    """Choose the debugs; what is on already is somebody else's, and stays as it is.

    Raises:
        UsageError: a name is no debug of this platform.
    """
    known = dict.fromkeys(switch.name for switch in forms.switches)
    strangers = [name for name in names if name not in known]
    if strangers:
        raise UsageError(f"There is no debug {strangers[0]!r} on this platform.", hint=f"Known: {', '.join(known)}.")
    chosen = [switch for switch in forms.switches if (switch.name in names if names else switch.usual)]
    condition = forms.condition_for(peer)
    return Plan(
        peer=peer,
        forms=forms,
        condition=None if condition is None or peer in conditions.peers else condition,
        switches=tuple(switch for switch in chosen if not any(switch.shown.search(line) for line in before.on)),
        level=level,
        unfiltered=condition is None,
    )


def debug_command(line: str) -> Command:
    """A line that switches a debug, a condition or what a terminal shows."""
    return Command(text=line, kind=CommandClass.DEBUG)


def read_command(line: str) -> Command:
    """A line that only asks."""
    return Command(text=line)
