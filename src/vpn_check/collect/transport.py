"""An SSH transport that speaks modern algorithms, remembers what the device offers, and proves a known host key.

Together with auth.py, jump.py, ssh.py and ssh_errors.py this is all that knows paramiko.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import paramiko

from vpn_check.collect.knownhosts import HostKey
from vpn_check.collect.lockout import LockOut

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.limits import Limits
    from vpn_check.model.device import Credentials

logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False   # its threads log tracebacks; what matters arrives as an exception

_OLD = {
    "kex": ["diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
    "keys": ["ssh-rsa"],
    "pubkeys": ["ssh-rsa"],
    "ciphers": ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"],
    "macs": ["hmac-md5", "hmac-md5-96", "hmac-sha1-96"],
}
_LEGACY = {"pubkeys": ["rsa-sha2-512", "rsa-sha2-256"]}   # old devices take no other RSA signature than SHA-1's


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other end of one SSH connection: a device or a bastion, and all that the connection needs."""

    name: str
    host: str
    port: int
    credentials: Credentials
    known_hosts: Path
    host_keys: HostKeys
    limits: Limits
    legacy: bool = False
    lock_out: LockOut = field(default_factory=LockOut)

    def verify(self, key: paramiko.PKey) -> None:
        """Check the host key. Raises HostKeyError."""
        self.host_keys.verify(self.name, self.known_hosts, self.host, self.port, HostKey(key.get_name(), key.asbytes()))


class PeerTransport(paramiko.ServiceRequestingTransport):
    """A paramiko transport for one peer. `offer` holds the peer's algorithm lists once it has sent them."""

    def __init__(self, sock: Any, peer: Peer) -> None:  # noqa: ANN401  a socket, or a channel of another transport
        super().__init__(sock, disabled_algorithms=dict(_LEGACY if peer.legacy else _OLD))
        self.offer: dict[str, Any] = {}
        self.banner_timeout = peer.limits.banner
        self.auth_timeout = peer.limits.authenticate
        self.channel_timeout = peer.limits.login
        options = self.get_security_options()
        known = peer.host_keys.algorithms(peer.known_hosts, peer.host, peer.port)
        first = [name for name in known if name in options.key_types]
        options.key_types = [*first, *(name for name in options.key_types if name not in first)]

    def _really_parse_kex_init(self, m: Any, ignore_first_byte: bool = False) -> dict[str, Any]:  # noqa: ANN401, FBT001, FBT002  paramiko's signature
        self.offer = super()._really_parse_kex_init(m, ignore_first_byte)  # type: ignore[misc]
        return self.offer
