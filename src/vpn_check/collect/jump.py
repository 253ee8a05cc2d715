"""The way through bastions: one SSH transport to each, shared by all devices behind it, one channel for each device."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import paramiko

from vpn_check.collect.auth import authenticate
from vpn_check.collect.ssh_errors import translate
from vpn_check.collect.tcp import dial
from vpn_check.collect.transport import Peer, PeerTransport
from vpn_check.errors import Unreachable, VpnCheckError
from vpn_check.model.device import Credentials, Device

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A bastion as the inventory or the SSH configuration describes it, and what to log in to it with."""

    device: Device
    credentials: Credentials


class Bastions:
    """The bastions of a run.

    Args:
        host_keys: bastions are verified as strictly as devices.
        limits: deadlines.
        gateway: what is known of a bastion, by the word that names it. Where nothing is, the word itself is the
            address, and the log-in is by the agent's keys or with the credentials of the device behind it.
    """

    def __init__(self, host_keys: HostKeys, limits: Limits,
                 gateway: Callable[[str], Gateway | None] = lambda _word: None) -> None:
        self._host_keys = host_keys
        self._limits = limits
        self._gateway = gateway
        self._gateways: dict[tuple[str, Credentials], Gateway] = {}
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

    def _known_as(self, word: str, device: Device, credentials: Credentials) -> Gateway:
        with self._lock:
            if (word, credentials) in self._gateways:
                return self._gateways[word, credentials]
        found = self._gateway(word)
        if found is None:
            user, host, port = _parse(word)
            found = Gateway(device=Device(name=word, host=host, port=port, known_hosts=device.known_hosts),
                            credentials=replace(credentials, username=user or credentials.username, use_agent=True))
        with self._lock:
            return self._gateways.setdefault((word, credentials), found)

    def _transport(self, device: Device, path: tuple[str, ...], credentials: Credentials) -> PeerTransport:
        own = self._known_as(path[-1], device, credentials)
        key = (*path, own.credentials.username)
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            known = self._transports.get(key)
            if known is not None and known.is_active():
                return known
            self._transports[key] = opened = self._open(device, path, own, credentials)
            return opened

    def _open(self, device: Device, path: tuple[str, ...], own: Gateway, credentials: Credentials) -> PeerTransport:
        host, port = own.device.host, own.device.port
        listed = replace(own.device, known_hosts=own.device.known_hosts or device.known_hosts)
        peer = Peer(name=f"{device.name} (bastion {own.device.name})", host=host, port=port,
                    credentials=own.credentials, known_hosts=self._host_keys.file_of(listed),
                    host_keys=self._host_keys, limits=self._limits)
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
            raise translate(exc, name=peer.name, limits=self._limits, seen=transport.seen, legacy=False) from exc
        return transport

    def _forward(self, name: str, transport: PeerTransport, bastion: str, to: tuple[str, int]) -> paramiko.Channel:
        try:
            return transport.open_channel("direct-tcpip", to, ("127.0.0.1", 0), timeout=self._limits.connect)
        except (paramiko.SSHException, EOFError, OSError) as exc:
            why = f" ({exc.text})" if isinstance(exc, paramiko.ChannelException) else ""
            raise Unreachable(f"{name}: the bastion {bastion} cannot reach {to[0]} port {to[1]}{why}.",
                              code="bastion-cannot-reach",
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
