"""Recognise the platform from the text of `show version`."""

from __future__ import annotations

import re

from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command

SHOW_VERSION = Command(text="show version")
"""The one command that every platform answers, also unprivileged."""

_MARKS: tuple[tuple[re.Pattern[str], PlatformName], ...] = (
    (re.compile(r"Cisco (?:Secure )?PIX (?:Firewall|Security Appliance)|^\s*PIX (?:Version|Firewall)\b|\bThis PIX has ",
                re.IGNORECASE | re.MULTILINE), PlatformName.PIX),
    (re.compile(r"Cisco Adaptive Security Appliance|Cisco ASA Software", re.IGNORECASE), PlatformName.ASA),
    (re.compile(r"IOS[- ]?XE|LINUX_IOSD", re.IGNORECASE), PlatformName.IOSXE),
    (re.compile(r"Cisco IOS Software|Cisco Internetwork Operating System Software|IOS \(tm\)", re.IGNORECASE),
     PlatformName.IOS),
)


def detect(text: str) -> PlatformName | None:
    """The platform that a `show version` speaks of, None where it names none that vpn-check knows."""
    for pattern, name in _MARKS:
        if pattern.search(text):
            return name
    return None
