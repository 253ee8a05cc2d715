"""What a device says of itself: `show version`, `show clock`, the load of its processor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.model.device import PlatformName
from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

VERSION_SIGNS = re.compile(
    r"\s*(?:Cisco IOS Software\b|Cisco IOS[ -]XE Software\b|Cisco Internetwork Operating System Software|IOS \(tm\) |"
    r"Cisco (?:Adaptive|PIX) Security Appliance Software Version|Cisco (?:Secure )?PIX Firewall Version)"
)
CLOCK_SIGNS = re.compile(
    r"\s*[*.]?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? [A-Za-z0-9+-]+ (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} "
    r"[ 0-9]{1,2} ?[0-9]{4}\s*$"
)
CPU_SIGNS = re.compile(r"\s*CPU utilization for (?:five|5) seconds")


def version(parsed: Parsed) -> list[dict[str, Any]]:
    """The software that runs; nothing where no release was printed."""
    found = [_version(row) for row in fields(parsed) if row.has("RELEASE", "XE_RELEASE", "HOSTNAME", "IMAGE")]
    return found[:1]


def _version(row: Fields) -> dict[str, Any]:
    return {
        "platform": _platform(row),
        "release": row.text("XE_RELEASE") or row.text("RELEASE"),
        "hostname": row.text("HOSTNAME"),
        "uptime": row.text("UPTIME"),
        "model": row.text("MODEL"),
        "image": row.text("IMAGE"),
        **_licences(row),
    }


def _licences(row: Fields) -> dict[str, Any]:
    """What the licences allow, as far as printed."""
    said = {
        "des": row.text("DES"),
        "strong_encryption": row.text("STRONG"),
        "security": row.text("SECURITY"),
        "throughput_kbps": row.number("THROUGHPUT"),
        "vpn_peers": row.text("PEERS"),
    }
    return {name: value for name, value in said.items() if value is not None}


def _platform(row: Fields) -> str | None:
    product = row.text("PRODUCT")
    if product is not None:
        return (PlatformName.PIX if "PIX" in product else PlatformName.ASA).value
    if row.has("XE", "XE_RELEASE"):
        return PlatformName.IOSXE.value
    return PlatformName.IOS.value if row.has("RELEASE") else None


def clock(parsed: Parsed) -> list[dict[str, Any]]:
    """The time as printed. IOS marks a time that it does not trust with `*` (never set) or `.` (lost its source)."""
    return [
        {"text": text, "synchronised": not row.has("MARK"), "source": row.text("SOURCE")}
        for row in fields(parsed)
        if (text := row.text("TEXT"))
    ][:1]


def cpu(parsed: Parsed) -> list[dict[str, Any]]:
    """The load in per cent."""
    return [
        {
            "five_seconds": row.number("FIVE_SECONDS"),
            "interrupt": row.number("INTERRUPT"),
            "one_minute": row.number("ONE_MINUTE"),
            "five_minutes": row.number("FIVE_MINUTES"),
        }
        for row in fields(parsed)
        if row.has("FIVE_SECONDS")
    ][:1]
