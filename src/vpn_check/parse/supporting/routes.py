"""`show ip route` and `show route`: the table, or the answer about one address."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(
    r"\s*(?:Codes: (?:L - local, )?C - connected, |Gateway of last resort is |Routing entry for [0-9]|"
    r"Routing Table: \S|"
    r"[a-z][\w-]* [0-9.]+ [0-9.]+ [0-9.]+ [0-9]+ (?:OTHER|CONNECT|DHCP) static\s*$)"
)


def routes(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a next hop."""
    return [
        {
            "prefix": prefix_of(row),
            "code": (row.text("CODE") or row.text("VIA")),
            "distance": row.number("DISTANCE") if not row.has("CONNECTED") or row.has("VIA") else None,
            "next_hop": row.text("HOP"),
            "interface": row.text("INTERFACE"),
            "connected": row.has("CONNECTED"),
            "vrf": row.text("TABLE"),
        }
        for row in fields(parsed)
        if row.has("HOP", "INTERFACE") and prefix_of(row) is not None
    ]


def prefix_of(row: Fields) -> str | None:
    """The prefix of a row; where the line has no length, that of the heading above holds (IOS before 12.0S)."""
    base = row.text("PREFIX")
    if base is None:
        return None
    heading = row.text("SUBNETTED")
    size = (row.text("LENGTH") or "").lstrip("/") or row.text("MASK") or (heading if heading != "variably" else None)
    try:
        return str(ip_network(f"{base}/{size}" if size else base, strict=False))
    except ValueError:
        return None
