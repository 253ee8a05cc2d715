"""One row a tunnel, as words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import TunnelVerdict
    from vpn_check.model.tunnel import Tunnel

HEADINGS = ("PEER", "PROTECTED NETWORKS", "IKE", "ENCAPS/DECAPS", "ERRORS S/R", "LEFT", "VERDICT")
_HOUR = 3600
_MINUTE = 60


def row(tunnel: Tunnel, verdict: TunnelVerdict) -> tuple[str, ...]:
    """The cells of a tunnel's row. What was not printed by the device is a `?`, never a zero."""
    counters = tunnel.counters
    peer = str(tunnel.peer) if tunnel.peer is not None else "?"
    if tunnel.peer is None and tunnel.ike and tunnel.ike[0].src is not None:
        peer = f"{tunnel.ike[0].src} -> {tunnel.ike[0].dst}"
    flow = (
        f"{tunnel.local_ident.short} -> {tunnel.remote_ident.short}"
        if tunnel.local_ident and tunnel.remote_ident
        else "?"
    )
    state = (tunnel.ike[0].state or tunnel.ike[0].phase.value) if tunnel.ike else "-"
    return (
        peer,
        flow,
        state,
        f"{count(counters.encaps)}/{count(counters.decaps)}",
        f"{count(counters.send_errors)}/{count(counters.recv_errors)}",
        left(tunnel.remaining_seconds),
        verdict.status.value if verdict.cause in {"healthy", "unknown"} else verdict.cause,
    )


def count(number: int | None) -> str:
    """A counter, or `?` where the device did not print it."""
    return "?" if number is None else str(number)


def left(seconds: int | None) -> str:
    """Remaining lifetime in the two largest units."""
    if seconds is None:
        return "-"
    if seconds >= _HOUR:
        return f"{seconds // _HOUR}h{seconds % _HOUR // _MINUTE:02}m"
    return f"{seconds // _MINUTE}m{seconds % _MINUTE:02}s" if seconds >= _MINUTE else f"{seconds}s"
