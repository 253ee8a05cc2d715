"""The addresses of a host name, within a time: the resolver of the system knows no limit."""

from __future__ import annotations

import socket
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

from vpn_check.errors import Unreachable

Place = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
"""A family, and an address of it with its port."""


def resolve(name: str, host: str, port: int, limit: float) -> tuple[Place, ...]:
    """The addresses of a host. A resolver that does not answer is waited for no longer than for a device.

    Raises:
        Unreachable: there is no such host, or no answer within the limit, in seconds.
    """
    with suppress(socket.gaierror, UnicodeError):
        return _places(host, port, socket.AI_NUMERICHOST)
    answer: SimpleQueue[tuple[Place, ...] | OSError | UnicodeError] = SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(_places(host, port))
        except (OSError, UnicodeError) as exc:
            answer.put(exc)

    Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    try:
        found = answer.get(timeout=limit)
    except Empty:
        raise Unreachable(f"{name}: DNS gave no answer for `{host}` within {limit:g} s.",
                          code="dns-timeout",
                          hint="Check the name servers, or set `host:` to an address in the inventory.") from None
    if isinstance(found, UnicodeError):
        raise Unreachable(f"{name}: `{host}` is not a host name.", code="bad-name",
                          hint="Set `host:` in the inventory.") from found
    if isinstance(found, OSError):
        passing = isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN
        raise Unreachable(f"{name}: the name `{host}` cannot be resolved ({found.strerror or found}).",
                          code="unknown-name",
                          hint="Check the spelling and DNS, or set `host:` to an address in the inventory.",
                          again=1 if passing else 0) from found
    return found


def _places(host: str, port: int, flags: int = 0) -> tuple[Place, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return tuple(dict.fromkeys((family, address) for family, _, _, _, address in found))
