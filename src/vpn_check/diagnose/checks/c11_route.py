"""No route leads the traffic for the remote networks to the interface that encrypts.

For each remote network of a crypto ACL the route must leave through an interface with the map; a default route counts.
Dynamic and policy routing are not visible in a configuration: then nothing is said. Reverse route injection brings its
route with the tunnel.
Source: config-checks C11; S33.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from itertools import islice

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.diagnose.egress import Address, Egress
from vpn_check.model.config import CryptoMap, CryptoMapEntry, interface_key, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_MOST = 100   # networks of an entry that are looked up


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry whose map is applied, against the routes of the configuration."""
    if not (audit.config.shows("route") and audit.config.shows("interface")):
        return
    egress = Egress(audit.config)
    for held, entry in audit.config.static_entries():
        protected = audit.sets.protected(entry)
        applied = audit.config.applied_to(held.name)
        if protected is None or not applied or entry.reverse_route or any(interface.vrf for interface in applied):
            continue
        on = {interface_key(name) for name in audit.here.egress(held)}
        for block in islice(protected.least.destinations.blocks(), _MOST):
            first = _first(str(block))
            way = egress.of(first) if first is not None else None
            if first is not None and way is not None and interface_key(way) not in on:
                yield _finding(audit, held, entry, str(block), way, egress, first)
                break


def _first(block: str) -> Address | None:
    try:
        return ip_address(block.partition("/")[0].partition("-")[0])
    except ValueError:
        return None


def _finding(audit: Audit, held: CryptoMap, entry: CryptoMapEntry, network: str, way: str, egress: Egress,
             first: Address) -> Finding:
    route = egress.route(first)
    other = audit.config.interface(way)
    lines = route.at() if route is not None else other.at("", "addresses") if other is not None else ()
    return Finding(
        cause="config.route-missing",
        check="C11",
        severity=Severity.WARNING,
        confidence=0.8,
        peer=peer_of(entry),
        summary=f"Traffic for {network} of {entry_word(entry)} leaves through {way}, not through "
        f"{', '.join(held.interfaces)}, where the map is: it is not encrypted.",
        evidence=quote(*entry.at("", "match_address"), *held.at("interfaces"), *lines),
        side=Side.HERE,
        causes=("a static route for that network points elsewhere", "the network overlaps a connected one"),
        remedies=(Remedy(
            text="Point the route for the remote network to the next hop behind the interface with the map.",
            commands=(f"show route {first}",) if audit.config.firewall else (f"show ip route {first}",),
        ),),
        references=("S33",),
    )
