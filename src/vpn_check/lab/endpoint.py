"""One device's endpoint: its listener, what carries its sessions, and the record of what clients did."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError
from vpn_check.lab.arrival import let_in
from vpn_check.lab.debugs import Debugs
from vpn_check.lab.device import LabDevice
from vpn_check.lab.distance import far_away
from vpn_check.lab.record import Record
from vpn_check.lab.ssh_door import SshDoor
from vpn_check.lab.telnet_door import TelnetDoor
from vpn_check.model.device import Transport

if TYPE_CHECKING:
    from collections.abc import Coroutine

_BACKLOG = 256


class Endpoint:
    """The server of one device. All methods but `become` and the record's readers run in the lab's event loop.

    `rtt`: how far away its clients are, in seconds.
    """

    def __init__(self, device: LabDevice, host: str, port: int, rtt: float = 0.0) -> None:
        self.device = device
        self.host = host
        self.port = port
        self.rtt = rtt
        self.record = Record()
        self.debugs = Debugs(device)
        self._door = self._new_door()
        self._listener: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen.

        Raises:
            UsageError: the port is taken.
        """
        try:
            listener = socket.create_server((self.host, self.port), backlog=_BACKLOG)
        except OSError as error:
            raise UsageError(f"Port {self.port} cannot be used for {self.device.name}: {error.strerror}.",
                             hint="Choose another base port.") from error
        listener.setblocking(False)
        self._listener = listener
        self.port = listener.getsockname()[1]
        self._run(self._accept(listener))

    async def stop(self) -> None:
        """Close the port and cut every connection."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._door.close()

    async def cut(self) -> None:
        """Cut every connection."""
        await self._door.close()

    def become(self, device: LabDevice) -> None:
        """Play another device from the next connection on; those that are open go on with the one they met."""
        self.device = device
        self.debugs.device = device

    async def rotate(self) -> None:
        """Come back on the same port with another host key."""
        await self.stop()
        self._door = self._new_door()
        await self.start()

    @property
    def host_key(self) -> str | None:
        """The public host key in OpenSSH's form; None where there is none, as with telnet."""
        if not isinstance(self._door, SshDoor):
            return None
        return self._door.key.export_public_key("openssh").decode()

    def _new_door(self) -> SshDoor | TelnetDoor:
        if self.device.transport is Transport.TELNET:
            return TelnetDoor(self.record, self.debugs)
        return SshDoor(self.device, self.record, self.debugs)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            sock, _ = await loop.sock_accept(listener)
            self.record.connections += 1
            self._run(self._serve(sock, self.device.at(self.record.connections)))

    async def _serve(self, sock: socket.socket, device: LabDevice) -> None:
        with suppress(OSError), closing(sock):   # an OSError: the client has gone
            if await let_in(device, sock):
                await self._door.serve(await far_away(sock, self.rtt) if self.rtt else sock, device)
