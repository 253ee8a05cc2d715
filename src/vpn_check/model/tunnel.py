"""A tunnel: one flow between two proxy identities, with its SAs, its counters and the IKE SAs of its peer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.printed_mtu import PrintedMtu
    from vpn_check.model.sa import Address, IkeSa, IpsecSa, TrafficCounters, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficSelector:
    """One side of a flow as printed: `address/mask/protocol/port` (RFC 4301 selector; Cisco: proxy identity)."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def short(self) -> str:
        """For people: `10.1.0.0/24`, `host 10.1.0.1`, `gre 10.1.0.1`, or the text where it does not parse."""
        return _short(self.text)


@lru_cache(maxsize=4096)
def _short(text: str) -> str:
    parts = text.split("/")
    if len(parts) != 4:  # noqa: PLR2004  address, mask, protocol, port
        return text
    address, mask, protocol, port = parts
    names = {"0": "", "47": "gre ", "6": "tcp ", "17": "udp ", "1": "icmp "}
    prefix = _prefix_length(mask)
    word = names.get(protocol, f"proto {protocol} ")
    network = address if prefix in {"32", "128"} else f"{address}/{prefix}"
    if address in {"0.0.0.0", "::"} and prefix == "0":  # noqa: S104  a network, not a bind address
        network = "any"
    return f"{word}{network}" + (f" port {port}" if port != "0" else "")


def _prefix_length(mask: str) -> str:
    octets = mask.split(".")
    if len(octets) != 4:  # noqa: PLR2004  dotted quad
        return mask
    try:
        bits = "".join(f"{int(octet):08b}" for octet in octets)
    except ValueError:
        return mask
    return str(len(bits.rstrip("0"))) if "01" not in bits else mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """One flow of `show crypto ipsec sa`, or an IKE peer for which no flow is known (then the idents are None).

    `sas_listed` says whether the device printed an SA section at all: without it an empty `sas` means "not seen",
    not "none". `outbound_spi` 0 means that the device says there is no outbound SA.
    """

    peer: Address | None
    peer_port: int | None = None
    interface: str | None = None
    crypto_map: str | None = None
    seq: int | None = None
    local_address: Address | None = None
    vrf: str | None = None
    local_ident: TrafficSelector | None = None
    remote_ident: TrafficSelector | None = None
    flags: str | None = None
    allocated_peer: Address | None = None
    username: str | None = None
    counters: TrafficCounters
    path_mtu: int | None = None
    printed_mtu: PrintedMtu | None = None
    outbound_spi: int | None = None
    inbound_spi: int | None = None
    sas: tuple[IpsecSa, ...] = ()
    sas_listed: bool = False
    ike: tuple[IkeSa, ...] = ()
    where: Where

    @property
    def key(self) -> tuple[str, ...]:
        """Identity that is stable over rekeys: where it hangs and whom it joins, never an SPI."""
        parts = (self.interface, self.crypto_map, self.vrf, self.local_ident, self.remote_ident, self.peer)
        return tuple(str(part) if part is not None else "" for part in parts)

    def side(self, direction: str) -> tuple[IpsecSa, ...]:
        """The live SAs of one direction, `inbound` or `outbound`."""
        return tuple(sa for sa in self.sas if sa.direction == direction and sa.live)

    @property
    def has_outbound(self) -> bool | None:
        """Whether an outbound SA exists; None where the device did not say."""
        if self.side("outbound"):
            return True
        if self.outbound_spi is not None:
            return self.outbound_spi != 0
        return False if self.sas_listed else None

    @property
    def has_inbound(self) -> bool | None:
        """Whether an inbound SA exists; None where the device did not say."""
        if self.side("inbound"):
            return True
        if self.inbound_spi is not None:
            return self.inbound_spi != 0
        if self.outbound_spi == 0:
            return False
        return False if self.sas_listed else None

    @property
    def remaining_seconds(self) -> int | None:
        """Lifetime left of the youngest live SA, in seconds."""
        left = [sa.lifetime_sec for sa in self.sas if sa.live and sa.lifetime_sec is not None]
        return max(left) if left else None
