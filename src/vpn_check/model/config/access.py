"""Who may come in and what they get: tunnel-groups, group-policies, client groups, pools (ASA, PIX, EzVPN)."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_check.model.config.keymark import KeyMark
from vpn_check.model.config.statement import Configured
from vpn_check.model.sa import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelGroup(Configured):
    """`tunnel-group` of ASA and PIX 7. `type` as displayed: `ipsec-l2l`, `remote-access`, `ipsec-ra`, `webvpn`."""

    name: str
    type: str | None = None
    group_policy: str | None = None
    key: KeyMark | None = None
    """IKEv1."""
    trustpoint: str | None = None
    ikev2_local: KeyMark | None = None
    ikev2_remote: KeyMark | None = None
    ikev2_local_method: str | None = None
    """`pre-shared-key`, `certificate`; None: no statement."""
    ikev2_remote_methods: tuple[str, ...] = ()
    keepalive_threshold: int | None = None
    keepalive_retry: int | None = None
    keepalive_disabled: bool = False
    peer_id_validate: str | None = None
    address_pools: tuple[str, ...] = ()
    xauth: bool | None = None
    """False: `isakmp ikev1-user-authentication none`."""

    @property
    def l2l(self) -> bool:
        """Whether it is for LAN-to-LAN peers."""
        return self.type == "ipsec-l2l"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPolicy(Configured):
    """`group-policy`. None: inherited from DfltGrpPolicy, whose own defaults are not displayed."""

    name: str
    vpn_filter: str | None = None
    """`none` is a value of its own."""
    tunnel_protocols: tuple[str, ...] = ()
    split_policy: str | None = None
    split_list: str | None = None
    idle_timeout: str | None = None
    session_timeout: str | None = None
    pfs: bool | None = None
    address_pools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientGroup(Configured):
    """`vpngroup` of PIX 6, `crypto isakmp client configuration group` of routers."""

    name: str
    key: KeyMark | None = None
    pool: str | None = None
    split_acl: str | None = None
    idle_timeout: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Configured):
    """`ip local pool`, with its ranges, both ends included."""

    name: str
    ranges: tuple[tuple[Address, Address], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGroup(Configured):
    """An access list bound to an interface: `access-group A in interface X` (ASA, PIX), `ip access-group A in`.

    `interface` None: `access-group A global`.
    """

    acl: str
    direction: str
    interface: str | None
    control_plane: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trustpoint(Configured):
    """`crypto ca|pki trustpoint`. `enrolled`: a certificate chain of it is in the configuration."""

    name: str
    enrollment: str | None = None
    revocation: tuple[str, ...] = ()
    rsa_keypair: str | None = None
    rsa_bits: int | None = None
    subject_name: str | None = None
    fqdn: str | None = None
    ip_address: str | None = None
    enrolled: bool = False
