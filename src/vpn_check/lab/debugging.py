"""How the debugs of a lab device behave, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

TROUBLES: dict[str, str] = {
    "refused": "a line that switches a debug on is refused",
    "hang": "a line that switches is carried out and never answered, once",
    "cut": "the connection is cut right after a line that switches was carried out, once",
}
"""What can go wrong with the debugs of a device, each in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debugging:
    """How the debugs of a device behave.

    Args:
        negotiation: the lines that one negotiation gives, time stamps aside, as all debugs together show them.
        peer: whose negotiation it is; a condition for another peer hides it.
        noise: the same for a peer that nobody asks about; any condition hides it.
        every: seconds between two negotiations.
        foreign: debugs that somebody else has on, as commands.
        cpu: load in per cent; `cpu_on`: the load once a debug has been on for `cpu_after` seconds, None: the same.
        cpu_per_line: per cent that each line of the last five seconds adds.
        console, monitor: the levels of these logs.
        trace: `logging debug-trace` of an ASA: disabled, enabled, or persistent.
        linger: seconds for which an ASA keeps the session of a connection that was cut.
        conditional: False: the release knows no conditions.
        asks: the device asks before it takes the last condition away.
        trouble: one of `TROUBLES`, or None; `strikes`: the line that it strikes, None: the first that switches.
        said: answers to questions about debugs that are given whatever is on, by the command.
        flood: megabytes that come at once while a debug is on; 0: none.
    """

    negotiation: str = ""
    peer: str | None = None
    noise: str = ""
    every: float = 1.0
    foreign: tuple[str, ...] = ()
    cpu: int = 4
    cpu_on: int | None = None
    cpu_after: float = 0.0
    cpu_per_line: float = 0.0
    console: str = "warnings"
    monitor: str = "debugging"
    trace: str = "disabled"
    linger: float = 0.0
    conditional: bool = True
    asks: bool = False
    trouble: str | None = None
    strikes: str | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    flood: float = 0.0

    def __post_init__(self) -> None:
        if self.trouble is not None and self.trouble not in TROUBLES:
            raise UsageError(f"Unknown trouble with debugs: {self.trouble!r}.", hint=f"Known: {', '.join(TROUBLES)}.")
