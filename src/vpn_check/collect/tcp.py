"""A TCP connection to a device, with an error for each way in which there can be none."""

from __future__ import annotations

import errno
import socket
from typing import Any

from vpn_check.errors import Unreachable

_PIECE = 65536
_NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}


def dial(name: str, host: str, port: int, *, timeout: float) -> socket.socket:
    """Connect, without Nagle's delay and with keep-alive.

    Raises:
        Unreachable: DNS, refused, no route, or no answer; the sentence says which and what to look at.
    """
    try:
        sock = socket.create_connection((host, port), timeout)
    except socket.gaierror as exc:
        raise Unreachable(f"{name}: the name `{host}` cannot be resolved ({exc.strerror or exc}).",
                          hint="Check the spelling and DNS, or set `host:` to an address in the inventory.") from exc
    except UnicodeError as exc:
        raise Unreachable(f"{name}: `{host}` is not a host name.", hint="Set `host:` in the inventory.") from exc
    except ConnectionRefusedError as exc:
        raise Unreachable(f"{name}: {host} port {port} refuses connections.",
                          hint="Check that SSH is enabled there and that the port is right.") from exc
    except TimeoutError as exc:
        raise Unreachable(f"{name}: {host} port {port} did not answer within {timeout:g} s.",
                          hint="Check the route, access lists on the VTY lines and firewalls on the way.") from exc
    except ConnectionResetError as exc:
        raise Unreachable(f"{name}: {host} port {port} reset the connection.",
                          hint="The device may limit SSH connections; try again.", transient=True) from exc
    except OSError as exc:
        if exc.errno in _NO_ROUTE:
            raise Unreachable(f"{name}: there is no route to {host} ({exc.strerror}).",
                              hint="Check the local routing table and the VPN or network you are on.") from exc
        raise Unreachable(f"{name}: cannot connect to {host} port {port} ({exc.strerror or exc}).",
                          hint="Check the address and the local network.") from exc
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return sock


class ReadAhead:
    """A socket that is read in large pieces. Paramiko asks for a packet in several; each would be a system call."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = b""
        self._at = 0

    def recv(self, count: int) -> bytes:
        """At most `count` bytes; none at the end of the connection. Raises what the socket raises."""
        if self._at == len(self._held):
            piece = self._sock.recv(_PIECE)
            if len(piece) <= count:
                return piece
            self._held, self._at = piece, 0
        start, self._at = self._at, min(self._at + count, len(self._held))
        return self._held[start:self._at]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever else a socket has
        return getattr(self._sock, name)
