"""The terminal line: keys in, text out, echo, and pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.lab.dialect import Dialect

CR, LF, BACKSPACE, DELETE = 13, 10, 8, 127
CTRL_C, CTRL_U, CTRL_Z = 3, 21, 26


class Hangup(Exception):  # noqa: N818 - an event of the line, not an error
    """The client has gone."""


class Wire(Protocol):
    """What a terminal needs of the connection that carries it."""

    async def read(self) -> bytes:
        """The next keys; none: the client has gone."""

    def write(self, data: bytes) -> None:
        """Send, unless the client has gone."""

    async def drained(self) -> None:
        """Wait until the client takes more."""

    def drop(self) -> None:
        """Cut the connection."""

    def end(self) -> None:
        """End the session in good order."""


class Terminal:
    """One client's terminal. What is written is sent when the device waits, as one piece."""

    def __init__(self, wire: Wire, received: Callable[[bytes], None]) -> None:
        self.wire = wire
        self._received = received
        self._typed = bytearray()
        self._pending: list[str] = []
        self._after_return = False

    def write(self, text: str) -> None:
        """Put text on the line; newlines go out as CR LF."""
        if not text:
            return
        self._pending.append(text.replace("\r\n", "\n").replace("\n", "\r\n"))

    def flush(self) -> None:
        """Send what was written."""
        if self._pending:
            data = "".join(self._pending).encode()
            self._pending.clear()
            self.wire.write(data)

    def emit(self, text: str) -> None:
        """Put text on the line at once, whatever the client is typing."""
        self.write(text)
        self.flush()

    async def drained(self) -> None:
        """Wait until the line takes more."""
        await self.wire.drained()

    async def pause(self, seconds: float) -> None:
        """Send what was written, then do nothing for a while."""
        self.flush()
        await asyncio.sleep(seconds)

    async def silence(self) -> None:
        """Send what was written and never answer again; keys are still received."""
        while True:
            await self.key()

    async def key(self) -> int:
        """The next key pressed.

        Raises:
            Hangup: there will be none.
        """
        while not self._typed:
            self.flush()
            data = await self.wire.read()
            if not data:
                raise Hangup
            self._received(data)
            self._typed += data
        return self._typed.pop(0)

    async def line(self, *, echo: bool = True, mask: str = "") -> str:
        """A line as typed, its end included in the echo; without echo, `mask` stands for each key."""
        typed = ""
        while True:
            key = await self.key()
            after_return, self._after_return = self._after_return, key == CR
            if key in (CR, LF):
                if key == LF and after_return:
                    continue
                self.write("\n")
                return typed
            if key in (BACKSPACE, DELETE):
                typed = self._rub(typed, 1, echo=echo)
            elif key == CTRL_U:
                typed = self._rub(typed, len(typed), echo=echo)
            elif key == CTRL_C:
                self.write("\n")
                return ""
            elif key == CTRL_Z:
                self.write("^Z\n")
                return "end"
            elif key >= ord(" "):
                typed += chr(key)
                self.write(chr(key) if echo else mask)

    def _rub(self, typed: str, count: int, *, echo: bool) -> str:
        gone = min(count, len(typed))
        if echo:
            self.write("\b \b" * gone)
        return typed[: len(typed) - gone]


class Pager:
    """One output, shown page by page. `height` 0: no pages."""

    def __init__(self, terminal: Terminal, dialect: Dialect, height: int) -> None:
        self._terminal = terminal
        self._dialect = dialect
        self._height = height
        self._room = height - 1

    async def show(self, lines: Sequence[str]) -> bool:
        """Show lines, waiting for a key at each page end; False when the reader has had enough."""
        if not self._height:
            self._terminal.write("".join(f"{line}\n" for line in lines))
            return True
        for line in lines:
            if self._room < 1 and not await self._more():
                return False
            self._terminal.write(f"{line}\n")
            self._room -= 1
        return True

    async def _more(self) -> bool:
        self._terminal.write(self._dialect.more)
        key = await self._terminal.key()
        self._terminal.write(self._dialect.wipe)
        if key == ord(" "):
            self._room = self._height - 1
        elif key in (CR, LF):
            self._room = 1
        else:   # q, or any other key: the listing ends and the key is lost
            return False
        return True
