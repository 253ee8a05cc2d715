"""What a device does with a connection before it says who it is: the faults that a client meets first."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.lab.device import LabDevice

_BUSY = b"\r\n% All VTY lines are in use, try again later.\r\n"
_LATE = 0.5


async def let_in(device: LabDevice, sock: socket.socket) -> bool:
    """Whether the device goes on with the connection; where it does not, the socket is closed."""
    loop = asyncio.get_running_loop()
    if device.fault == "banner_late":
        await asyncio.sleep(_LATE if device.fault_arg is None else device.fault_arg)
    elif device.fault == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif device.fault == "lines_busy":
        await loop.sock_sendall(sock, _BUSY)
    elif device.fault == "hang_banner":
        while await loop.sock_recv(sock, 4096):
            pass
    if device.fault in {"reset", "close_early", "lines_busy", "hang_banner"}:
        sock.close()
        return False
    return True
