"""An SSH transport that speaks modern algorithms, remembers what the device offers, and proves a known host key.

Together with auth.py, jump.py, ssh.py and ssh_errors.py this is all that knows paramiko.
"""

from __future__ import annotations

import logging
import socket
import time
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

import paramiko
from paramiko.auth_handler import AuthOnlyHandler
from paramiko.common import MSG_SERVICE_REQUEST, MSG_USERAUTH_REQUEST
from paramiko.transport import ServiceRequestingTransport

from vpn_check.collect.knownhosts import HostKey
from vpn_check.collect.lockout import LockOut
from vpn_check.collect.ssh_errors import LogIn, Seen
from vpn_check.collect.tcp import ReadAhead

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.limits import Limits
    from vpn_check.model.device import Credentials

logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False   # its threads log tracebacks; what matters arrives as an exception

_BEFORE_BANNER = "Banner: "
_KEPT = 4096   # characters of what comes before the SSH banner
_LOOK = 0.1   # seconds between two looks whether a peer that says nothing is still there
OLD = {
    "kex": ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
    "keys": ["ssh-rsa"],
    "pubkeys": ["ssh-rsa"],
    "ciphers": ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"],
    "macs": ["hmac-md5", "hmac-md5-96", "hmac-sha1-96"],
}
_AUTHENTICATED = "gcm"   # ciphers that carry their own integrity: preferred, and far cheaper than a separate MAC
_LEGACY = {"pubkeys": ["rsa-sha2-512", "rsa-sha2-256"]}   # old devices take no other RSA signature than SHA-1's


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other end of one SSH connection: a device or a bastion, and all that the connection needs.

    `watch` is told of the transport as soon as there is one, so that its state can be looked at if it fails.
    """

    name: str
    host: str
    port: int
    credentials: Credentials
    known_hosts: Path
    host_keys: HostKeys
    limits: Limits
    legacy: bool = False
    lock_out: LockOut = field(default_factory=LockOut)
    watch: Callable[[PeerTransport], None] | None = None

    def verify(self, key: paramiko.PKey) -> None:
        """Check the host key. Raises HostKeyError."""
        self.host_keys.verify(self.name, self.known_hosts, self.host, self.port, HostKey(key.get_name(), key.asbytes()))


class _Asker(AuthOnlyHandler):
    """Paramiko's handler, without the chance that an answer comes before it is waited for."""

    def send_auth_request(self, username: str, method: str,
                          finish_message: Callable[[paramiko.Message], None] | None = None) -> list[str]:
        self.auth_method, self.username = method, username
        message = paramiko.Message()
        message.add_byte(bytes([MSG_USERAUTH_REQUEST]))
        for text in (username, "ssh-connection", method):
            message.add_string(text)
        if finish_message is not None:
            finish_message(message)
        answered = self.auth_event = Event()
        with self.transport.lock:
            self.transport._send_message(message)  # type: ignore[attr-defined]  # noqa: SLF001  as in paramiko
        methods: list[str] = self.wait_for_response(answered)
        return methods


class PeerTransport(ServiceRequestingTransport):
    """A paramiko transport for one peer. `seen` holds what the peer has shown of itself so far.

    The log-in service is requested once, as RFC 4252 has it, and waited for without polling and not for ever.
    """

    def __init__(self, sock: Any, peer: Peer) -> None:  # noqa: ANN401  a socket, or a channel of another transport
        ahead: Any = ReadAhead(sock) if isinstance(sock, socket.socket) else sock
        super().__init__(ahead, disabled_algorithms=dict(_LEGACY if peer.legacy else OLD))
        self.seen = Seen()
        self._accepted = Event()
        self.banner_timeout = peer.limits.banner
        self.auth_timeout = peer.limits.authenticate
        self.channel_timeout = peer.limits.login
        options = self.get_security_options()
        options.ciphers = sorted(options.ciphers, key=lambda name: _AUTHENTICATED not in name)
        known = peer.host_keys.algorithms(peer.known_hosts, peer.host, peer.port)
        first = [name for name in known if name in options.key_types]
        options.key_types = [*first, *(name for name in options.key_types if name not in first)]
        if peer.watch is not None:
            peer.watch(self)

    @property
    def accepted(self) -> bool:
        """Whether the device has accepted the log-in, even if the connection has ended since."""
        return self.auth_handler is not None and bool(self.auth_handler.authenticated)

    def ensure_session(self) -> None:
        """Have the log-in service accepted. Raises SSHException, or AuthenticationException when time is over."""
        if self._accepted.is_set():
            return
        self.seen.log_in = LogIn.BEGUN
        self.auth_handler = _Asker(self)
        message = paramiko.Message()
        message.add_byte(bytes([MSG_SERVICE_REQUEST]))
        message.add_string("ssh-userauth")
        self._send_message(message)  # type: ignore[attr-defined]  # the stubs leave it out
        end = time.monotonic() + self.auth_timeout
        while not self._accepted.wait(_LOOK):
            if not self.is_active():
                raise self.get_exception() or EOFError()
            if time.monotonic() > end:
                raise paramiko.AuthenticationException("Authentication timeout.")

    def _parse_service_accept(self, m: paramiko.Message) -> None:
        super()._parse_service_accept(m)  # type: ignore[misc]  # the stubs leave it out
        self._accepted.set()

    def _really_parse_kex_init(self, m: Any, ignore_first_byte: bool = False) -> dict[str, Any]:  # noqa: ANN401, FBT001, FBT002  paramiko's signature
        offer: dict[str, Any] = super()._really_parse_kex_init(m, ignore_first_byte)  # type: ignore[misc]
        self.seen.offer = offer
        return offer

    def _check_banner(self) -> None:
        super()._check_banner()  # type: ignore[misc]  # the stubs leave it out
        self.seen.banner = True

    def _log(self, level: int, msg: Any, *args: object) -> None:  # noqa: ANN401  paramiko's signature
        """Paramiko tells nobody else of the lines that came before the SSH banner."""
        if isinstance(msg, str) and msg.startswith(_BEFORE_BANNER) and len(self.seen.text) < _KEPT:
            self.seen.text += msg.removeprefix(_BEFORE_BANNER) + "\n"
        super()._log(level, msg, *args)  # type: ignore[misc]  # the stubs leave it out
