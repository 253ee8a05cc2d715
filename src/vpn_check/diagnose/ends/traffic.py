"""Where the packets stop, from the counters of both ends.

What one end encapsulates the other must decapsulate; the first of the four counters that is zero says where the fault
is. Totals start at different times, so only zero against many is judged; the growth between two looks is preferred
where both ends have it. SAs must exist at both ends.
Source: counters.md 3.2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word, tunnel_name
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from vpn_check.diagnose.ends.pairing import Pair
    from vpn_check.model.finding import Evidence
    from vpn_check.model.tunnel import Tunnel

NAT_T_PORT = 4500
_COUNTERS = ("encaps", "decaps", "send_errors", "recv_errors")


class _Flow(NamedTuple):
    sent: int
    received: int
    failed: int


def _flow(tunnel: Tunnel, context: Context) -> _Flow | None:
    counters, delta = tunnel.counters, context.delta(tunnel)
    if delta is not None and delta.encaps is not None and delta.decaps is not None and not delta.silent:
        return _Flow(delta.encaps, delta.decaps, delta.recv_errors or 0)
    if counters.encaps is None or counters.decaps is None:
        return None
    return _Flow(counters.encaps, counters.decaps, counters.recv_errors or 0)


def judge(pair: Pair, here: Context, there: Context, far: str) -> Finding | None:
    """Judge one tunnel from both ends. `far` is what to call the other device."""
    ours, theirs = _flow(pair.here, here), _flow(pair.there, there)
    if ours is None or theirs is None or has_sas(pair.here) is False or has_sas(pair.there) is False:
        return None
    if max(ours.sent, theirs.sent) < FEW_PACKETS or ours.failed or theirs.failed:
        return None
    if (ours.received and not theirs.sent) or (theirs.received and not ours.sent):
        return None   # one end has counted anew since: the totals do not speak of the same packets
    name = f"{peer_word(pair.here)}{flow_word(pair.here)}"
    cause, side, summary = _verdict(ours, theirs, name, far, _carrier(pair))
    if not cause:
        return None
    return Finding(
        cause=cause,
        severity=Severity.CRITICAL,
        confidence=0.85,
        summary=summary,
        evidence=(*here.quote_growth(pair.here, *_COUNTERS), *far_lines(pair.there, there, far, *_COUNTERS)),
        peer=str(pair.here.peer) if pair.here.peer is not None else None,
        tunnel=tunnel_name(pair.here),
        about=pair.here.key,
        side=side,
        causes=_CAUSES[cause, side],
        remedies=_remedies(cause, side, here),
        references=("Cisco 81824",),
    )


def _verdict(ours: _Flow, theirs: _Flow, name: str, far: str, carrier: str) -> tuple[str, Side, str]:
    """Cause, side and sentence; an empty cause where the counters show nothing wrong, or do not decide."""
    lost_there = ours.sent >= FEW_PACKETS and theirs.received == 0
    lost_here = theirs.sent >= FEW_PACKETS and ours.received == 0
    if lost_there and lost_here:
        return "traffic.esp-blocked", Side.PATH, (
            f"Both ends encrypt for the tunnel to {name} ({ours.sent} here, {theirs.sent} at {far}) and neither "
            f"receives anything: {carrier} does not pass the path.")
    if lost_there:
        return "traffic.esp-blocked", Side.PATH, (
            f"We encrypt to {name}, {ours.sent} packets, and {far} has decapsulated none of them: {carrier} is lost on "
            f"the path towards {far}, or at its door.")
    if lost_here:
        return "traffic.esp-blocked", Side.PATH, (
            f"{far} encrypts {theirs.sent} packets for us and none arrives here, while it receives ours: {carrier} is "
            "lost on the path towards us, or at our door."
            if theirs.received else
            f"{far} encrypts {theirs.sent} packets for us and none arrives here: {carrier} is lost on the path towards "
            "us, or at our door.")
    if ours.sent >= FEW_PACKETS and theirs.received and theirs.sent == 0:
        return "traffic.no-return", Side.PEER, (
            f"Our packets to {name} arrive: {far} has decapsulated {theirs.received}, and sends nothing back. The "
            "fault is behind its decryption.")
    if theirs.sent >= FEW_PACKETS and ours.received and ours.sent == 0:
        return "traffic.not-encrypted", Side.HERE, (
            f"Packets of {name} arrive and decrypt here ({ours.received} of {theirs.sent} that {far} sent), and ours "
            "never enter the tunnel: the fault is on this side, before encryption.")
    return "", Side.NONE, ""


_CAUSES: dict[tuple[str, Side], tuple[str, ...]] = {
    ("traffic.esp-blocked", Side.PATH): (
        "an access list or firewall in front of one end, or the provider, drops the protocol",
        "a NAT device on the path that does not carry ESP, with NAT traversal off",
        "the packets go to another device: a route or address translation in front of the far end",
    ),
    ("traffic.no-return", Side.PEER): (
        "its LAN has no route back to our networks, or a host firewall there does not answer",
        "its answers are translated, or match another crypto map entry, before encryption",
        "over GRE: the routing or NHRP above the tunnel does not point back to us",
    ),
    ("traffic.not-encrypted", Side.HERE): (
        "NAT exemption is missing: our answers are translated before the crypto ACL sees them",
        "the route to the remote network does not leave through the crypto interface",
        "the hosts here have no route to us, or a firewall of theirs does not answer",
    ),
}


def _remedies(cause: str, side: Side, context: Context) -> tuple[Remedy, ...]:
    lists = "show access-list" if context.firewall else "show ip access-lists"
    routes = "show route" if context.firewall else "show ip route"
    if cause == "traffic.esp-blocked":
        return (Remedy(text="Look for what drops the packets: interface access lists at both ends, then the path.",
                       commands=(lists, "show asp drop" if context.firewall else "show ip interface")),)
    return (Remedy(text="Check route, NAT exemption and crypto ACL where the answers should enter the tunnel.",
                   commands=(routes, lists, "show crypto map"), on_peer=side is Side.PEER),)


def _carrier(pair: Pair) -> str:
    settings = " ".join(sa.settings or "" for tunnel in (pair.here, pair.there) for sa in tunnel.sas).lower()
    nat_t = "udp-encaps" in settings or "nat-t" in settings or NAT_T_PORT in {pair.here.peer_port, pair.there.peer_port}
    return "UDP 4500" if nat_t else "ESP (IP protocol 50)"


def far_lines(tunnel: Tunnel, context: Context, far: str, *names: str) -> tuple[Evidence, ...]:
    """The other device's lines, marked as its own."""
    return marked(context.quote_growth(tunnel, *names), far)


def marked(lines: tuple[Evidence, ...], far: str) -> tuple[Evidence, ...]:
    """Lines of the other device, with its name where no file says where they stand."""
    return tuple(line if line.origin else replace(line, origin=far) for line in lines)
