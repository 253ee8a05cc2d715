"""The way through bastions: one SSH transport to each, shared by all devices behind it, one channel for each device."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import paramiko

from vpn_check.collect.auth import authenticate
from vpn_check.collect.ssh_errors import translate
from vpn_check.collect.tcp import dial
from vpn_check.collect.transport import Peer, PeerTransport
from vpn_check.errors import Unreachable, VpnCheckError

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.limits import Limits
    from vpn_check.model.device import Credentials, Device


class Bastions:
    """The bastions of a run.

    Args:
        host_keys: bastions are verified as strictly as devices.
        limits: deadlines.
        credentials: what to log in with on a bastion, by its name; None means the device's own.
    """

    def __init__(self, host_keys: HostKeys, limits: Limits,
                 credentials: Callable[[str], Credentials] | None = None) -> None:
        self._host_keys = host_keys
        self._limits = limits
        self._credentials = credentials
        self._lock = Lock()
        self._locks: dict[tuple[str, ...], Lock] = {}
        self._transports: dict[tuple[str, ...], PeerTransport] = {}

    def channel(self, device: Device, credentials: Credentials) -> paramiko.Channel:
        """Open a channel to a device through the bastions that it names.

        Raises:
            DeviceError: a bastion cannot be reached, verified or logged in to, or cannot reach what is behind it.
        """
        transport = self._transport(device, device.jump, credentials)
        return self._forward(device.name, transport, device.jump[-1], (device.host, device.port))

    def close(self) -> None:
        """Close all transports."""
        with self._lock:
            transports, self._transports = tuple(self._transports.values()), {}
        for transport in transports:
            with suppress(OSError, EOFError):
                transport.close()

    def _transport(self, device: Device, path: tuple[str, ...], credentials: Credentials) -> PeerTransport:
        user, _, _ = _parse(path[-1])
        own = self._credentials(path[-1]) if self._credentials else credentials
        own = replace(own, username=user or own.username)
        key = (*path, own.username)
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            known = self._transports.get(key)
            if known is not None and known.is_active():
                return known
            self._transports[key] = opened = self._open(device, path, own, credentials)
            return opened

    def _open(self, device: Device, path: tuple[str, ...], own: Credentials, credentials: Credentials) -> PeerTransport:
        _, host, port = _parse(path[-1])
        peer = Peer(name=f"{device.name} (bastion {host})", host=host, port=port, credentials=own,
                    known_hosts=self._host_keys.file_of(device), host_keys=self._host_keys, limits=self._limits)
        sock: Any
        if len(path) == 1:
            sock = dial(peer.name, host, port, timeout=self._limits.connect)
        else:
            sock = self._forward(device.name, self._transport(device, path[:-1], credentials), path[-2], (host, port))
        transport = PeerTransport(sock, peer)
        try:
            transport.start_client(timeout=self._limits.banner + self._limits.negotiate)
            peer.verify(transport.get_remote_server_key())
            authenticate(transport, peer)
        except VpnCheckError:
            transport.close()
            raise
        except (paramiko.SSHException, EOFError, OSError) as exc:
            transport.close()
            raise translate(exc, name=peer.name, limits=self._limits, offer=transport.offer, legacy=False,
                            authenticating=False) from exc
        return transport

    def _forward(self, name: str, transport: PeerTransport, bastion: str, to: tuple[str, int]) -> paramiko.Channel:
        try:
            return transport.open_channel("direct-tcpip", to, ("127.0.0.1", 0), timeout=self._limits.connect)
        except (paramiko.SSHException, EOFError, OSError) as exc:
            why = f" ({exc.text})" if isinstance(exc, paramiko.ChannelException) else ""
            raise Unreachable(f"{name}: the bastion {bastion} cannot reach {to[0]} port {to[1]}{why}.",
                              hint="Check the route from the bastion, and that it allows TCP forwarding.") from exc


def _parse(jump: str) -> tuple[str | None, str, int]:
    """Read `[user@]host[:port]`; an IPv6 address with a port stands in brackets."""
    user, _, place = jump.removeprefix("ssh://").rpartition("@")
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        port = rest.lstrip(":")
    elif place.count(":") == 1:
        host, _, port = place.partition(":")
    else:
        host, port = place, ""
    return user or None, host, int(port) if port.isdigit() else 22
