"""What a platform is: data on one page, asked by collection and parsing alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.model.transcript import CaseCommand, Command, CommandClass, Problem
from vpn_check.platforms.debugging import DebugForms, forms_for

if TYPE_CHECKING:
    from vpn_check.model.device import PlatformName
    from vpn_check.platforms.ping import PingForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One operating system.

    `driver` is Netmiko's device type. `templates` names the folders below `templates/` in the order they are asked.
    `open_commands` prepare the session (paging off), `pager` is what a page end looks like, `enable_command` raises
    the privilege, `level_command` says what it is, `errors` classify an answer that is no output. `ping` is how a probe
    is asked for, `mtu_lines` the command that shows the configured MTU and MSS, of an {interface} where it has that
    field. `debugs` are its debugs, a table a group of releases.
    `case` is what an evidence bundle asks, in that order: the configuration first, so that its keys are known when they
    turn up elsewhere.
    """

    name: PlatformName
    title: str
    driver: str
    templates: tuple[str, ...]
    commands: tuple[Command, ...]
    open_commands: tuple[str, ...]
    enable_command: str
    level_command: Command
    pager: re.Pattern[str]
    errors: tuple[tuple[re.Pattern[str], Problem], ...]
    ping: PingForm
    mtu_lines: str
    debugs: tuple[DebugForms, ...]
    case: tuple[CaseCommand, ...] = ()

    def debug_forms(self, release: tuple[int, int] | None) -> DebugForms:
        """How this release spells its debugs; None: the release is not known."""
        return forms_for(self.debugs, release)

    def reads(self) -> tuple[Command, ...]:
        """The commands of the main job: show commands only."""
        return tuple(command for command in self.commands if command.kind is CommandClass.READ)

    def polls(self) -> tuple[Command, ...]:
        """What a poll asks: the SA tables and, short everywhere, the version with the uptime."""
        return (*(command for command in self.reads() if command.polled), VERSION)

    def classify(self, text: str) -> Problem | None:
        """Say whether an answer is a refusal rather than output. Only its start and its end are looked at."""
        lines = [line for line in text.splitlines() if line.strip()]
        for line in (*lines[:3], *lines[-1:]):
            for pattern, problem in self.errors:
                if pattern.search(line):
                    return problem
        return None


FULL_LEVEL = 15
"""The privilege level at which a device knows all its commands."""

_LEVEL = re.compile(r"privilege level(?: is|\s*:)\s*(\d+)", re.IGNORECASE)


def privilege_level(text: str) -> int | None:
    """The level that the answer to a `level_command` names; None where it names none."""
    found = _LEVEL.search(text)
    return int(found[1]) if found else None


VERSION = Command(text="show version", needed=False)
CONFIGURATION = (VERSION, Command(text="show running-config", needed=False))
"""What the configuration checks need of every platform. Never `more system:running-config`, which shows the keys."""

LOG = Command(text="show logging", needed=False)
"""The log buffer: it names causes that states only allow. Asked for last, since it may be long."""

PAGER = re.compile(r"(?:<--- More --->| ?--More-- ?)\s*\Z")
"""A page end of IOS and of ASA/PIX, as the very last text received."""

REFUSALS: tuple[tuple[re.Pattern[str], Problem], ...] = (
    (
        re.compile(r"^\s*(?:ERROR: )?% ?(?:Invalid input|(?:Invalid|Incomplete|Ambiguous) command)", re.IGNORECASE),
        Problem.UNSUPPORTED,
    ),
    (
        re.compile(r"^\s*% ?(?:Unknown command|Unrecognized command|Bad IP address or host name)", re.IGNORECASE),
        Problem.UNSUPPORTED,
    ),
    (re.compile(r"^\s*Type help or '\?' for a list of available commands", re.IGNORECASE), Problem.UNSUPPORTED),
    (re.compile(r"^\s*ERROR: .*(?:not supported|unrecognized|unknown)", re.IGNORECASE), Problem.UNSUPPORTED),
    (
        re.compile(
            r"^\s*(?:%\s*)?(?:ERROR: )?(?:%\s*)?(?:(?:Command )?authorization failed|Permission denied|"
            r"(?:(?:This )?command (?:is )?)?not (?:authorized|authorised|permitted)\b)", re.IGNORECASE
        ),
        Problem.NOT_AUTHORISED,
    ),
)
"""Answers that are no output, as IOS, IOS-XE, ASA and PIX print them."""
