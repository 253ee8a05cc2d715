"""What devices print of the MTU below an IPsec flow, and the rule by which each of them computes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vpn_check.model.encapsulation import ESP_HEADER, ESP_TRAILER, UDP_HEADER, Encapsulation

if TYPE_CHECKING:
    from vpn_check.model.transform import Cipher

_ROUNDED_ALIKE = 16
"""Up to this ICV, in bytes, the known samples agree on the ASA's number in brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMtu:
    """The MTU line of a flow in `show crypto ipsec sa`, in bytes; None: not printed.

    `path` is the path MTU that the device works with, `plaintext` the largest packet that then fits (IOS, IOS-XE), `ip`
    and `media` the MTU of the interface `interface`, `override` an MTU that is forced on the flow (ASA, FTD).
    `overhead` is the worst case of the transform (ASA, PIX), `overhead_short` the second number behind it, in brackets.
    """

    plaintext: int | None = None
    path: int | None = None
    ip: int | None = None
    media: int | None = None
    override: int | None = None
    interface: str | None = None
    overhead: int | None = None
    overhead_short: int | None = None

    @property
    def own_interface(self) -> int | None:
        """The MTU of the device's own interface, whatever the platform calls it."""
        return self.ip if self.ip is not None else self.media


def ios_plaintext_mtu(wrap: Encapsulation, path_mtu: int) -> int:
    """What IOS and IOS-XE print as `plaintext mtu`.

    The exact value of RFC 4303, but for NULL encryption, which IOS fills up to 8 bytes: 1454 on a path of 1500 and 1358
    on one of 1400 with `esp-null esp-sha-hmac` in tunnel mode, where RFC 4303 allows 1458 and 1358. Of two Catalyst
    9000 with GCM and ESN one printed the exact value, one 8 less: why is not known, and it is not modelled.
    """
    cipher = wrap.transform.cipher
    if cipher is not None and cipher.name == "null":
        wrap = replace(wrap, transform=replace(wrap.transform, cipher=replace(cipher, block=8)))
    return wrap.plaintext_mtu(path_mtu)


def asa_overhead(wrap: Encapsulation) -> tuple[int, int | None] | None:
    """What ASA and PIX 7 print as `ipsec overhead A(B)`; B is None where it is not known.

    A adds a whole block of padding to all other fields, one byte more than can occur: 58 for 3DES with SHA-1, 74 for
    AES with SHA-1, 86 for AES with SHA-256 in UDP. B rounds header and shortest trailer up to 8 and leaves the outer IP
    header out: 44 and 52. Both were read off devices in tunnel mode; None for transport mode and AH.
    """
    cipher = wrap.transform.cipher
    if cipher is None or not wrap.tunnel_mode or wrap.transform.ah_icv is not None:
        return None
    bare = _bare(wrap, cipher)
    short = -(-(bare + ESP_TRAILER) // 8) * 8 - wrap.ip_header
    return bare + ESP_TRAILER + cipher.block, short if wrap.transform.esp_icv <= _ROUNDED_ALIKE else None


def pix6_overhead(wrap: Encapsulation) -> int | None:
    """What PIX 5 and 6 print as `ipsec overhead`: all fields, rounded up to 8; 56 for 3DES with MD5 (S28)."""
    cipher = wrap.transform.cipher
    if cipher is None or not wrap.tunnel_mode or wrap.transform.ah_icv is not None:
        return None
    return -(-(_bare(wrap, cipher) + ESP_TRAILER) // 8) * 8


def _bare(wrap: Encapsulation, cipher: Cipher) -> int:
    nat_t = UDP_HEADER if wrap.nat_t else 0
    return wrap.ip_header + nat_t + ESP_HEADER + cipher.iv + wrap.transform.esp_icv
