"""The SSH side of a device: who may come in, and the terminal that a session gets."""

from __future__ import annotations

import asyncio
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

import asyncssh

from vpn_check.lab.algorithms import PROFILES
from vpn_check.lab.visit import visit

if TYPE_CHECKING:
    import socket

    from vpn_check.lab.debugs import Debugs
    from vpn_check.lab.device import LabDevice
    from vpn_check.lab.record import Record

_INTERRUPTS = (asyncssh.BreakReceived, asyncssh.SignalReceived, asyncssh.TerminalSizeChanged)


class _Door(asyncssh.SSHServer):
    """Who may come in: the device's one user, by password, or by the one key it knows."""

    def __init__(self, device: LabDevice, record: Record, connections: set[asyncssh.SSHServerConnection]) -> None:
        self._device = device
        self._record = record
        self._connections = connections
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._connections.add(conn)
        if self._device.legacy:   # old algorithms are this device's purpose: no warning to the user about them
            warnings.filterwarnings("ignore", message="Diffie-Hellman over finite fields")

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._connection is not None:
            self._connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        del username
        if self._device.banner and self._connection is not None:
            self._connection.send_auth_banner(self._device.banner)
        return True

    def auth_completed(self) -> None:
        if self._device.fault == "vty_full" and self._connection is not None:
            asyncio.get_running_loop().call_soon(self._connection.abort)   # acceptance is on its way already

    def password_auth_supported(self) -> bool:
        return True

    def kbdint_auth_supported(self) -> bool:
        return False

    def public_key_auth_supported(self) -> bool:
        return self._device.authorized_key is not None

    async def validate_password(self, username: str, password: str) -> bool:
        self._record.auth_attempts += 1
        if self._device.fault == "auth_hang":
            await asyncio.Event().wait()
        if self._device.fault == "auth_close" and self._connection is not None:
            self._connection.abort()
            await asyncio.Event().wait()
        return username == self._device.username and password == self._device.password

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return (self._device.authorized_key is not None and username == self._device.username
                and key == asyncssh.import_public_key(self._device.authorized_key))


class _SshWire:
    """A session's streams as a terminal's wire."""

    def __init__(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self._process = process

    async def read(self) -> bytes:
        while True:
            try:
                return await self._process.stdin.read(4096)
            except _INTERRUPTS:
                continue

    def write(self, data: bytes) -> None:
        if not self._process.is_closing():
            self._process.stdout.write(data)

    async def drained(self) -> None:
        if not self._process.is_closing():
            with suppress(asyncssh.Error, OSError):
                await self._process.stdout.drain()

    def drop(self) -> None:
        self._process.channel.get_connection().abort()

    def end(self) -> None:
        if not self._process.is_closing():
            self._process.exit(0)


class SshDoor:
    """Serves SSH connections of one device, whose host key it holds."""

    def __init__(self, device: LabDevice, record: Record, debugs: Debugs) -> None:
        self._profile = PROFILES[device.profile]
        self._debugs = debugs
        self._record = record
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.key = self._profile.new_key()

    async def serve(self, sock: socket.socket, device: LabDevice) -> None:
        """Serve one connection to its end."""

        async def session(process: asyncssh.SSHServerProcess[bytes]) -> None:
            connection = process.channel.get_connection()
            await visit(device, self._record, self._debugs, _SshWire(process), command=process.command)
            if not process.is_closing():
                process.close()
            await process.wait_closed()
            connection.close()

        try:
            connection = await asyncssh.run_server(
                sock, server_factory=lambda: _Door(device, self._record, self.connections), process_factory=session,
                line_editor=False, encoding=None, server_version="Cisco-1.25", **self._profile.options(self.key))
            await connection.wait_closed()
        except (OSError, asyncssh.Error):
            sock.close()   # the client has gone, or was not let in

    async def close(self) -> None:
        """Cut every connection."""
        connections = [*self.connections]
        for connection in connections:
            connection.abort()
        for connection in connections:
            await connection.wait_closed()
