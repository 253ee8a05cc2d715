"""What a command looks like that a platform does not know: advice of one platform must not reach another."""

from __future__ import annotations

import re

from vpn_check.model.device import PlatformName

_ROUTER = (
    r"show ip (?!local pool)|show access-lists|show interfaces|show dmvpn|show license"
    r"|show crypto (?:pki|engine|eli|session|isakmp (?:key|policy)|map)"
    r"|show crypto ikev2 (?:profile|proposal|policy|sa detailed)"
    r"|crypto (?:isakmp key|keyring|pki)|interface tunnel| (?:ip|qos|set) |ip (?:route|access-list)"
    r"|.*\| section|.* source <|show crypto ipsec transform-set"
)
_FIREWALL = (
    r"show (?:run|running-config) (?:crypto|tunnel-group|group-policy|access-list|nat|sysopt)|show (?:asp|nat)\b"
    r"|tunnel-group|sysopt|capture |isakmp |group-policy|show crypto (?:ca|accelerator)\b|show route|show aaa-server"
    r"|show vpn-sessiondb|packet-tracer|show interface ip"
)
_PIX_TOO = re.compile(r"show crypto (?:map|ipsec transform-set)")
STRANGE: dict[PlatformName, re.Pattern[str]] = {
    PlatformName.IOS: re.compile(_FIREWALL),
    PlatformName.IOSXE: re.compile(_FIREWALL),
    PlatformName.ASA: re.compile(f"{_ROUTER}|isakmp key"),
    PlatformName.PIX: re.compile(f"(?!{_PIX_TOO.pattern})(?:{_ROUTER}|crypto ikev2)"),
}
