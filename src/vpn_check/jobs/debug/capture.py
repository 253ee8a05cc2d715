"""What came while the debugs were on: the device's lines apart from our echoes, with the host's time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from vpn_check.model.debugging import CapturedLine
from vpn_check.parse.device_clock import stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime


@dataclass(slots=True)
class Capture:
    """Collects text until it holds as much as it may. Filled by one thread, read by others.

    Args:
        limit: bytes that are kept; what comes behind them is counted and dropped.
        clock: the host's time, aware.
        prompt: the device's name as its prompt says it.
        own: the lines that we sent, and lines that only answer them: echoes, no words of the device's own.
        answers: matches an answer to a line that we sent.
    """

    limit: int
    clock: Callable[[], datetime]
    prompt: str = ""
    own: frozenset[str] = frozenset()
    answers: re.Pattern[str] | None = None
    size: int = 0
    dropped: int = 0
    _lines: list[CapturedLine] = field(default_factory=list)
    _rest: str = ""
    _lock: Lock = field(default_factory=Lock)

    @property
    def full(self) -> bool:
        """Whether something had to be dropped, or the next text would be."""
        return self.size >= self.limit

    def add(self, text: str) -> None:
        """Take text as it came; a line may come in pieces."""
        room = max(0, self.limit - self.size)
        self.dropped += max(0, len(text) - room)
        text = text[:room]
        if not text:
            return
        now = self.clock()
        with self._lock:
            *whole, self._rest = (self._rest + text).split("\n")
            self.size += len(text)
            self._lines += [CapturedLine(at=now, text=line, device_time=stamp_of(line))
                            for line in self._devices_own(whole)]

    def finish(self) -> None:
        """No more will come: the last line may lack its end."""
        if self._rest.strip():
            self.limit += 1
            self.add("\n")

    def lines(self) -> tuple[CapturedLine, ...]:
        """The device's lines so far."""
        with self._lock:
            return tuple(self._lines)

    def text(self) -> str:
        """The device's lines so far as one text."""
        return "".join(f"{line.text}\n" for line in self.lines())

    def _devices_own(self, lines: Iterable[str]) -> Iterable[str]:
        for line in lines:
            shown = self._without_prompt(line)
            if shown.strip() and shown.strip() not in self.own and not (
                    self.answers is not None and self.answers.fullmatch(shown.strip())):
                yield shown

    def _without_prompt(self, line: str) -> str:
        """A line without the prompts that stand before it: a debug may begin behind one."""
        while self.prompt and line.startswith(self.prompt):
            found = re.match(r"(?:\([^()]{1,60}\))?[>#] ?", line[len(self.prompt):])
            if found is None:
                return line
            line = line[len(self.prompt) + found.end():]
        return line
