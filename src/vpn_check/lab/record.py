"""The record of what clients did to a device of the lab: the proof of what was sent, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Record:
    """What clients did.

    `commands` holds each line that is not blank, answers to `enable` included, those of the log-in not; `typed` the
    same with the moment (`time.monotonic`) and the session's number. `received` is every byte on terminal lines.
    `dropped_at` is when the device last cut a session (`time.monotonic`), `window` the size that a telnet client gave
    for its terminal, `refused` the telnet options that it would not have.
    """

    commands: list[str] = field(default_factory=list)
    typed: list[tuple[float, int, str]] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0
    sessions: int = 0
    auth_attempts: int = 0
    dropped_at: float | None = None
    window: tuple[int, int] | None = None
    refused: set[int] = field(default_factory=set)
