"""Phase 2: transforms, profiles, crypto maps (RFC 4301, RFC 4303)."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_check.model.config.statement import Configured


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformSet(Configured):
    """A transform set (`version` 1 or None), or an IKEv2 ipsec-proposal of an ASA (`version` 2).

    `words` are as displayed; the rest is normalised as in IkePolicy. A transform set holds one choice each; an
    ipsec-proposal lists alternatives. `mode` None: not displayed, tunnel mode.
    """

    name: str
    version: int | None = None
    words: tuple[str, ...] = ()
    esp: tuple[str, ...] = ()
    """ESP encryption; `null` and `gmac-128` included."""
    integrity: tuple[str, ...] = ()
    """ESP authentication; empty with AES-GCM, and where there is none."""
    ah: tuple[str, ...] = ()
    compression: bool = False
    mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IpsecProfile(Configured):
    """`crypto ipsec profile`: what tunnel protection uses in the place of a crypto map. `pfs` as in CryptoMapEntry."""

    name: str
    transform_sets: tuple[str, ...] = ()
    ikev2_proposals: tuple[str, ...] = ()
    pfs: str | None = None
    ike_profile: str | None = None
    ikev2_profile: str | None = None
    lifetime_seconds: int | None = None
    lifetime_kilobytes: int | None = None
    responder_only: bool = False
    reverse_route: bool = False
    replay_disabled: bool = False
    replay_window: int | None = None
    idle_time: int | None = None
    df_bit: str | None = None
    trustpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One `set peer`: an address as text, or a host name."""

    text: str
    dynamic: bool = False
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoMapEntry(Configured):
    """One sequence number of a crypto map or of a dynamic-map template.

    `kind`: `ipsec-isakmp`, `ipsec-manual`, `gdoi`, or `dynamic` (then `dynamic_map` names the template).
    `pfs`: None: no statement; `default`: `set pfs` without a group (the group is the release's); else the group number.
    """

    map: str
    sequence: int
    kind: str = "ipsec-isakmp"
    dynamic_map: str | None = None
    peers: tuple[Peer, ...] = ()
    match_address: str | None = None
    transform_sets: tuple[str, ...] = ()
    ikev2_proposals: tuple[str, ...] = ()
    pfs: str | None = None
    lifetime_seconds: int | None = None
    lifetime_kilobytes: int | None = None
    reverse_route: bool = False
    ike_profile: str | None = None
    ikev2_profile: str | None = None
    nat_t_disabled: bool = False
    trustpoint: str | None = None
    trustpoint_chain: bool = False
    connection_type: str | None = None
    aggressive: bool = False
    access_group_in: str | None = None
    access_group_out: str | None = None
    replay_disabled: bool = False
    replay_window: int | None = None
    idle_time: int | None = None
    df_bit: str | None = None
    gdoi_group: str | None = None
    session_keys: bool = False
    incomplete_marked: bool = False
    """The device itself says so: `! Incomplete`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoMap(Configured):
    """A crypto map with its entries by sequence, and where it is applied.

    `interfaces` are names as the interface statements spell them (routers) or nameif (ASA, PIX).
    """

    name: str
    entries: tuple[CryptoMapEntry, ...] = ()
    interfaces: tuple[str, ...] = ()
    local_address: str | None = None
    client_authentication: str | None = None
    client_configuration: str | None = None
    ike_profile: str | None = None
    dynamic: bool = False
    """A `crypto dynamic-map`: a template that is used through an entry of another map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IpsecSettings(Configured):
    """What holds for all of phase 2. None: no statement."""

    lifetime_seconds: int | None = None
    lifetime_kilobytes: int | None = None
    replay_disabled: bool = False
    replay_window: int | None = None
    df_bit: str | None = None
    """Of routers; firewalls say it per interface, see `df_bits`."""
    df_bits: tuple[tuple[str, str], ...] = ()
    after_encryption: tuple[str, ...] = ()
    """Where `fragmentation after-encryption` holds: interface names, `*` for all."""
    idle_time: int | None = None
