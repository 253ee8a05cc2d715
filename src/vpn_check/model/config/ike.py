"""Phase 1: policies, keys, profiles, identities (RFC 2409, RFC 7296)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from vpn_check.model.config.keymark import KeyMark
from vpn_check.model.config.statement import Configured

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class IkePolicy(Configured):
    """An IKEv1 policy, an IKEv2 policy of an ASA, or an IKEv2 proposal of a router.

    Every empty tuple and every None means: not displayed, the default of the release holds (and is not known here).
    Words are normalised: `des`, `3des`, `aes-128`, `aes-gcm-256`; `md5`, `sha1`, `sha256`; groups are numbers as text.
    """

    version: int
    name: str
    """The priority of an IKEv1 policy or an ASA policy, the name of an IKEv2 proposal."""
    priority: int | None = None
    authentication: str | None = None
    encryption: tuple[str, ...] = ()
    integrity: tuple[str, ...] = ()
    """`hash` in IKEv1."""
    prf: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    lifetime: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ikev2Selection(Configured):
    """`crypto ikev2 policy` of a router: which proposals are offered where."""

    name: str
    proposals: tuple[str, ...] = ()
    fvrf: str | None = None
    local_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerKey(Configured):
    """A pre-shared key and for whom it is. `networks` empty and no `hostname`: for a name or identity only.

    `local` and `remote` differ in IKEv2 with asymmetric keys; IKEv1 has one key, held as both.
    """

    local: KeyMark | None = None
    remote: KeyMark | None = None
    networks: tuple[Network, ...] = ()
    hostname: str | None = None
    identity: str | None = None
    no_xauth: bool = False
    keyring: str | None = None
    name: str | None = None
    """The name of the peer block in an IKEv2 keyring."""
    rsa: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring(Configured):
    """`crypto keyring` (IKEv1) or `crypto ikev2 keyring`."""

    name: str
    version: int
    vrf: str | None = None
    local_address: str | None = None
    keys: tuple[PeerKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityMatch:
    """One `match identity ...` of a profile: `kind` is `address`, `fqdn`, `host`, `group`, `email`, `any`, `key-id`."""

    kind: str
    text: str
    network: Network | None = None
    vrf: str | None = None
    remote: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IkeProfile(Configured):
    """`crypto isakmp profile` or `crypto ikev2 profile`."""

    name: str
    version: int
    matches: tuple[IdentityMatch, ...] = ()
    certificate_maps: tuple[str, ...] = ()
    fvrf: str | None = None
    ivrf: str | None = None
    local_addresses: tuple[str, ...] = ()
    keyrings: tuple[str, ...] = ()
    keyring_aaa: str | None = None
    identity: str | None = None
    """`self-identity` / `identity local`, as displayed."""
    local_authentication: str | None = None
    remote_authentication: tuple[str, ...] = ()
    trustpoints: tuple[str, ...] = ()
    dpd: str | None = None
    lifetime: int | None = None
    aggressive: bool = False
    client_authentication: str | None = None
    virtual_template: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IkeSettings(Configured):
    """What holds for all of phase 1. None: no statement; the default of the release holds."""

    identity: str | None = None
    """`address`, `hostname`, `dn`, `auto`, `key-id X`."""
    enabled_v1: tuple[str, ...] = ()
    """Interfaces of `crypto ikev1|isakmp enable X` (ASA, PIX)."""
    enabled_v2: tuple[str, ...] = ()
    disabled: bool = False
    """`no crypto isakmp enable` (routers)."""
    nat_traversal: bool | None = None
    """False: `no crypto isakmp nat-traversal`, `no crypto ipsec nat-transparency udp-encapsulation`."""
    nat_keepalive: int | None = None
    keepalive: int | None = None
    """Seconds of `crypto isakmp keepalive N` (routers, PIX 6): dead peer detection."""
    keepalive_retry: int | None = None
    keepalive_periodic: bool = False
    ikev2_dpd: str | None = None
    invalid_spi_recovery: bool = False
    aggressive_disabled: bool = False
    xauth_timeout: int | None = None
