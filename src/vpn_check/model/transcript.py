"""What was said to a device and what it answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from vpn_check.model.device import PlatformName


class CommandClass(StrEnum):
    """What a command does to the device. A session is opened for the classes that its job needs, and for no other."""

    READ = "read"
    DEBUG = "debug"
    PROBE = "probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command as written to the device. `needed` False: its absence is no gap (the release may not know it).

    `seconds` is how long the answer may take, `size` how many characters it may have; None: the session's limits.
    `polled`: a poll asks it as well, not only a check.
    """

    text: str
    kind: CommandClass = CommandClass.READ
    needed: bool = True
    polled: bool = True
    seconds: float | None = None
    size: int | None = None


class Subject(StrEnum):
    """What a command of a case is about; its place in the reports."""

    CONFIG = "configuration"
    SYSTEM = "system"
    STATE = "IKE and IPsec states"
    COUNTERS = "counters"
    ENGINE = "crypto engine"
    DROPS = "drops"
    POLICY = "policies and maps"
    OVERLAY = "overlay"
    LOG = "logs and traces"
    PATH = "interfaces and routes"
    ALL = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommand:
    """One thing that somebody who looks into an IPsec case asks for. All are show commands.

    `long`: asked only on request. `twice`: asked again after an interval, to see what moves. `instead` is asked where
    the device does not know the command. `{peer}` in the text stands for the address of each peer. `seconds` and
    `size` (characters) bound the answer.
    """

    text: str
    about: Subject
    long: bool = False
    twice: bool = False
    instead: str | None = None
    seconds: float = 60
    size: int = 8 << 20


class Problem(StrEnum):
    """Why an output is not, or not wholly, the answer to its command."""

    UNSUPPORTED = "unsupported"
    NOT_AUTHORISED = "not authorised"
    UNPRIVILEGED = "privilege level too low"
    TIMED_OUT = "timed out"
    CLOSED = "session closed"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutput:
    """The text of one command exactly as received.

    `origin` is the file it was read from (None: a live session); `first_line` is the number, in that file, of the
    text's first line. `prompt` is the device's name as its prompt said it, where there was a prompt. `file` is where a
    text lies that is too long to be held; `text` is then empty.
    """

    command: str
    text: str
    origin: str | None = None
    first_line: int = 1
    received_at: datetime | None = None
    problem: Problem | None = None
    prompt: str | None = None
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All that was collected from one device: in a session, or from captured text."""

    device: str
    platform: PlatformName | None = None
    outputs: tuple[CommandOutput, ...] = ()
