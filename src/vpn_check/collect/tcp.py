"""A TCP connection to a device, with an error for each way in which there can be none."""

from __future__ import annotations

import errno
import socket
import time
from typing import TYPE_CHECKING, Any

from vpn_check.collect.resolve import resolve
from vpn_check.errors import Unreachable

if TYPE_CHECKING:
    from vpn_check.collect.resolve import Place

_PIECE = 65536
_NO_ROUTE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
_FIRST = 0.6   # of the time left goes to an attempt that has another one behind it
_TWICE = 6.0   # seconds from which on a silent address is called a second time

def dial(name: str, host: str, port: int, *, timeout: float, service: str = "SSH") -> socket.socket:
    """Connect, without Nagle's delay and with keep-alive.

    Each address of a name is tried. A single address that stays silent is called twice within the same time: the
    second call has another source port, and so passes a stale entry of a firewall or a broken member of a bundle.

    Args:
        name: the device, for sentences.
        host: its address or DNS name.
        port: its TCP port.
        timeout: seconds for all of it, name resolution included.
        service: what is expected there, for sentences.

    Raises:
        Unreachable: DNS, refused, no route, or no answer; the sentence says which and what to look at.
    """
    end = time.monotonic() + timeout
    places = resolve(name, host, port, timeout)
    calls = places * 2 if len(places) == 1 and timeout >= _TWICE else places
    failure: OSError = TimeoutError()
    for number, place in enumerate(calls):
        if number and place == calls[number - 1] and not isinstance(failure, TimeoutError):
            break
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return _connect(place, left if number == len(calls) - 1 else left * _FIRST)
        except OSError as exc:
            failure = exc
    raise _unreachable(name, host, port, failure, timeout, service) from failure


def _connect(place: Place, timeout: float) -> socket.socket:
    family, address = place
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except OSError:
        sock.close()
        raise
    return sock


def _unreachable(name: str, host: str, port: int, exc: OSError, timeout: float, service: str) -> Unreachable:
    if isinstance(exc, ConnectionRefusedError):   # once more: a router without a free VTY line refuses, too
        return Unreachable(f"{name}: {host} port {port} refuses connections.",
                           code="refused",
                           hint=f"Check that {service} is enabled there and that the port is right.", again=1)
    if isinstance(exc, TimeoutError):   # not again: the time for connecting is used up
        return Unreachable(f"{name}: {host} port {port} did not answer within {timeout:g} s.",
                           code="no-answer",
                           hint="Check the route, access lists on the VTY lines and firewalls on the way.")
    if isinstance(exc, ConnectionResetError):
        return Unreachable(f"{name}: {host} port {port} reset the connection.",
                           code="closed-early",
                           hint=f"The device may limit {service} connections; try again.", again=2)
    if exc.errno in _NO_ROUTE:   # again: a route may be converging, an ARP entry may be on its way
        return Unreachable(f"{name}: there is no route to {host} ({exc.strerror}).",
                           code="no-route",
                           hint="Check the local routing table and the VPN or network you are on.", again=2)
    return Unreachable(f"{name}: cannot connect to {host} port {port} ({exc.strerror or exc}).",
                       hint="Check the address and the local network.")


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
