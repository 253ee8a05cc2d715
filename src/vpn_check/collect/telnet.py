"""Telnet to a device: the negotiation of RFC 854 over a socket of our own, as a channel like that of SSH.

Netmiko has a telnet class, too. It sleeps between polls, answers log-in questions by sending RETURN and the secret
until something that looks like a prompt appears (so a wrong password is tried again and again, which locks accounts),
and notices a closed connection only after its time-out. This channel blocks in `recv`, answers each request of the
device once, and leaves what to say to the log-in (telnet_log_in.py) and the session.

Everything travels unencrypted, so a device is reached by telnet only where the inventory says `transport: telnet`.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from vpn_check.collect.tcp import dial
from vpn_check.collect.telnet_log_in import log_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.collect.transport import Peer

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, SUPPRESS_GO_AHEAD, WINDOW_SIZE = 1, 3, 31   # RFC 857, 858, 1073
_THEIRS = {ECHO, SUPPRESS_GO_AHEAD}               # what the device may do
_OURS = {SUPPRESS_GO_AHEAD, WINDOW_SIZE}          # what we do when asked to
_WINDOW = (511).to_bytes(2, "big") + (1000).to_bytes(2, "big")   # so wide that no echo is cut; the same as over SSH
_LONGEST = 512   # bytes of one sub-negotiation; what is longer is noise


class Nvt:
    """The network virtual terminal (RFC 854): takes commands out of what is received, and says what to answer.

    It begins nothing by itself and answers only what changes an option, so that two ends cannot answer for ever.
    """

    def __init__(self) -> None:
        self._kept = b""
        self._on: set[tuple[int, int]] = set()

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """The text in the data, and the answer that is due. An unfinished command is kept for the next data."""
        data = self._kept + data
        self._kept = b""
        text, answer = bytearray(), bytearray()
        position = 0
        while (found := data.find(IAC, position)) >= 0:
            text += data[position:found]
            end = self._end(data, found)
            if end is None:
                self._kept = data[found:] if len(data) - found < _LONGEST else b""
                position = len(data)
                break
            if data[found + 1] == IAC:
                text.append(IAC)
            else:
                answer += self._answer(data[found + 1], data[found + 2:end])
            position = end
        text += data[position:]
        return bytes(text).replace(b"\0", b""), bytes(answer)   # NUL does nothing on an NVT; CR NUL is a bare CR

    @staticmethod
    def send(data: bytes) -> bytes:
        """The data as they travel.

        A line ends in CR NUL, the RETURN key of RFC 1123: nothing is left over behind it that a device could take for
        an empty answer to its next question.
        """
        return data.replace(b"\xff", b"\xff\xff").replace(b"\n", b"\r\0")

    @staticmethod
    def _end(data: bytes, start: int) -> int | None:
        """Where the command that begins at `start` ends; None where it is not whole yet."""
        if start + 1 >= len(data):
            return None
        command = data[start + 1]
        if command in {WILL, WONT, DO, DONT}:
            return start + 3 if start + 2 < len(data) else None
        if command != SB:
            return start + 2
        position = start + 2
        while 0 <= (position := data.find(IAC, position)) < len(data) - 1:
            if data[position + 1] == SE:
                return position + 2
            position += 2
        return None

    def _answer(self, command: int, rest: bytes) -> bytes:
        if command not in {WILL, WONT, DO, DONT}:
            return b""   # go-ahead, data mark, sub-negotiations: nothing to say
        option = rest[0]
        asked = WILL if command in {WILL, WONT} else DO
        yes, no, allowed = (DO, DONT, _THEIRS) if asked == WILL else (WILL, WONT, _OURS)
        on = (asked, option) in self._on
        if command in {WONT, DONT}:
            self._on.discard((asked, option))
            return bytes((IAC, no, option)) if on else b""
        if on:
            return b""
        if option not in allowed:
            return bytes((IAC, no, option))
        self._on.add((asked, option))
        window = bytes((IAC, SB, WINDOW_SIZE)) + _WINDOW.replace(b"\xff", b"\xff\xff") + bytes((IAC, SE))
        return bytes((IAC, yes, option)) + (window if (asked, option) == (DO, WINDOW_SIZE) else b"")


class TelnetChannel:
    """A telnet connection that is read and written like an SSH channel (stream.py, `Channel`)."""

    def __init__(self, sock: Any) -> None:  # noqa: ANN401  a socket, or a channel of a bastion's transport
        self._sock = sock
        self._nvt = Nvt()
        self._timeout = 0.0
        self._held = b""
        if isinstance(sock, socket.socket):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)   # a data mark comes as urgent data

    def settimeout(self, timeout: float, /) -> None:
        """Bound the next `recv` or `sendall`."""
        self._timeout = timeout

    def recv(self, nbytes: int, /) -> bytes:
        """Wait for text; none means that the other end closed. Raises TimeoutError."""
        if self._held:
            held, self._held = self._held, b""
            return held
        end = time.monotonic() + self._timeout
        while True:
            self._sock.settimeout(max(end - time.monotonic(), 0.001))
            data = self._sock.recv(nbytes)
            if not data:
                return b""
            text, answer = self._nvt.receive(data)
            if answer:
                self._sock.sendall(answer)
            if text:
                return text
            if time.monotonic() >= end:
                raise TimeoutError

    def sendall(self, s: bytes, /) -> None:
        """Write all bytes; newlines become what the RETURN key sends."""
        self._sock.settimeout(self._timeout)
        self._sock.sendall(Nvt.send(s))

    def unread(self, text: str) -> None:
        """Give text back: the next `recv` returns it."""
        self._held = text.encode() + self._held

    def close(self) -> None:
        """Close the connection at once."""
        with suppress(OSError, EOFError):
            if isinstance(self._sock, socket.socket):
                self._sock.shutdown(socket.SHUT_RDWR)
        with suppress(OSError, EOFError):
            self._sock.close()


class TelnetConnection:
    """A command line that is logged in to. `channel` is what a session reads and writes."""

    def __init__(self, channel: TelnetChannel) -> None:
        self.channel = channel

    def close(self) -> None:
        """Close the connection at once."""
        self.channel.close()


def connect(peer: Peer, through: Callable[[], Any] | None = None) -> TelnetConnection:
    """Log in to a device by telnet.

    Args:
        peer: the device.
        through: opens the way through a bastion; None means a TCP connection of our own.

    Raises:
        DeviceError: of the class that says what to do next.
    """
    sock = through() if through else dial(peer.name, peer.host, peer.port, timeout=peer.limits.connect,
                                          service="telnet")
    channel = TelnetChannel(sock)
    try:
        log_in(channel, peer)
    except BaseException:
        channel.close()
        raise
    return TelnetConnection(channel)
