"""A pool for clients lies inside a connected network, or overlaps another pool.

Hosts of that network look for the clients on their own wire: answers come only while the device answers ARP for them.
A range of its own, routed to the device, needs no such help.
Source: config-checks C13; S33.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import Pool, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every pool against the connected networks."""
    for pool in audit.config.pools:
        addresses = _addresses(pool)
        for interface in audit.config.interfaces:
            nets = AddressSet.union_of(AddressSet.of(str(net.network)) for net in interface.addresses)
            if interface.shutdown or not addresses.overlaps(nets):
                continue
            yield Finding(
                cause="config.route-missing",
                check="C13",
                severity=Severity.INFO,
                confidence=0.7,
                summary=f"The pool {pool.name} ({addresses & nets}) lies inside the network of {interface.label}: its "
                "hosts reach clients only while this device answers ARP for them.",
                evidence=quote(*pool.at(), *interface.at("", "addresses")),
                side=Side.HERE,
                causes=("the pool was cut out of the inside network",),
                remedies=(Remedy(text="Give the clients a range of their own, and route it to this device inside.",
                                 commands=("show ip local pool",)),),
                references=("S33",),
            )
            break


def _addresses(pool: Pool) -> AddressSet:
    return AddressSet.union_of(
        AddressSet.range(int(first), int(last), first.version)
        for first, last in pool.ranges if not isinstance(first, str) and not isinstance(last, str))
