"""Distance between client and device: what a client sends arrives later, so that each round trip costs its time."""

from __future__ import annotations

import asyncio
import socket
from collections import deque

_BEFORE_BANNER = 2   # round trips: that of TCP, and the first one of the protocol above it


async def far_away(sock: socket.socket, rtt: float) -> socket.socket:
    """A socket in place of a client's, behind which the client is `rtt` seconds away.

    What the client sends is seen a round trip later; answers go out at once. The client's socket is taken over, and
    closed when the one in its place is.
    """
    await asyncio.sleep(_BEFORE_BANNER * rtt)
    sock = socket.socket(fileno=sock.detach())   # nobody else may close it: its number would be given to another client
    near, outer = socket.socketpair()
    for end in (sock, near, outer):
        end.setblocking(False)
    loop = asyncio.get_running_loop()
    client, device = _Half(rtt), _Half(0.0)
    client.other, device.other = device, client
    try:
        await loop.create_connection(lambda: device, sock=outer)
        await loop.create_connection(lambda: client, sock=sock)
    except BaseException:   # the lab is closing
        for end in (sock, near, outer):
            end.close()
        raise
    return near


class _Half(asyncio.Protocol):
    """One end: what arrives here is handed to the other one, in order, `delay` seconds later."""

    other: _Half
    transport: asyncio.Transport

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._on_its_way: deque[bytes] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._delay:
            self.other.transport.write(data)
            return
        self._on_its_way.append(data)
        asyncio.get_running_loop().call_later(self._delay, self._arrive)

    def _arrive(self) -> None:
        self.other.transport.write(self._on_its_way.popleft())

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.other.transport.close()
