"""The right `ip mtu` and TCP MSS for a tunnel, and the lines that set them, for a person to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.encapsulation import mss
from vpn_check.model.finding import Remedy
from vpn_check.model.path_report import RightMtu
from vpn_check.model.sweep import Result

if TYPE_CHECKING:
    from vpn_check.model.encapsulation import Encapsulation
    from vpn_check.model.sweep import Measured

MEASURED = "measured through the tunnel"
COMPUTED = "computed from the path outside and the transform"
LEAST = 576


def right(inside: Measured | None, outside: Measured | None, wrap: Encapsulation | None) -> RightMtu | None:
    """What is right, None where nothing is known well enough.

    What passes through the tunnel counts. Where more passes than fits the path outside, it passes in fragments, and
    what fits is right; but a path outside that was measured by silence alone proves nothing against what passes.
    """
    fits = wrap.largest_packet(outside.exact) if wrap is not None and outside is not None and outside.exact else None
    proved = outside is not None and not outside.silent
    passes = inside.largest if inside is not None and inside.result in {Result.EXACT, Result.BETWEEN} else None
    if passes is not None and (fits is None or passes <= fits or not proved):
        return _right(passes, MEASURED)
    return _right(fits, COMPUTED) if fits is not None and proved else None


def _right(size: int, basis: str) -> RightMtu | None:
    return RightMtu(ip_mtu=size, mss=mss(size), basis=basis) if size >= LEAST else None


def changes(value: RightMtu, *, interface: str | None, firewall: bool) -> tuple[Remedy, ...]:
    """What a person may set: the MSS first, which disturbs nobody; then the MTU, where there is a tunnel interface."""
    if firewall:
        return (Remedy(
            text=f"Clamp the TCP MSS to {value.mss}: it acts on new TCP connections; UDP is not helped.",
            commands=("show running-config all sysopt",), changes=(f"sysopt connection tcpmss {value.mss}",),
        ),)  # fmt: skip
    routed = interface is not None and interface.lower().startswith("tunnel")
    clamp = Remedy(
        text=f"Clamp the TCP MSS to {value.mss}: it acts on new TCP connections; UDP is not helped.",
        changes=(f"interface {interface if routed else '<LAN interface>'}", f" ip tcp adjust-mss {value.mss}"),
    )
    if not routed:
        return (clamp,)
    return clamp, Remedy(
        text=f"Set the IP MTU of {interface} to {value.ip_mtu}, at both ends, in a maintenance window: tunnels on the "
        "interface may be torn down (S25).",
        changes=(f"interface {interface}", f" ip mtu {value.ip_mtu}"), disruptive=True,
    )  # fmt: skip
