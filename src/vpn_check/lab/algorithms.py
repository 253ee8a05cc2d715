"""What a generation of devices offers in SSH: key exchange, ciphers, MACs, and the kind of its host key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import asyncssh

_CTR = ("aes128-ctr", "aes192-ctr", "aes256-ctr")
_CBC = ("aes128-cbc", "3des-cbc", "aes192-cbc", "aes256-cbc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One generation. `signatures` restricts what the host key signs with; `key` is an asyncssh algorithm."""

    kex: tuple[str, ...] = ()
    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    key: str = "ssh-ed25519"
    bits: int = 0
    signatures: tuple[str, ...] = ()

    def new_key(self) -> asyncssh.SSHKey:
        """A host key."""
        if self.bits:
            return asyncssh.generate_private_key(self.key, key_size=self.bits)
        return asyncssh.generate_private_key(self.key)

    def options(self, key: asyncssh.SSHKey) -> dict[str, Any]:
        """The arguments of an asyncssh server that plays this generation."""
        pair = asyncssh.load_keypairs(key)[0]
        if self.signatures:
            pair.host_key_algorithms = tuple(name.encode() for name in self.signatures)
        lists = {"kex_algs": self.kex, "encryption_algs": self.ciphers, "mac_algs": self.macs}
        return {"server_host_keys": [pair], **{name: [*names] for name, names in lists.items() if names}}


PROFILES: dict[str, Profile] = {
    "modern": Profile(),
    "legacy": Profile(kex=("diffie-hellman-group14-sha1",), ciphers=("aes128-cbc",), macs=("hmac-sha1",),
                      key="ssh-rsa", bits=2048, signatures=("ssh-rsa",)),
    "ios-12": Profile(kex=("diffie-hellman-group1-sha1",), ciphers=_CBC, macs=("hmac-sha1", "hmac-md5"),
                      key="ssh-rsa", bits=1024, signatures=("ssh-rsa",)),
    "ios-15": Profile(kex=("diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1"),
                      ciphers=(*_CTR, *_CBC), macs=("hmac-sha1", "hmac-sha1-96"),
                      key="ssh-rsa", bits=2048, signatures=("ssh-rsa",)),
    "asa-8": Profile(kex=("diffie-hellman-group1-sha1",), ciphers=("3des-cbc", "aes128-cbc"),
                     macs=("hmac-sha1", "hmac-md5"), key="ssh-rsa", bits=1024, signatures=("ssh-rsa",)),
    "asa-9": Profile(kex=("diffie-hellman-group14-sha256", "ecdh-sha2-nistp256"), ciphers=_CTR,
                     macs=("hmac-sha2-256",), key="ssh-rsa", bits=2048, signatures=("rsa-sha2-512", "rsa-sha2-256")),
    "dss": Profile(kex=("diffie-hellman-group14-sha1",), ciphers=("aes128-cbc",), macs=("hmac-sha1",), key="ssh-dss",
                   signatures=("ssh-dss",)),
}
"""Generations by name: `modern` leaves the choice to asyncssh, `dss` is what no client takes any more."""
