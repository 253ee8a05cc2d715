"""A crypto map on an HSRP interface without redundancy: after a failover the peer speaks to a device without SAs.

With `crypto map M redundancy NAME` the map uses the virtual address, and the peer need not know which router is active.
Source: config-checks C32.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every interface with a map and an HSRP group."""
    for interface in audit.config.interfaces:
        named = next((group for group in interface.standby if group.address is not None), None)
        if interface.crypto_map is None or named is None or interface.crypto_map_redundancy is not None:
            continue
        yield Finding(
            cause="config.incomplete",
            check="C32",
            severity=Severity.INFO,
            confidence=0.6,
            summary=f"{interface.name} has an HSRP address ({named.address}) and the crypto map {interface.crypto_map} "
            "without `redundancy`: peers that use the virtual address get no answer, the others lose the tunnel at a "
            "failover.",
            evidence=quote(*interface.at("", "crypto_map", "standby")),
            side=Side.HERE,
            causes=("HSRP was added for the LAN only",),
            remedies=(Remedy(text="Bind the map to the HSRP group where peers use the virtual address.",
                             commands=("show standby brief", "show crypto map"),
                             changes=(f"interface {interface.name}",
                                      f" crypto map {interface.crypto_map} redundancy {named.name or 'GROUP-NAME'}"),
                             disruptive=True),),
            references=("Cisco, IPsec high availability with HSRP",),
        )
