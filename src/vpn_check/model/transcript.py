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
    """A command as written to the device. `needed` False: its absence is no gap (the release may not know it)."""

    text: str
    kind: CommandClass = CommandClass.READ
    needed: bool = True


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
