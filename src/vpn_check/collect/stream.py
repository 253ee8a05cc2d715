"""A byte stream to a device's command line, read without polling and decoded as it comes."""

from __future__ import annotations

import codecs
import time
from typing import TYPE_CHECKING, Protocol

from vpn_check.collect.screen import TAIL, at_page_end, clean

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 65536


class Channel(Protocol):
    """What a session needs of a transport: an SSH channel fits, and so does a telnet connection (telnet.py)."""

    def recv(self, nbytes: int, /) -> bytes:
        """Wait for bytes; none means that the other end closed. Raises TimeoutError."""
        ...

    def sendall(self, s: bytes, /) -> None:
        """Write all bytes."""
        ...

    def settimeout(self, timeout: float, /) -> None:
        """Bound the next `recv` or `sendall`."""
        ...


class StreamClosedError(Exception):
    """The other end closed the stream. What had come before is in the buffer."""


class StreamSilentError(Exception):
    """The time is over. `waited` says which: seconds without a byte, or seconds in all."""

    def __init__(self, waited: float, *, idle: bool) -> None:
        super().__init__()
        self.waited = waited
        self.idle = idle


class Stream:
    """Collects what a channel sends until a condition on its end holds.

    `take()` hands the collected text over, cleaned, and empties the buffer.
    """

    def __init__(self, channel: Channel, on_page_end: Callable[[], None]) -> None:
        self._channel = channel
        self._on_page_end = on_page_end
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._parts: list[str] = []
        self._tail = ""
        self._pieces = 0
        self.pages = 0
        self.size = 0
        """Characters that have come since the last `take`."""

    def write(self, data: bytes, limit: float) -> None:
        """Write to the channel. Raises StreamClosedError where it no longer takes anything."""
        try:
            self._channel.settimeout(limit)
            self._channel.sendall(data)
        except OSError as exc:
            raise StreamClosedError from exc

    def wait(self, done: Callable[[], bool], *, idle: float, total: float) -> None:
        """Read until `done()`, which is asked after every piece of text, those that come while it is asked included.

        Raises:
            StreamClosedError: the other end closed first.
            StreamSilentError: `idle` seconds went by without a byte, or `total` seconds in all.
        """
        end = time.monotonic() + total
        while True:
            before = self._pieces
            if done():
                return
            left = end - time.monotonic()
            if left <= 0:
                raise StreamSilentError(total, idle=False)
            if self._pieces == before and not self._receive(min(idle, left)):
                raise StreamSilentError(idle, idle=idle <= left)

    def quiet(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        return not self._receive(seconds)

    def _receive(self, seconds: float) -> bool:
        try:
            self._channel.settimeout(seconds)
            data = self._channel.recv(_CHUNK)
        except TimeoutError:
            return False
        except OSError as exc:
            raise StreamClosedError from exc
        if not data:
            raise StreamClosedError
        text = self._decode(data)
        self._pieces += 1
        self._parts.append(text)
        self.size += len(text)
        self._tail = (self._tail + text)[-TAIL:]
        if at_page_end(self._tail):
            self.pages += 1
            self._tail = ""
            self._on_page_end()
        return True

    @property
    def tail(self) -> str:
        """The end of what has come, cleaned."""
        return clean(self._tail)

    @property
    def raw(self) -> str:
        """All that has come since the last `take`, as it came."""
        return "".join(self._parts)

    @property
    def text(self) -> str:
        """All that has come since the last `take`, cleaned."""
        return clean(self.raw)

    def take(self) -> str:
        """Hand over what has come, cleaned, and begin anew."""
        text = self.text
        self._parts.clear()
        self._tail = ""
        self.size = 0
        return text
