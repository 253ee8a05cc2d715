"""`show dmvpn`: the interfaces and their NHRP peers, the table and the block form; behind `detail`, crypto sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields
from vpn_check.parse.supporting.sessions import fold

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(
    r"\s*(?:Legend: Attrb -->|Interface: +\S+, +IPv[46] NHRP Details|Type: *\S+, *(?:NHRP|Total NBMA) Peers|"
    r"# +Ent +Peer NBMA Addr)"
)


def dmvpn(parsed: Parsed) -> list[dict[str, Any]]:
    """One object an interface."""
    found: list[dict[str, Any]] = []
    for row in fields(parsed):
        if row.has("INTERFACE", "TYPE"):
            found.append(_interface(row))
        if row.has("TUNNEL"):
            if not found:  # cut off above the table
                found.append(_interface(row))
            found[-1]["peers"].append(_peer(row))
    return found


def beside(parsed: Parsed) -> dict[str, Any]:
    """The tunnels that are shut down, and the crypto sessions of the detail form."""
    rows = list(fields(parsed))
    down = [name for row in rows if (name := row.text("DOWN"))]
    held = fold(
        row for row in rows if row.has("SESSION_INTERFACE", "SESSION_ID", "IKE", "FLOW", "STATUS", "ACTIVE_SAS")
    )
    body: dict[str, Any] = {}
    if down:
        body["admin_down"] = down
    if held:
        body["sessions"] = held
    return body


def _interface(row: Fields) -> dict[str, Any]:
    family = row.text("FAMILY")
    statuses = row.listed("NHS_STATUS")
    return {
        "interface": row.text("INTERFACE"),
        "type": row.text("TYPE"),
        "nhrp_peers": row.number("COUNT"),
        "family": f"ipv{family}" if family else None,
        "line_status": row.text("LINE_STATUS"),
        "address": row.text("ADDRESS"),
        "source": row.text("SOURCE"),
        "vrf": row.text("VRF"),
        "nhs": [
            {"address": address, "status": statuses[place] if place < len(statuses) else None}
            for place, address in enumerate(row.listed("NHS"))
        ],
        "peers": [],
    }


def _peer(row: Fields) -> dict[str, Any]:
    return {
        "nbma": row.text("NBMA"),
        "tunnel": row.text("TUNNEL"),
        "state": row.text("STATE"),
        "time": row.text("TIME"),
        "attrib": row.text("ATTRIB"),
        "network": row.text("NETWORK"),
    }
