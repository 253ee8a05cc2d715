"""One device's SSH endpoint: its listener, its host key, and the record of what clients did."""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import asyncssh

from vpn_check.errors import UsageError
from vpn_check.lab.faults import Dropped
from vpn_check.lab.shell import Shell
from vpn_check.lab.terminal import Hangup, Terminal

if TYPE_CHECKING:
    from vpn_check.lab.device import LabDevice

_CLOSING = 0.1
_LEGACY: dict[str, Any] = {
    "kex_algs": ["diffie-hellman-group14-sha1"],
    "encryption_algs": ["aes128-cbc"],
    "mac_algs": ["hmac-sha1"],
}


@dataclass(slots=True)
class Record:
    """What clients did. `commands` holds each line that is not blank, answers to passwords included."""

    commands: list[str] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    sessions: int = 0
    auth_attempts: int = 0


class _Door(asyncssh.SSHServer):
    """Who may come in: the device's one user, by password, or by the one key it knows."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._device = endpoint.device
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._endpoint.connections.add(conn)
        if self._device.legacy:   # old algorithms are this device's purpose: no warning to the user about them
            warnings.filterwarnings("ignore", message="Diffie-Hellman over finite fields")

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._connection is not None:
            self._endpoint.connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        del username
        if self._device.banner and self._connection is not None:
            self._connection.send_auth_banner(self._device.banner)
        return True

    def auth_completed(self) -> None:
        if self._device.fault == "vty_full" and self._connection is not None:
            asyncio.get_running_loop().call_soon(self._connection.abort)

    def password_auth_supported(self) -> bool:
        return True

    def kbdint_auth_supported(self) -> bool:
        return False

    def public_key_auth_supported(self) -> bool:
        return self._device.authorized_key is not None

    async def validate_password(self, username: str, password: str) -> bool:
        self._endpoint.record.auth_attempts += 1
        if self._device.fault == "auth_hang":
            await asyncio.Event().wait()
        return username == self._device.username and password == self._device.password

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return (self._device.authorized_key is not None and username == self._device.username
                and key == asyncssh.import_public_key(self._device.authorized_key))


class _Mute(asyncio.Protocol):
    """A TCP connection on which nothing is ever said."""

    def __init__(self, connections: set[asyncio.BaseTransport]) -> None:
        self._connections = connections
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._transport is not None:
            self._connections.discard(self._transport)


class Endpoint:
    """The SSH server of one device. All methods but the record's readers run in the lab's event loop."""

    def __init__(self, device: LabDevice, host: str, port: int) -> None:
        self.device = device
        self.host = host
        self.port = port
        self.record = Record()
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self.key = self._new_key()
        self._listener: asyncssh.SSHAcceptor | asyncio.Server | None = None
        self._mute: set[asyncio.BaseTransport] = set()

    async def start(self) -> None:
        """Listen.

        Raises:
            UsageError: the port is taken.
        """
        try:
            self._listener = await (self._listen_mute() if self.device.fault == "hang_banner" else self._listen())
        except OSError as error:
            raise UsageError(f"Port {self.port} cannot be used for {self.device.name}: {error.strerror}.",
                             hint="Choose another base port.") from error
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and cut every connection."""
        if self._listener is None:
            return
        self._listener.close()
        while not await self._closed(self._listener):
            pass   # a connection was accepted in this very moment: the next turn cuts it
        self._listener = None

    async def _closed(self, listener: asyncssh.SSHAcceptor | asyncio.Server) -> bool:
        for transport in [*self._mute]:
            transport.close()
        connections = [*self.connections]
        for connection in connections:
            connection.abort()
        for connection in connections:
            await connection.wait_closed()
        try:
            async with asyncio.timeout(_CLOSING):
                await listener.wait_closed()
        except TimeoutError:
            return False
        return not self.connections

    async def rotate(self) -> None:
        """Come back on the same port with another host key."""
        await self.stop()
        self.key = self._new_key()
        await self.start()

    def _new_key(self) -> asyncssh.SSHKey:
        return (asyncssh.generate_private_key("ssh-rsa", key_size=2048) if self.device.legacy
                else asyncssh.generate_private_key("ssh-ed25519"))

    async def _listen(self) -> asyncssh.SSHAcceptor:
        pair = asyncssh.load_keypairs(self.key)[0]
        if self.device.legacy:
            pair.host_key_algorithms = (b"ssh-rsa",)
        return await asyncssh.listen(
            self.host, self.port, reuse_address=True, server_factory=lambda: _Door(self), server_host_keys=[pair],
            process_factory=self._session, line_editor=False, encoding=None, server_version="Cisco-1.25",
            **(_LEGACY if self.device.legacy else {}))

    async def _listen_mute(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _Mute(self._mute), self.host, self.port)

    async def _session(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self.record.sessions += 1
        terminal = Terminal(process, self.record.received.extend)
        shell = Shell(self.device, terminal, self.record.commands.append)
        connection = process.channel.get_connection()
        try:
            if process.command is None:
                await shell.run()
            else:
                await shell.execute(process.command)
                terminal.flush()
        except Hangup:
            process.close()
        except Dropped:
            connection.abort()
        else:
            process.exit(0)
            await process.wait_closed()
            connection.close()
