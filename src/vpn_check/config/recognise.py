"""Which generation a configuration is written in, and which release (config-checks, section 0)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vpn_check.config.tree import Line
from vpn_check.model.config import Generation
from vpn_check.model.device import PlatformName

_VERSION = re.compile(r"^\s*:?\s*(PIX|ASA)\s+Version\s+(\d+)\.(\d+)(\S*)")
_IOS_VERSION = re.compile(r"^\s*version\s+(\d+)\.(\d+)\S*\s*$")
_SIGNS: tuple[tuple[Generation, int, re.Pattern[str]], ...] = tuple(
    (generation, weight, re.compile(pattern))
    for generation, weight, pattern in (
        (Generation.PIX6, 9, r"^\s*nameif\s+\S+\s+\S+\s+security\d"),
        (Generation.PIX6, 5, r"^\s*(?:isakmp\s+(?:policy|key|enable|identity)|vpngroup\s|conduit\s|sysopt\s+connection\s+permit-ipsec|ip\s+address\s+[a-z]\S*\s+\d+\.\d+\.\d+\.\d+\s)"),
        (Generation.ASA84, 6, r"^\s*(?:crypto\s+ikev1\s|ikev[12]\s+(?:pre-shared-key|local-auth|remote-auth)|crypto\s+ipsec\s+ikev[12]\s|crypto\s+map\s+\S+\s+\d+\s+set\s+ikev[12]\s|set\s+ikev[12]\s+(?:transform|ipsec-prop))"),
        (Generation.ASA84, 3, r"^\s*(?:nat\s+\([^,\s]+,[^,\s]+\)\s|object\s+network\s)"),
        (Generation.ASA7, 5, r"^\s*(?:global\s+\(|nat\s+\(\w\S*\)\s+\d|static\s+\(\S+,\S+\)|nat-control)"),
        (Generation.ASA7, 3, r"^\s*(?:tunnel-group\s|group-policy\s|nameif\s+\S+\s*$|security-level\s|access-list\s+\S+\s+(?:line\s+\d+\s+)?extended\s|crypto\s+map\s+\S+\s+\d+\s+(?:set|match)\s|crypto\s+map\s+\S+\s+interface\s|crypto\s+isakmp\s+enable\s+\S|access-group\s+\S+\s+in\s+interface|route\s+[a-z]\S*\s+\d|sysopt\s+connection)"),
        (Generation.IOSXE, 9, r"^\s*(?:license\s+boot\s+level|platform\s+(?:console|punt|qfp|hardware)|no\s+platform\s+punt)"),
        (Generation.IOSXE, 4, r"^\s*interface\s+\S*GigabitEthernet\d+/\d+/\d+|license\s+udi\s+pid\s+(?:CSR1000V|ISR4|ASR1|C8)"),
        (Generation.IOS, 3, r"^\s*(?:interface\s+(?:Fast|Gigabit|Ten\w*)?Ethernet|interface\s+(?:Serial|Tunnel|Loopback|Dialer|Fa|Gi|Tu|Se|Lo)|ip\s+access-list\s|ip\s+route\s|crypto\s+map\s+\S+\s+\d+\s+ipsec-isakmp\s*$|crypto\s+isakmp\s+key\s|crypto\s+(?:keyring|ikev2\s+(?:keyring|profile|proposal))\s|ip\s+(?:nat|nhrp|tcp)\s|tunnel\s+(?:source|protection))"),
        (Generation.IOS, 2, r"\s0\.\d+\.\d+\.255(?:\s|$)|\s0\.0\.\d+\.\d*[1-9]\d*(?:\s|$)|^\s*set\s+(?:peer|transform-set)\s"),
    )
)  # fmt: skip


def generation(lines: Iterable[Line], platform: PlatformName | None = None) -> tuple[Generation, str | None]:
    """The generation and the release, as far as the text tells; `platform` is what is known from elsewhere."""
    score = dict.fromkeys(Generation, 0)
    release: str | None = None
    for _, text in lines:
        if release is None and (found := _VERSION.match(text)) is not None:
            release = f"{found[2]}.{found[3]}{found[4]}"
            return _of_version(found[1], int(found[2]), int(found[3])), release
        if release is None and (found := _IOS_VERSION.match(text)) is not None:
            release = f"{found[1]}.{found[2]}"
            score[Generation.IOSXE if int(found[1]) >= 16 else Generation.IOS] += 9  # noqa: PLR2004  the first IOS-XE numbered so
            continue
        for sign, weight, pattern in _SIGNS:
            if pattern.search(text):
                score[sign] += weight
    return _best(score, platform), release


def _of_version(word: str, major: int, minor: int) -> Generation:
    if word == "PIX" and major < 7:  # noqa: PLR2004  the last generation of the old syntax is 6
        return Generation.PIX6
    if (major, minor) < (8, 3):
        return Generation.ASA7
    return Generation.ASA83 if (major, minor) == (8, 3) else Generation.ASA84


def _best(score: dict[Generation, int], platform: PlatformName | None) -> Generation:
    firewalls = (Generation.PIX6, Generation.ASA7, Generation.ASA84)
    routers = (Generation.IOS, Generation.IOSXE)
    allowed: tuple[Generation, ...]
    if platform in {PlatformName.ASA, PlatformName.PIX}:
        allowed = firewalls
    elif platform in {PlatformName.IOS, PlatformName.IOSXE}:
        allowed = routers
    else:
        firewall = sum(score[held] for held in firewalls) > sum(score[held] for held in routers)
        allowed = firewalls if firewall else routers
    best = max(allowed, key=lambda held: score[held])
    if best in routers:
        xe = platform is PlatformName.IOSXE or score[Generation.IOSXE] > 0
        return Generation.IOSXE if xe else Generation.IOS
    if not any(score[held] for held in firewalls):
        return Generation.PIX6 if platform is PlatformName.PIX else Generation.ASA84
    if best is Generation.ASA7 and score[Generation.ASA84]:
        return Generation.ASA84
    return best
