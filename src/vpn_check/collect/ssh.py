"""SSH to a device: Netmiko's connection for IOS and ASA, without the bytes that it sends unasked.

The only file that knows Netmiko. The subclasses open the shell and nothing else: no RETURN, no waiting, no
`terminal width`, no `login`, no configuration mode. What is written afterwards is the session's (line.py).
"""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

import paramiko
from netmiko.cisco import CiscoAsaSSH, CiscoIosSSH
from paramiko.auth_strategy import AuthStrategy

from vpn_check.collect.auth import authenticate
from vpn_check.collect.ssh_errors import Seen, translate
from vpn_check.collect.tcp import dial
from vpn_check.collect.transport import Peer, PeerTransport
from vpn_check.errors import DeviceTimeout, VpnCheckError
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vpn_check.model.device import PlatformName


class _Client(paramiko.SSHClient):
    """Verifies the host key and logs in as the peer says."""

    def __init__(self, peer: Peer) -> None:
        super().__init__()
        self._peer = peer
        self.set_missing_host_key_policy(_Verify(peer))   # no key is loaded, so that this is asked for every one

    def invoke_shell(self, *args: Any, **kwargs: Any) -> paramiko.Channel:  # noqa: ANN401  handed through
        limit = self._peer.limits.login
        with _deadline(limit, self.close) as over:
            try:
                return super().invoke_shell(*args, **kwargs)
            except (paramiko.SSHException, EOFError, AttributeError):
                if over():
                    raise DeviceTimeout(f"{self._peer.name}: logged in, but no shell was opened within {limit:g} s.",
                                        code="shell-timeout",
                                        hint="The device may be overloaded; raise --timeout.") from None
                raise


class _Verify(paramiko.MissingHostKeyPolicy):
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def missing_host_key(self, _client: paramiko.SSHClient, _hostname: str, key: paramiko.PKey) -> None:
        self._peer.verify(key)


class _Strategy(AuthStrategy):
    def __init__(self, peer: Peer) -> None:
        super().__init__(ssh_config=paramiko.SSHConfig())
        self._peer = peer

    def get_sources(self) -> Any:  # noqa: ANN401  paramiko's signature
        return iter(())   # paramiko's own order is not used

    def authenticate(self, transport: paramiko.Transport) -> Any:  # noqa: ANN401  paramiko's signature
        if isinstance(transport, PeerTransport):
            authenticate(transport, self._peer)
        return []


class _OnlyAShell:
    """What both Netmiko classes leave out. Netmiko is given no secret, so that it can neither send nor log one."""

    remote_conn: paramiko.Channel
    transport: PeerTransport | None

    def __init__(self, peer: Peer, sock: Any) -> None:  # noqa: ANN401  a socket or a channel
        self._peer = peer
        self.transport = None
        super().__init__(host=peer.host, port=peer.port, username=peer.credentials.username, sock=sock,  # type: ignore[call-arg]
                         auto_connect=False, allow_auto_change=False)

    def open(self) -> None:
        self.establish_connection()  # type: ignore[attr-defined]

    def session_preparation(self) -> None:
        """Send nothing."""

    def _try_session_preparation(self, force_data: bool = True) -> None:  # noqa: FBT001, FBT002  Netmiko's signature
        """Send nothing, read nothing."""

    def special_login_handler(self, delay_factor: float = 1.0) -> None:
        """Send nothing."""

    def cleanup(self, command: str = "") -> None:
        """The session has logged out already."""

    def config_mode(self, *_args: object, **_kwargs: object) -> str:
        raise NotImplementedError("configuration mode is never entered")

    def _get_ssh_client_instance(self) -> paramiko.SSHClient:
        return _Client(self._peer)

    def _build_ssh_client(self) -> paramiko.SSHClient:
        return self._get_ssh_client_instance()

    def _connect_params_dict(self) -> dict[str, Any]:
        limits = self._peer.limits
        return {
            "hostname": self._peer.host, "port": self._peer.port, "username": self._peer.credentials.username,
            "sock": self.sock, "timeout": limits.banner + limits.negotiate,  # type: ignore[attr-defined]
            "banner_timeout": limits.banner, "auth_timeout": limits.authenticate, "channel_timeout": limits.login,
            "allow_agent": False, "look_for_keys": False, "auth_strategy": _Strategy(self._peer),
            "transport_factory": self._make_transport,
        }

    def _make_transport(self, sock: Any, **_kwargs: object) -> PeerTransport:  # noqa: ANN401  a socket or a channel
        self.transport = PeerTransport(sock, self._peer)
        return self.transport


class IosShell(_OnlyAShell, CiscoIosSSH):  # type: ignore[misc]  # Netmiko ships no types
    """The shell of IOS and IOS-XE."""


class AsaShell(_OnlyAShell, CiscoAsaSSH):  # type: ignore[misc]  # Netmiko ships no types
    """The shell of ASA and PIX 7."""


_DRIVERS: dict[str, type[IosShell | AsaShell]] = {"cisco_ios": IosShell, "cisco_xe": IosShell, "cisco_asa": AsaShell}


class Connection:
    """An open shell. `channel` is what a session reads and writes."""

    def __init__(self, shell: IosShell | AsaShell, sock: Any) -> None:  # noqa: ANN401  a socket or a channel
        self._shell = shell
        self._sock = sock
        self.channel: paramiko.Channel = shell.remote_conn

    def close(self) -> None:
        """Close the connection at once."""
        _shut(self._sock)
        self._shell.disconnect()


def connect(peer: Peer, platform: PlatformName | None, through: Callable[[], Any] | None = None) -> Connection:
    """Open a shell on a device.

    Args:
        peer: the device.
        platform: decides on Netmiko's class; None means not known yet.
        through: opens the way through a bastion; None means a TCP connection of our own.

    Raises:
        DeviceError: of the class that says what to do next.
    """
    driver = _DRIVERS[PLATFORMS[platform].driver] if platform else IosShell
    sock = through() if through else dial(peer.name, peer.host, peer.port, timeout=peer.limits.connect)
    shell = driver(peer, sock)
    try:
        shell.open()
    except BaseException as exc:
        _shut(sock)
        shell.disconnect()
        if isinstance(exc, VpnCheckError) or not isinstance(exc, Exception):
            raise
        transport = shell.transport
        raise translate(exc, name=peer.name, limits=peer.limits, legacy=peer.legacy,
                        seen=transport.seen if transport else Seen()) from exc
    return Connection(shell, sock)


def _shut(sock: Any) -> None:  # noqa: ANN401  a socket or a channel
    """Wake the transport's thread, so that closing need not wait for its next look."""
    with suppress(OSError, EOFError):
        if isinstance(sock, socket.socket):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


@contextmanager
def _deadline(seconds: float, stop: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Call `stop` after so many seconds, unless the block is left before. Yields whether that happened."""
    timer = Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield timer.finished.is_set
    finally:
        timer.cancel()
