"""The platforms, as a table."""

from __future__ import annotations

from vpn_check.model.device import PlatformName
from vpn_check.platforms.asa import ASA
from vpn_check.platforms.base import Platform
from vpn_check.platforms.ios import IOS
from vpn_check.platforms.iosxe import IOSXE
from vpn_check.platforms.pix import PIX

PLATFORMS: dict[PlatformName, Platform] = {platform.name: platform for platform in (IOS, IOSXE, ASA, PIX)}

__all__ = ["PLATFORMS", "Platform"]
