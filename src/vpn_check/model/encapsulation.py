"""How much of a packet IPsec takes: the exact size outside for a size inside, and the reverse.

Layout of a packet outside: IP header, [UDP header of NAT-T], [AH], ESP header, IV, payload, padding, pad length,
next header, ICV. In tunnel mode the payload is the whole inner packet; in transport mode it is what follows the inner
packet's IP header, which then is the outer one. RFC 4301, 4302, 4303, 3948; GRE: RFC 2784, 2890.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

from vpn_check.model.transform import transform_of

if TYPE_CHECKING:
    from vpn_check.model.sa import IpsecSa
    from vpn_check.model.transform import Transform
    from vpn_check.model.tunnel import Tunnel

IPV4_HEADER = 20
IPV6_HEADER = 40
TCP_HEADER = 20
UDP_HEADER = 8
ESP_HEADER = 8
ESP_TRAILER = 2
AH_HEADER = 12
GRE_HEADER = 4
GRE_OPTION = 4
"""Each of key, checksum and sequence number; the key is what Cisco configures as `tunnel key`."""
GRE_PROTOCOL = "47"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gre:
    """GRE between the user's packet and IPsec, as a GRE or mGRE tunnel interface adds it."""

    key: bool = False
    checksum: bool = False
    sequence: bool = False
    ipv6: bool = False

    @property
    def size(self) -> int:
        """Delivery header and GRE header, in bytes: 24 over IPv4, 28 with a tunnel key."""
        header = IPV6_HEADER if self.ipv6 else IPV4_HEADER
        return header + GRE_HEADER + GRE_OPTION * (self.key + self.checksum + self.sequence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encapsulation:
    """One negotiated way of wrapping packets.

    `nat_t`: ESP in UDP (RFC 3948). `ipv6`: the outer header is IPv6. `gre`: what a tunnel interface adds before IPsec
    sees the packet; None for crypto maps and for IPsec tunnel interfaces (VTI).
    """

    transform: Transform
    tunnel_mode: bool = True
    nat_t: bool = False
    ipv6: bool = False
    gre: Gre | None = None

    @property
    def ip_header(self) -> int:
        """The outer IP header, in bytes."""
        return IPV6_HEADER if self.ipv6 else IPV4_HEADER

    @property
    def gre_size(self) -> int:
        """What GRE adds, in bytes; 0 without it."""
        return self.gre.size if self.gre else 0

    def _ah(self) -> int:
        if self.transform.ah_icv is None:
            return 0
        return _up(AH_HEADER + self.transform.ah_icv, 8 if self.ipv6 else 4)

    def _fixed(self) -> int:
        """Everything but payload, padding and trailer."""
        cipher = self.transform.cipher
        esp = 0 if cipher is None else ESP_HEADER + cipher.iv + self.transform.esp_icv
        return self.ip_header + (UDP_HEADER if self.nat_t else 0) + self._ah() + esp

    def outer_size(self, packet: int) -> int:
        """The size on the wire of a packet of this size, in bytes. The packet is the user's: GRE comes on top."""
        payload = packet + self.gre_size - (0 if self.tunnel_mode else self.ip_header)
        cipher = self.transform.cipher
        if cipher is not None:
            payload = _up(payload + ESP_TRAILER, cipher.alignment)
        return self._fixed() + payload

    def plaintext_mtu(self, path_mtu: int) -> int:
        """The largest packet that IPsec may be given so that the result fits a path, in bytes (Cisco: plaintext mtu).

        With GRE that is the GRE packet, delivery header included.
        """
        room = path_mtu - self._fixed()
        cipher = self.transform.cipher
        if cipher is not None:
            room = room // cipher.alignment * cipher.alignment - ESP_TRAILER
        return room + (0 if self.tunnel_mode else self.ip_header)

    def largest_packet(self, path_mtu: int) -> int:
        """The largest packet of a user that fits a path without fragments, in bytes: the right `ip mtu`."""
        return self.plaintext_mtu(path_mtu) - self.gre_size


def mss(packet: int) -> int:
    """The TCP MSS over IPv4 that fills a packet of this size, options aside."""
    return packet - IPV4_HEADER - TCP_HEADER


def _up(size: int, multiple: int) -> int:
    return -(-size // multiple) * multiple


def encapsulations(tunnel: Tunnel) -> tuple[Encapsulation, ...]:
    """How a tunnel wraps packets, as its live SAs say; several where a rekey changed the algorithms, newest unknown.

    Empty where no SA is printed, a word of the transform is not known, or the packets go in TCP (ASA).
    GRE is taken without key, checksum and sequence number: the SAs do not tell.
    """
    sas = tunnel.side("outbound") or tuple(sa for sa in tunnel.sas if sa.live)
    ah = tuple(sa for sa in sas if sa.protocol == "ah")
    bundles = [(sa, *ah[:1]) for sa in sas if sa.protocol == "esp"] or [(sa,) for sa in ah]
    found = [wrap for bundle in bundles if (wrap := _of_bundle(bundle, tunnel)) is not None]
    return tuple(dict.fromkeys(found)) if len(found) == len(bundles) else ()


def _of_bundle(bundle: tuple[IpsecSa, ...], tunnel: Tunnel) -> Encapsulation | None:
    settings = " ".join(sa.settings or "" for sa in bundle).lower()
    transform = transform_of([sa.transform for sa in bundle if sa.transform])
    if transform is None or "tcp-encaps" in settings or ("tunnel" in settings) == ("transport" in settings):
        return None
    ipv6 = any(isinstance(end, IPv6Address) for end in (tunnel.peer, tunnel.local_address))
    return Encapsulation(
        transform=transform,
        tunnel_mode="tunnel" in settings,
        nat_t="udp-encaps" in settings or "nat-t" in settings,
        ipv6=ipv6,
        gre=Gre(ipv6=ipv6) if _is_gre(tunnel) else None,
    )


def _is_gre(tunnel: Tunnel) -> bool:
    """Whether the flow protects GRE: its proxy identities name protocol 47."""
    parts = tunnel.local_ident.text.split("/") if tunnel.local_ident else []
    return len(parts) == 4 and parts[2] == GRE_PROTOCOL  # noqa: PLR2004  address, mask, protocol, port
