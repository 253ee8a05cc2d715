"""Which tunnel a ping goes through: the flow whose proxy identities hold its addresses."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, ip_network
from typing import TYPE_CHECKING

from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.encapsulation import GRE_PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.tunnel import TrafficSelector, Tunnel

_ICMP_FITS = {"0", "1"}
_OPEN = "{count} tunnels take any traffic; which of them the route to {to} chooses is not known: name it with --peer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The tunnel; None where none, or more than one (`open`), can be meant. `why` says so; None where it is certain."""

    tunnel: Tunnel | None
    why: str | None = None
    open: bool = False


def choose(tunnels: Sequence[Tunnel], *, to: str, source: str | None = None, peer: str | None = None) -> Choice:
    """Choose the tunnel for packets to an address.

    Args:
        tunnels: the device's flows.
        to: an IPv4 address behind the other end.
        source: the address that the packets come from, or the name of an interface.
        peer: only tunnels with this peer.
    """
    held = [tunnel for tunnel in tunnels if tunnel.local_ident and tunnel.remote_ident]
    if peer is not None:
        held = [tunnel for tunnel in held if str(tunnel.peer) == peer]
        if not held:
            return Choice(tunnel=None, why=f"There is no tunnel with {peer}.")
    fitting = [(width, tunnel) for tunnel in held if (width := _fits(tunnel, to, source)) is not None]
    if fitting:
        narrowest = max(width for width, _ in fitting)
        best = [tunnel for width, tunnel in fitting if width == narrowest]
        best = [tunnel for tunnel in best if has_sas(tunnel)] or best
        peers = {str(tunnel.peer) for tunnel in best}
        if len(peers) == 1:
            return Choice(tunnel=best[0])
        return Choice(tunnel=None, why=f"Flows with {', '.join(sorted(peers))} hold {to}: name one with --peer.",
                      open=True)  # fmt: skip
    routed = [tunnel for tunnel in held if _takes_anything(tunnel)]
    if len(routed) > 1:
        return Choice(tunnel=None, why=_OPEN.format(count=len(routed), to=to), open=True)
    if routed:
        only = routed[0]
        place = only.interface or "The tunnel"
        why = f"{place} with {only.peer} is taken: it takes any traffic, and no other flow holds {to}."
        return Choice(tunnel=only, why=None if peer else why)
    return Choice(tunnel=None, why=f"No flow of `show crypto ipsec sa` holds {to}: packets to it are not encrypted, or "
                  "their tunnel is not up. Look at the route to it and at `show crypto map`, or name another address; "
                  "nothing was pinged.")  # fmt: skip


def _fits(tunnel: Tunnel, to: str, source: str | None) -> int | None:
    """How narrow the remote selector is that holds an address, in bits; None: this is not its flow."""
    remote, local = _network(tunnel.remote_ident), _network(tunnel.local_ident)
    if remote is None or remote.prefixlen == 0 or IPv4Address(to) not in remote:
        return None
    if local is not None and source is not None and _is_address(source) and IPv4Address(source) not in local:
        return None
    return remote.prefixlen


def _network(selector: TrafficSelector | None) -> IPv4Network | None:
    """The addresses of a selector that takes ICMP; None where it does not, or where it is no IPv4 network."""
    parts = selector.text.split("/") if selector else []
    if len(parts) != 4 or parts[2] not in _ICMP_FITS:  # noqa: PLR2004  address, mask, protocol, port
        return None
    try:
        network = ip_network(f"{parts[0]}/{parts[1]}", strict=False)
    except ValueError:
        return None
    return network if isinstance(network, IPv4Network) else None


def _takes_anything(tunnel: Tunnel) -> bool:
    """Whether a route decides what goes through: IPsec from any to any (VTI), or protected GRE."""
    parts = tunnel.remote_ident.text.split("/") if tunnel.remote_ident else []
    network = _network(tunnel.remote_ident)
    return (network is not None and network.prefixlen == 0) or (len(parts) > 2 and parts[2] == GRE_PROTOCOL)  # noqa: PLR2004


def _is_address(word: str) -> bool:
    try:
        IPv4Address(word)
    except AddressValueError:
        return False
    return True
