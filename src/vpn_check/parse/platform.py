"""Which platform a text is from, by what only that platform prints (ike-states.md, rule 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vpn_check.parse.clean import Line

_SIGNS: tuple[tuple[PlatformName, int, re.Pattern[str]], ...] = (
    (PlatformName.PIX, 9, re.compile(r"%PIX-[0-9]|Cisco PIX|PIX Version|PIX Firewall")),
    (
        PlatformName.PIX,
        3,
        re.compile(
            r"^\s*Embryonic\s*:|crypto_isakmp_process_block|OAK_[AMQ][GM]|return status is IKMP|"
            r"state\s+pending\s+created|^\s*vpngroup |oakley_process_quick"
        ),
    ),
    (
        PlatformName.PIX,
        2,
        re.compile(r"dynamic allocated peer ip: |, ipsec overhead [0-9]+, media mtu"),
    ),  # ASA outweighs these
    (PlatformName.ASA, 9, re.compile(r"%ASA-|Cisco Adaptive Security Appliance|ASA Version")),
    (
        PlatformName.ASA,
        3,
        re.compile(
            r"\b(?:MM|AM)_A(?:CTIVE|ctive)\b|IKE Peer:|#pkts comp failed|#PMTUs sent|#pre-frag succ|conn_id: |"
            r"crypto-map: |^\s*peer address: [0-9]|MM_WAIT_MSG|AM_WAIT_MSG|There are no IKEv[12] SAs|current inbound spi|\[IKEv[12]|"
            r"^\s*tunnel-group |^\s*IKEv[12] SAs:|Group = \S+, (?:Username|IP) = |IKEv2-P(?:ROTO|LAT)-[0-9]"
        ),
    ),
    (PlatformName.IOSXE, 9, re.compile(r"Cisco IOS[ -]XE|IOS-XE Software|%IOSXE-")),
    (PlatformName.IOSXE, 3, re.compile(r"flow_id: (?:CSR|CAT9K|ESG|HW|C8|ISR4|Catalyst)\w*:|sibling_flags FFFFFFFF")),
    (
        PlatformName.IOS,
        9,
        re.compile(r"Cisco Internetwork Operating System|Cisco IOS Software, (?!.*IOS-XE)(?!.*X86_64_LINUX_IOSD)"),
    ),
    (
        PlatformName.IOS,
        1,
        re.compile(
            r"\bQM_IDLE\b|IPv4 Crypto (?:ISAKMP|IKEv2)|%(?:CRYPTO|IKEV2|DMVPN|NHRP|PKI|TUN|CERM|LINK|LINEPROTO|SYS)-[0-9]|"
            r"IKEv2:\(S|IKEv2-(?:ERROR|PAK|INTERNAL):|^Crypto session current status|^\s*Session status: |NHRP Peers:|"
            r"flow_id: (?:SW|Onboard VPN|[0-9])|"
            r"local addr\.? |ISAKMP:? ?\([0-9]|state\s+conn-id\s+s"
        ),
    ),
)
_ENOUGH = 9
_LOOKED_AT = 1500


def recognise(lines: Iterable[Line]) -> PlatformName | None:
    """The platform that printed these lines; None where nothing tells."""
    score = dict.fromkeys(PlatformName, 0)
    for count, (_, text) in enumerate(lines):
        if count > _LOOKED_AT:
            break
        for platform, weight, pattern in _SIGNS:
            if pattern.search(text):
                score[platform] += weight
                if weight >= _ENOUGH:
                    return platform
    if score[PlatformName.IOSXE] and score[PlatformName.IOS]:
        score[PlatformName.IOSXE] += score[PlatformName.IOS]
    best = max(score, key=lambda name: score[name])
    return best if score[best] else None
