"""The telnet side of a device: its option negotiation, its log-in, and the terminal that a session gets."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from vpn_check.lab.dialect import dialect_of
from vpn_check.lab.terminal import Hangup, Terminal
from vpn_check.lab.visit import visit

if TYPE_CHECKING:
    import socket

    from vpn_check.lab.debugs import Debugs
    from vpn_check.lab.device import LabDevice
    from vpn_check.lab.record import Record

IAC, DONT, DO, WONT, WILL, SB, SE = b"\xff", b"\xfe", b"\xfd", b"\xfc", b"\xfb", b"\xfa", b"\xf0"
ECHO, GO_AHEAD, TERMINAL_TYPE, WINDOW = b"\x01", b"\x03", b"\x18", b"\x1f"
_OPENING = b"".join(IAC + verb + option for verb, option in (
    (WILL, ECHO), (WILL, GO_AHEAD), (DO, TERMINAL_TYPE), (DO, WINDOW)))
_TRIES = 3


class _TelnetWire:
    """A TCP stream as a terminal's wire: telnet commands are read out of it, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, record: Record) -> None:
        self._reader = reader
        self._writer = writer
        self._record = record
        self._arrived = bytearray()

    async def read(self) -> bytes:
        keys = b""
        try:
            while not keys or self._arrived:
                byte = await self._byte()
                keys += await self._command() if byte == IAC else byte.replace(b"\0", b"")
        except (EOFError, OSError):
            return b""
        return keys

    async def _byte(self) -> bytes:
        if not self._arrived:
            self._arrived = bytearray(await self._reader.read(4096))
            if not self._arrived:
                raise EOFError
        return bytes((self._arrived.pop(0),))

    async def _command(self) -> bytes:
        verb = await self._byte()
        if verb == IAC:
            return IAC
        if verb == SB:
            self._option(await self._sub_negotiation())
        elif verb in {WILL, WONT, DO, DONT}:
            option = await self._byte()
            if verb in {WONT, DONT}:
                self._record.refused.add(option[0])
        return b""

    async def _sub_negotiation(self) -> bytes:
        body = b""
        while (byte := await self._byte()) != IAC or (byte := await self._byte()) == IAC:
            body += byte
        return body

    def _option(self, body: bytes) -> None:
        if body[:1] == WINDOW:
            self._record.window = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")

    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data.replace(IAC, IAC + IAC))

    def negotiate(self) -> None:
        """Begin as IOS does."""
        self._writer.write(_OPENING)

    async def drained(self) -> None:
        if not self._writer.is_closing():
            with suppress(OSError):
                await self._writer.drain()

    def drop(self) -> None:
        self._writer.transport.abort()

    def end(self) -> None:
        self._writer.close()


class TelnetDoor:
    """Serves telnet connections of one device."""

    def __init__(self, record: Record, debugs: Debugs) -> None:
        self._record = record
        self._debugs = debugs
        self._writers: set[asyncio.StreamWriter] = set()

    async def serve(self, sock: socket.socket, device: LabDevice) -> None:
        """Serve one connection to its end."""
        reader, writer = await asyncio.open_connection(sock=sock)
        self._writers.add(writer)
        wire = _TelnetWire(reader, writer, self._record)
        wire.negotiate()
        terminal = Terminal(wire, self._record.received.extend)
        try:
            if await self._log_in(device, terminal):
                await visit(device, self._record, self._debugs, wire, terminal=terminal)
        except Hangup:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _log_in(self, device: LabDevice, terminal: Terminal) -> bool:
        dialect = dialect_of(device)
        terminal.write((device.banner or "") + "\nUser Access Verification\n\n")
        for left in reversed(range(_TRIES)):
            name = device.username
            if device.username:
                terminal.write("Username: ")
                name = await terminal.line()
            terminal.write("Password: ")
            password = await terminal.line(echo=False, mask=dialect.mask)
            self._record.auth_attempts += 1
            if device.fault == "auth_hang":
                await terminal.silence()
            if device.fault == "auth_close":
                return False
            if (name, password) == (device.username, device.password):
                return device.fault != "vty_full"
            terminal.write(dialect.login_again if left else dialect.login_denied)
        terminal.flush()
        return False

    async def close(self) -> None:
        """Cut every connection."""
        for writer in [*self._writers]:
            writer.transport.abort()
