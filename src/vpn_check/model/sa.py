"""Security associations and what hangs on them (RFC 2409, RFC 4301, RFC 7296; Cisco: proxy identity)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Address = IPv4Address | IPv6Address | str
"""An address, or the verbatim word where the device prints a name or a masked address (`X.X.X.149`)."""


class Role(StrEnum):
    """Who sent the first IKE message."""

    INITIATOR = "initiator"
    RESPONDER = "responder"


class IkePhase(StrEnum):
    """How far an IKE SA is, derived from the platform's own state word."""

    UP = "up"
    NEGOTIATING = "negotiating"
    FAILED = "failed"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where facts were read: an output (by its index in the snapshot's sources) and a line for each field.

    Lines are kept relative to `base`, so that flows printed alike share `offsets`.
    """

    source: int
    base: int = 0
    offsets: Mapping[str, int] = field(default_factory=dict)

    def line(self, *names: str) -> int | None:
        """Line of the first of these fields that the device printed."""
        for name in names:
            offset = self.offsets.get(name)
            if offset is not None:
                return self.base + offset
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class IkeSa:
    """One row or block of `show crypto isakmp|ikev1|ikev2 sa`.

    IOS prints `dst` and `src`: src is the initiator, whoever we are. `local`/`peer` are set where the device says so
    (ASA, IKEv2) or where the assembler could tell; `role` likewise.
    """

    version: int
    state: str | None
    phase: IkePhase
    dst: Address | None = None
    src: Address | None = None
    local: Address | None = None
    peer: Address | None = None
    local_port: int | None = None
    peer_port: int | None = None
    role: Role | None = None
    conn_id: int | None = None
    status: str | None = None
    kind: str | None = None
    vrf: str | None = None
    encr: str | None = None
    keysize: int | None = None
    integrity: str | None = None
    prf: str | None = None
    hash: str | None = None
    dh: str | None = None
    auth: str | None = None
    auth_sign: str | None = None
    auth_verify: str | None = None
    lifetime: int | None = None
    lifetime_left: str | None = None
    active_time: int | None = None
    rekey: str | None = None
    capabilities: str | None = None
    tunnel_id: str | None = None
    session_id: str | None = None
    session_status: str | None = None
    ike_count: int | None = None
    child_count: int | None = None
    fvrf: str | None = None
    ivrf: str | None = None
    local_spi: str | None = None
    remote_spi: str | None = None
    children: tuple[tuple[str, str], ...] = ()
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class IpsecSa:
    """One direction of an IPsec SA. `spi` None: the device prints none (SD-WAN, manual keys)."""

    direction: str
    protocol: str
    spi: int | None
    spi_printed: int | None = None
    """The decimal that the device prints behind the hexadecimal SPI; None where it prints none."""
    transform: str | None = None
    settings: str | None = None
    conn_id: int | None = None
    lifetime_kb: int | None = None
    lifetime_sec: int | None = None
    replay: str | None = None
    status: str | None = None
    where: Where

    @property
    def live(self) -> bool:
        """False once the SA is marked as replaced or deleted; an SA without any mark is live."""
        return _live(self.status, self.settings)


@lru_cache(maxsize=256)
def _live(status: str | None, settings: str | None) -> bool:
    marks = f"{status or ''} {settings or ''}".lower()
    return not any(word in marks for word in ("delet", "dead", "rekeyed", "standby", "inactive"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficCounters:
    """Packets of one flow since it was created, cumulative over rekeys; None: not printed (counters.md 1.2, 1.3)."""

    encaps: int | None = None
    encrypt: int | None = None
    digest: int | None = None
    decaps: int | None = None
    decrypt: int | None = None
    verify: int | None = None
    send_errors: int | None = None
    recv_errors: int | None = None
    errors: Mapping[str, int] = field(default_factory=dict)
    """The detail counters by name, as far as printed: `verify_failed`, `replay_failed`, `invalid_identity` ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConnection:
    """One row of `show crypto engine connections active`; phase 2 rows count in one direction only (S4)."""

    id: int
    kind: str | None = None
    interface: str | None = None
    algorithm: str | None = None
    encrypt: int | None = None
    decrypt: int | None = None
    ip: str | None = None
    state: str | None = None
    where: Where
