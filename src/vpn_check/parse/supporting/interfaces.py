"""`show interfaces` and `show interface`: state, address and MTU."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(
    r"\s*(?:[Ii]nterface )?[A-Za-z][\w./:-]*[0-9](?: \"[^\"]*\",?)? is "
    r"(?:administratively down|admin down|up|down|deleted|reset)(?: \([a-z ]+\))?, line protocol is "
)


def interfaces(parsed: Parsed) -> list[dict[str, Any]]:
    """One object an interface."""
    return [
        {
            "interface": row.text("NAME"),
            "nameif": row.text("NAMEIF"),
            "state": row.text("STATE"),
            "protocol": row.text("PROTOCOL"),
            "address": row.text("ADDRESS"),
            "mask": row.text("MASK"),
            "mtu": row.number("MTU"),
            "tunnel_mtu": row.number("TUNNEL_MTU"),
        }
        for row in fields(parsed)
        if row.has("NAME")
    ]
