"""Packets too big for the tunnel that must not be fragmented: counted by the device, or told by a path MTU it learnt.

Recognised by: `#pre-frag failures` (ASA, PIX 7) above one per cent of what was encapsulated and above twenty; or send
errors (`encaps failed` in the detail form) of that size on a flow whose path MTU is below the MTU of the device's own
interface: path MTU discovery has met a smaller link, and what is sent is not made smaller. A few such packets are
how path MTU discovery works, and no fault. Fragments that the peer sends are counted elsewhere and are no fault either.
Sources: counters.md 1.4, 1.6, 3.5; S35.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word
from vpn_check.diagnose.mtu.right import changes
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.encapsulation import encapsulations, mss
from vpn_check.model.finding import Finding, Severity, Side
from vpn_check.model.path_report import RightMtu

if TYPE_CHECKING:
    from vpn_check.model.finding import Remedy
    from vpn_check.model.tunnel import Tunnel

NOISE = 20
SHARE = 0.01
_COUNTED = "prefrag_failures"
_FAILED = "encaps_failed_send"
_CAUSES = (
    "hosts set the DF bit and do not heed, or do not get, the ICMP error: a filter, or a host firewall",
    "TCP MSS and MTU are not lowered for the tunnel",
)


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge the packets of a flow that were refused for their size."""
    if has_sas(tunnel) is False:
        return None
    name = f"{peer_word(tunnel)}{flow_word(tunnel)}"
    count = _many(tunnel, context, _COUNTED)
    if count is not None:
        text = f"{count} for {name} were too big for the tunnel and must not be fragmented: they were dropped."
        return _finding(tunnel, context, text, confidence=0.7, lines=("encaps", "prefrag_failed", "path_mtu"))
    if not explains(tunnel, context):
        return None
    mtu = tunnel.printed_mtu
    count = _many(tunnel, context, "send_errors") or _many(tunnel, context, _FAILED)
    path, own = (mtu.path, mtu.own_interface) if mtu else (None, None)
    text = (f"{count} for {name} could not be sent, and its path MTU ({path}) is below that of the interface ({own}): "
            "most likely they are too big and must not be fragmented.")  # fmt: skip
    return _finding(tunnel, context, text, confidence=0.6, lines=("encaps", "send_errors", "encaps_failed", "path_mtu"))


def explains(tunnel: Tunnel, context: Context) -> bool:
    """Whether a path MTU that was learnt explains the send errors of a flow."""
    mtu = tunnel.printed_mtu
    if mtu is None or mtu.path is None or mtu.own_interface is None or mtu.path >= mtu.own_interface:
        return False
    return any(_many(tunnel, context, name) is not None for name in ("send_errors", _FAILED))


def _many(tunnel: Tunnel, context: Context, name: str) -> str | None:
    """How many packets were refused, in words, where they are more than noise; None where they are not, or are past."""
    counters, delta = tunnel.counters, context.delta(tunnel)
    total = counters.send_errors if name == "send_errors" else counters.errors.get(name)
    grown = None
    if delta is not None:
        grown = delta.send_errors if name == "send_errors" else delta.errors.get(name)
    if grown is not None:
        sent = delta.encaps or 0 if delta is not None else 0
        if grown <= FEW_PACKETS or grown <= SHARE * sent:
            return None
        return f"{grown} packets {delta.span if delta else ''}"
    if total is None or total <= NOISE or total <= SHARE * (counters.encaps or 0):
        return None
    return f"{total} packets, against {counters.encaps or 0} that were encrypted,"


def _finding(tunnel: Tunnel, context: Context, text: str, *, confidence: float, lines: tuple[str, ...]) -> Finding:
    return Finding(
        cause="traffic.mtu",
        severity=Severity.WARNING,
        confidence=confidence,
        summary=text,
        evidence=context.quote_growth(tunnel, *lines),
        side=Side.HERE,
        causes=_CAUSES,
        remedies=(advise("errors", tunnel, context), *_fitting(tunnel, context)),
        references=("S35", "Cisco 25885"),
    )


def _fitting(tunnel: Tunnel, context: Context) -> tuple[Remedy, ...]:
    """The MSS and MTU that fit the path MTU which the device works with, where its transform is known."""
    mtu, wraps = tunnel.printed_mtu, encapsulations(tunnel)
    if mtu is None or mtu.path is None or not wraps:
        return ()
    size = min(wrap.largest_packet(mtu.path) for wrap in wraps)
    value = RightMtu(ip_mtu=size, mss=mss(size), basis="computed from the path MTU of the SA")
    return changes(value, interface=tunnel.interface, firewall=context.firewall)
