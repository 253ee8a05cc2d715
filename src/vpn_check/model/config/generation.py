"""Which syntax a configuration is written in (config-checks, section 0)."""

from __future__ import annotations

import re
from enum import StrEnum

from vpn_check.model.device import PlatformName


class Generation(StrEnum):
    """Syntax generations; what a remedy may say depends on them."""

    PIX6 = "PIX 6"
    ASA7 = "PIX 7 or ASA 7.0-8.2"
    ASA83 = "ASA 8.3"
    ASA84 = "ASA 8.4 or later"
    IOS = "IOS"
    IOSXE = "IOS-XE"

    @property
    def firewall(self) -> bool:
        """Whether ACLs hold netmasks and interfaces have names of their own (`nameif`)."""
        return self in {Generation.PIX6, Generation.ASA7, Generation.ASA83, Generation.ASA84}

    @property
    def router(self) -> bool:
        """Whether ACLs hold wildcard masks."""
        return not self.firewall

    @property
    def object_nat(self) -> bool:
        """Whether NAT is written with objects (`nat (in,out) source static ...`) and has sections."""
        return self in {Generation.ASA83, Generation.ASA84}

    @property
    def old_nat(self) -> bool:
        """Whether NAT is written as `nat (inside) 0 access-list`, `global`, `static (in,out)`."""
        return self in {Generation.PIX6, Generation.ASA7}

    @property
    def ikev1_word(self) -> str:
        """What stands before IKEv1 statements: `crypto ikev1 policy`, `crypto isakmp policy`, `isakmp policy`."""
        return {Generation.ASA84: "crypto ikev1", Generation.PIX6: "isakmp"}.get(self, "crypto isakmp")

    @property
    def platform(self) -> PlatformName:
        """The platform that writes so; PIX 7 shares its generation with the ASA."""
        return {
            Generation.PIX6: PlatformName.PIX,
            Generation.IOS: PlatformName.IOS,
            Generation.IOSXE: PlatformName.IOSXE,
        }.get(self, PlatformName.ASA)


_NUMBERS = re.compile(r"\d+")


def release_key(release: str | None) -> tuple[int, ...]:
    """The numbers of a release, to compare by: `9.12(4)` is (9, 12, 4). Empty where it is not known."""
    return tuple(int(number) for number in _NUMBERS.findall(release or "")[:4])
