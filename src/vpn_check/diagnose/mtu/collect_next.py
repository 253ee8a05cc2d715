"""Where a sweep cannot tell: why, in a sentence, and what to collect instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Remedy
from vpn_check.model.sweep import Reason

if TYPE_CHECKING:
    from vpn_check.model.sweep import Measured

_WHY: dict[Reason, str] = {
    Reason.NO_ANSWER: "{to} answers no ping, whatever its size: ICMP may be filtered, or it is not reached at all",
    Reason.UNREACHABLE: "a router on the way to {to} answers that it is unreachable",
    Reason.LOSS: "packets to {to} are lost at sizes that pass, so silence at other sizes proves nothing",
    Reason.INCONSISTENT: "the replies of {to} contradict one another: a size passed and did not pass",
    Reason.UNCLEAR: "the path to {to} answers with signs that say nothing of its MTU ({signs})",
    Reason.NO_DF: "the device did not offer to set the DF bit",
    Reason.NEVER_DF: "the ping of an ASA or PIX cannot set the DF bit{detail}",
    Reason.NOT_SENT: "the device did not send the ping to {to}: {detail}",
    Reason.NO_REPORT: "the device gave no whole report of the ping to {to}",
    Reason.NOT_TRIED: "the path to {to} was not tried{detail}",
}
_NEXT: dict[Reason, tuple[str, tuple[str, ...]]] = {
    Reason.NO_ANSWER: (
        "See whether anything answers there at all, or name another address behind the other end.",
        ("ping {to}{source} repeat 5", "show ip route {to}", "show access-lists"),
    ),
    Reason.UNREACHABLE: ("Find the router that says so.", ("traceroute {to}{source}", "show ip route {to}")),
    Reason.LOSS: ("Measure the loss, and sweep again when there is none.", ("ping {to}{source} size 100 repeat 100",)),
    Reason.INCONSISTENT: (
        "Look for several paths with different MTUs, or a route that changed, and sweep again.",
        ("traceroute {to}{source}", "show ip route {to}", "show ip cef {to}"),
    ),
    Reason.UNCLEAR: ("Look at the path, and sweep again.", ("traceroute {to}{source}", "ping {to}{source} repeat 5")),
    Reason.NO_DF: ("Log in with privilege: in user mode `ping` has no DF bit.", ("show privilege",)),
    Reason.NEVER_DF: ("Sweep from the other end, if it is a router.", ()),
    Reason.NOT_SENT: ("Check address, source and route.", ("show ip interface brief", "show ip route {to}")),
    Reason.NO_REPORT: ("Look at the device's load, or raise --timeout.", ("show processes cpu",)),
}


def why(measured: Measured) -> str:
    """The sentence that says why there is no number, without a full stop."""
    signs = measured.replies[-1].signs if measured.replies else ""
    reason = measured.reason or Reason.NOT_TRIED
    detail = (measured.detail or ("no reason given" if reason is Reason.NOT_SENT else "")).rstrip(".")
    return _WHY[reason].format(to=measured.target, signs=signs, detail=detail)


def next_step(measured: Measured, *, firewall: bool = False) -> tuple[Remedy, ...]:
    """What to collect where this sweep cannot tell."""
    found = _NEXT.get(measured.reason or Reason.NOT_TRIED)
    if found is None:
        return ()
    text, commands = found
    source = f" source {measured.source}" if measured.source and not firewall else ""
    filled = tuple(command.format(to=measured.target, source=source) for command in commands)
    return Remedy(text=text, commands=filled), from_a_host(measured.target)


def from_a_host(to: str) -> Remedy:
    """How the same is measured from a host behind the device; there 28 bytes of headers come on top of the size."""
    return Remedy(
        text=f"Or measure from a host behind this device: `ping -M do -s 1372 {to}` (Linux) or `ping -f -l 1372 {to}` "
        "(Windows) sends 1400 bytes, headers included."
    )
