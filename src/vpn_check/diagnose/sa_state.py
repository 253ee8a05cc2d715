"""What the SAs and counters of a tunnel add up to, before anything is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel


def has_sas(tunnel: Tunnel) -> bool | None:
    """Whether IPsec SAs exist. None: the device did not say.

    Traffic in both directions without any SA printed (an excerpt, a filtered output) counts as "yes" only where no
    statement of the device speaks against it.
    """
    outbound, inbound = tunnel.has_outbound, tunnel.has_inbound
    if outbound or inbound or any(sa.live for sa in tunnel.sas):
        return True
    if outbound is False or inbound is False:
        return False
    return None


def demand(tunnel: Tunnel) -> bool:
    """Whether packets wanted to go through: send errors, "no sa" drops, or an SA request to IKE in the flow's flags."""
    counters = tunnel.counters
    return bool(counters.send_errors or counters.errors.get("no_sa_send")) or "ipsec_sa_request_sent" in (
        tunnel.flags or ""
    )


def flows_both_ways(tunnel: Tunnel) -> bool:
    """Whether packets went both ways since the flow was created."""
    return bool(tunnel.counters.encaps) and bool(tunnel.counters.decaps)


def blank(tunnel: Tunnel) -> bool:
    """Whether the device printed counters and every one of them is zero."""
    counters = tunnel.counters
    printed = [counters.encaps, counters.decaps, counters.send_errors, counters.recv_errors]
    known = [count for count in printed if count is not None]
    return counters.encaps is not None and counters.decaps is not None and not any(known)
