"""The one step that would decide between the causes that a verdict leaves open, and how to read its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.diagnose.context import Context
    from vpn_check.model.finding import Finding
    from vpn_check.model.tunnel import Tunnel

_SURE = 0.85

_ROUTER: dict[str, tuple[str, str]] = {
    "traffic.no-return": (
        "show crypto ipsec sa peer {local}   (on the other end)",
        "decaps above zero there: the far side does not answer; zero: the path or its filter drops ESP",
    ),
    "traffic.not-encrypted": (
        "show ip nat translations | include {remote}",
        "an entry for the remote network: our answers are translated before encryption; none: look at routes and hosts",
    ),
    "ike.negotiation-failed": (
        "show logging | include {peer}",
        "a refusal names the attribute; nothing at all: the peer does not answer",
    ),
    "ike.peer-unreachable": (
        "ping {peer} source {local}",
        "an answer: UDP 500 is filtered or IKE is off there; none: the path or the peer is down",
    ),
    "ike.psk-mismatch": (
        "show crypto isakmp key",
        "the address must be the peer's as we see it; then enter the same key at both ends",
    ),
    "ipsec.no-sa": (
        "show logging | include {peer}   (on the responder)",
        "the responder names what it refused: proxy identities, transform or PFS",
    ),
    "traffic.recv-errors": (
        "show crypto ipsec sa peer {peer} detail",
        "the detail counters say which check fails: replay, verify, identity",
    ),
    "traffic.send-errors": (
        "show crypto ipsec sa peer {peer} detail   (twice, a minute apart)",
        "`no sa`, `encaps failed` or too big: the one that grows names the cause",
    ),
    "ike.no-attempt": (
        "show access-lists",
        "matches on the crypto ACL that grow: traffic asks for the tunnel; none: it does not reach it",
    ),
    "unknown": (
        "show crypto isakmp sa",
        "a row for the peer: its state says where IKE stops; none: nothing asks, or the peer does not answer",
    ),
}
_FIREWALL: dict[str, tuple[str, str]] = {
    **_ROUTER,
    "traffic.not-encrypted": (
        "packet-tracer input inside icmp 192.0.2.10 8 0 {remote}   (with a host of your own as source)",
        "the phase that drops or translates the packet: NAT, ACL or route",
    ),
    "ike.psk-mismatch": (
        "show running-config tunnel-group {peer}",
        "the group must be named by the peer's address as we see it; then enter the same key at both ends",
    ),
    "ike.peer-unreachable": (
        "ping {peer}",
        "an answer: UDP 500 is filtered or IKE is off there; none: the path or the peer is down",
    ),
    "ike.no-attempt": (
        "show access-list",
        "hit counts on the crypto ACL that grow: traffic asks for the tunnel; none: it does not reach it",
    ),
}


def decision(verdict: Finding, tunnel: Tunnel, context: Context) -> tuple[str, str]:
    """The command and how to read its answer; empty where the verdict is sure enough, or a word of it is not known."""
    if verdict.confidence >= _SURE:
        return "", ""
    command, tells = (_FIREWALL if context.firewall else _ROUTER).get(verdict.cause, ("", ""))
    remote = tunnel.remote_ident.text.partition("/")[0] if tunnel.remote_ident else None
    words = {"peer": tunnel.peer, "local": tunnel.local_address, "remote": remote}
    if any(f"{{{name}}}" in command and word is None for name, word in words.items()):
        return "", ""
    return command.format(**words), tells
