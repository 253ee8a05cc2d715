"""What to type next, per platform: read-only commands, filled with the peer's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Remedy

if TYPE_CHECKING:
    from vpn_check.diagnose.context import Context
    from vpn_check.model.tunnel import Tunnel

_ROUTER: dict[str, tuple[str, tuple[str, ...]]] = {
    "reach": (
        "Test the path to the peer from the tunnel's own source address.",
        ("ping {peer} source {local}", "show ip route {peer}", "show ip access-lists"),
    ),
    "policy": ("Compare the IKE policies of both ends.", ("show crypto isakmp policy", "show crypto ikev2 proposal")),
    "ike": (
        "See where the negotiation stops.",
        ("show crypto isakmp sa detail", "show logging | include CRYPTO|ISAKMP|IKEv2"),
    ),
    "key": (
        "Check that a key is configured for exactly this peer address, then enter the same key anew at both ends.",
        ("show crypto isakmp key", "show running-config | section keyring"),
    ),
    "phase2": (
        "Compare crypto ACL, transform set and PFS of both ends; the log of the responder names the difference.",
        (
            "show crypto map",
            "show crypto ipsec transform-set",
            "show access-lists",
            "show logging | include IPSEC|CRYPTO",
        ),
    ),
    "peer-sa": (
        "Look at the same tunnel from the other end.",
        ("show crypto ipsec sa peer {local}", "show crypto isakmp sa"),
    ),
    "nat-route": (
        "Check that the traffic reaches the crypto map: route, NAT exemption, interface ACL.",
        ("show ip route {remote}", "show ip nat translations", "show access-lists", "show crypto map"),
    ),
    "demand": (
        "See whether traffic asks for the tunnel.",
        ("show crypto map", "show access-lists", "show ip route {remote}"),
    ),
    "errors": ("Read the detail counters twice, a minute apart.", ("show crypto ipsec sa peer {peer} detail",)),
    "sa": ("Read the IPsec SAs.", ("show crypto ipsec sa",)),
}
_FIREWALL: dict[str, tuple[str, tuple[str, ...]]] = {
    "reach": ("Test the path to the peer.", ("ping {peer}", "show route {peer}", "show capture", "show asp drop")),
    "policy": (
        "Compare the IKE policies of both ends.",
        ("show running-config crypto ikev1", "show running-config crypto ikev2"),
    ),
    "ike": ("See where the negotiation stops.", ("show crypto isakmp sa detail", "show logging | include {peer}")),
    "key": (
        "Check that a tunnel-group with a key exists for exactly this peer, then enter the same key at both ends.",
        ("show running-config tunnel-group {peer}",),
    ),
    "phase2": (
        "Compare crypto ACL, transform set and PFS of both ends; the log of the responder names the difference.",
        ("show running-config crypto map", "show running-config crypto ipsec", "show logging | include {peer}"),
    ),
    "peer-sa": ("Look at the same tunnel from the other end.", ("show crypto ipsec sa peer {local}",)),
    "nat-route": (
        "Check that the traffic reaches the crypto map: route, NAT exemption, interface ACL.",
        ("show route {remote}", "show nat detail", "show running-config nat", "show access-list"),
    ),
    "demand": (
        "See whether traffic asks for the tunnel.",
        ("show running-config crypto map", "show access-list", "show route {remote}"),
    ),
    "errors": (
        "Read the counters and the drops twice, a minute apart.",
        ("show crypto ipsec sa peer {peer} detail", "show asp drop", "show logging | include 4021"),
    ),
    "sa": ("Read the IPsec SAs.", ("show crypto ipsec sa",)),
}


def advise(topic: str, tunnel: Tunnel, context: Context) -> Remedy:
    """The remedy for a topic, with commands of this platform. A word that is not known stays out, with its command."""
    text, commands = (_FIREWALL if context.firewall else _ROUTER)[topic]
    remote = tunnel.remote_ident.text.partition("/")[0] if tunnel.remote_ident else None
    words = {"peer": tunnel.peer, "local": tunnel.local_address, "remote": remote if remote != "0.0.0.0" else None}  # noqa: S104
    known = {name: str(word) for name, word in words.items() if word is not None}
    filled = []
    for command in commands:
        needed = [name for name in words if f"{{{name}}}" in command]
        if all(name in known for name in needed):
            filled.append(command.format(**known))
    return Remedy(text=text, commands=tuple(filled), on_peer=topic == "peer-sa")
