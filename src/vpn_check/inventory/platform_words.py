"""What other tools call a platform: Ansible's network_os, Netmiko's device types, NAPALM's drivers, NetBox's slugs."""

from __future__ import annotations

import re

from vpn_check.model.device import PlatformName

_OTHERS = frozenset({
    "aci", "acos", "aireos", "apic", "arista", "aruba", "arubaos", "aoscx", "bigip", "brocade", "checkpoint", "ciena",
    "comware", "cumulus", "dellos10", "dellos6", "dellos9", "dnos", "edgeos", "edgerouter", "eos", "esxi", "exos",
    "extreme", "f5", "fortigate", "fortinet", "fortios", "ftd", "fxos", "gaia", "hpe", "huawei", "ironware", "iosxr",
    "juniper", "junos", "linux", "meraki", "mikrotik", "netscaler", "nokia", "nxos", "opengear", "openwrt", "opnsense",
    "paloalto", "panos", "pfsense", "procurve", "routeros", "sonic", "srlinux", "sros", "ubuntu", "unifi", "viptela",
    "voss", "vrp", "vyos", "windows", "xr",
})
"""Words that name another operating system for certain. What is not here is asked with `show version`."""


def platform_of(word: str) -> PlatformName | None:
    """The platform that a word of another tool names.

    None where it names none of ours, or more than one of them: Ansible's and NAPALM's `ios` and Netmiko's `cisco_ios`
    stand for IOS and IOS-XE alike. `show version` then tells.
    """
    parts, whole = _parts(word)
    if is_another(word):
        return None
    if "iosxe" in whole or "xe" in parts:
        return PlatformName.IOSXE
    if any(part.startswith("asa") for part in parts):
        return PlatformName.ASA
    return PlatformName.PIX if any(part.startswith("pix") for part in parts) else None


def is_another(word: str) -> bool:
    """Whether a word certainly names an operating system that vpn-check does not read."""
    parts, whole = _parts(word)
    return bool({*parts, whole, whole.removeprefix("cisco")} & _OTHERS) or "iosxr" in whole or "nxos" in whole


def _parts(word: str) -> tuple[list[str], str]:
    parts = [part for part in re.split(r"[^a-z0-9]+", word.lower()) if part]
    return parts, "".join(parts)
