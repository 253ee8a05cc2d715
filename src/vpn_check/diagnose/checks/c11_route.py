"""No route leads the traffic for the remote networks to the interface that encrypts.

For each remote network of a crypto ACL the route must leave through an interface with the map; a default route counts.
A network is called lost only where all of it leaves elsewhere: a large remote block may well contain our own networks.
Dynamic and policy routing are not visible in a configuration: then nothing is said. Reverse route injection brings its
route with the tunnel, an identity rule without `route-lookup` chooses the interface by itself (ASA from 8.3), and
traffic of an inside VRF has a table of its own.
Source: config-checks C11; S33.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from itertools import islice

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.diagnose.egress import Address, Egress
from vpn_check.model.config import AccessEntry, CryptoMap, CryptoMapEntry, NatKind, StaticRoute, interface_key, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet

_MOST = 100   # lines of a crypto ACL that are looked up


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry whose map is applied, against the routes of the configuration."""
    if not (audit.config.shows("route") and audit.config.shows("interface")):
        return
    egress = Egress(audit.config)
    away: dict[str, AddressSet] = {}
    for held, entry in audit.config.static_entries():
        applied = audit.config.applied_to(held.name)
        if not applied or len(applied) < len(held.interfaces) or any(interface.vrf for interface in applied):
            continue
        if entry.reverse_route or audit.here.inside_vrf(held, entry) is not None:
            continue
        if held.name not in away:
            on = {interface_key(name) for name in audit.here.egress(held)}
            away[held.name] = egress.elsewhere(on) - _diverted(audit, on)
        lost = _lost(audit, entry, away[held.name])
        if lost is not None:
            yield _finding(audit, held, entry, lost, egress)


def _lost(audit: Audit, entry: CryptoMapEntry, away: AddressSet) -> AddressSet | None:
    """The first remote network that leaves elsewhere as a whole.

    A line may stand there both ways round: what is a source of the list too, is ours.
    """
    acl, sets = audit.config.acl(entry.match_address), audit.sets
    if acl is None or away.empty:
        return None
    ours: AddressSet | None = None
    for line in islice(acl.permits, _MOST):
        remote = sets.addresses(line.destination)
        if remote is None or not remote.overlaps(away):
            continue
        if ours is None:
            ours = AddressSet.union_of(found for one in acl.permits if (found := sets.addresses(one.source)))
        remote -= ours
        if not remote.empty and remote <= away and _works(audit, entry, line):
            return remote
    return None


def _works(audit: Audit, entry: CryptoMapEntry, line: AccessEntry) -> bool:
    """Whether some packet surely reaches a line, through the deny lines before it."""
    protected, packets = audit.sets.protected(entry), audit.sets.packets(line)
    return protected is not None and packets is not None and packets.overlaps(protected.least)


def _diverted(audit: Audit, on: set[str]) -> AddressSet:
    """Destinations that a twice NAT rule sends to the right interface whatever the routes say."""
    found = []
    for rule in audit.config.nat:
        target = rule.mapped_destination
        chosen = rule.kind is NatKind.STATIC and not (rule.route_lookup or rule.inactive)
        if chosen and target is not None and interface_key(rule.mapped_interface or "") in on:
            found.append(audit.sets.addresses(target) or AddressSet.nothing())
    return AddressSet.union_of(found)


def _finding(audit: Audit, held: CryptoMap, entry: CryptoMapEntry, lost: AddressSet, egress: Egress) -> Finding:
    network = str(lost)
    first = _first(lost)
    way = (egress.of(first) if first is not None else None) or "another interface"
    route = egress.route(first) if first is not None else None
    other = audit.config.interface(way)
    lines = route.at() if route is not None else other.at("", "addresses") if other is not None else ()
    word = "show route" if audit.config.firewall else "show ip route"
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
            commands=(f"{word} {first}" if first is not None else word,),
            changes=_changes(audit, held, lost, route),
        ),),
        references=("S33",),
    )


def _changes(audit: Audit, held: CryptoMap, lost: AddressSet, route: StaticRoute | None) -> tuple[str, ...]:
    """Take the wrong route away where it is for this network alone; else a route of its own beside the default."""
    on = {interface_key(name) for name in audit.here.egress(held)}
    config = audit.config
    if route is not None and AddressSet.of(str(route.prefix)) <= lost:
        return tuple(f"no {statement.text}" for statement in route.at())
    egress = Egress(config)
    ways = (way for way in config.routes if way.default)
    default = next((way for way in ways if interface_key(egress.through(way) or "") in on), None)
    block = next(iter(lost.blocks()), None)
    if default is None or default.next_hop is None or block is None or route is None:
        return ()
    network = str(block.as_entry(wildcard=False)).replace("host ", "")
    if " " not in network:
        network += " 255.255.255.255"
    if config.firewall:
        return (f"route {egress.through(default)} {network} {default.next_hop}",)
    return (f"ip route {network} {default.next_hop}",)


def _first(lost: AddressSet) -> Address | None:
    block = next(iter(lost.blocks()), None)
    try:
        return ip_address(str(block).partition("/")[0].partition("-")[0])
    except ValueError:
        return None
