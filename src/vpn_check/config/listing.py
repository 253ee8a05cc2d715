"""How much of a configuration a text is: all of it, all of some kinds of statements, or a part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.configtext import ConfigText

_WHOLE = re.compile(
    r"^\s*(?:Current configuration\s*:|: Saved|(?:ASA|PIX) Version\s|Building configuration|version \d+\.\d+)"
)
_PART = re.compile(r"show running-config (?!all$|view full$)\S")
"""A part that is framed as if it were the whole: `show running-config interface Tunnel0`."""
_END = re.compile(r"^\s*(?:end|: end|Cryptochecksum:\S+)\s*$")
_SECTIONS: dict[str, tuple[str, ...]] = {
    "crypto map": ("crypto map",),
    "crypto dynamic-map": ("dynamic map",),
    "crypto ikev1": ("isakmp",),
    "crypto isakmp": ("isakmp", "key"),
    "isakmp": ("isakmp", "key"),
    "crypto ikev2": ("ikev2", "keyring"),
    "crypto ipsec": ("transform-set", "ipsec-proposal", "ipsec profile"),
    "crypto": ("crypto map", "dynamic map", "isakmp", "key", "keyring", "ikev2", "transform-set", "ipsec-proposal",
               "ipsec profile", "trustpoint", "vpngroup"),
    "access-list": ("access-list",),
    "object": ("object",),
    "object-group": ("object-group",),
    "tunnel-group": ("tunnel-group",),
    "group-policy": ("group-policy",),
    "vpngroup": ("vpngroup",),
    "nat": ("nat",),
    "route": ("route",),
    "route-map": ("route-map",),
    "sysopt": ("sysopt",),
    "interface": ("interface",),
    "ip route": ("route",),
    "ip access-list": (),
}  # fmt: skip
"""What `show running-config X` of a firewall, or `| section ^X` of a router, lists all of."""
_LISTING = re.compile(r"show running-config(?: all)? (?:\| (?:section|sec|s) \^?)?(?P<section>[a-z][a-z0-9 -]*?)\s*$")


def listed(command: str) -> tuple[str, ...]:
    """The kinds of statements that the answer to a command lists completely."""
    if command in {"show access-list", "show access-lists"}:
        return ("access-list",)
    found = _LISTING.match(command)
    return _SECTIONS.get(found["section"], ()) if found is not None else ()


def is_whole(text: ConfigText) -> bool:
    """Whether a text is a complete running-config."""
    if _PART.match(text.source.command):
        return False
    head = any(_WHOLE.match(line) for _, line in text.lines[:40])
    return head and any(_END.match(line) for _, line in text.lines[-12:])
