"""`show crypto gdoi`: the groups of GETVPN, with their members and keys, from a row a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(r"\s*(?:GROUP INFORMATION\s*$|Group Member Information For Group +\S)")

_NUMBERS = (
    "REREGISTERS_SEC",
    "SUCCEEDED",
    "ATTEMPTED",
    "LAST_REKEY_SEQ",
    "REKEYS_RECEIVED",
    "REKEY_ACKS",
    "ACTIVE_TEKS",
)
_WORDS = (
    "MEMBER",
    "VRF",
    "LOCAL",
    "REMOTE",
    "FVRF",
    "IVRF",
    "VERSION",
    "STATUS",
    "REGISTERED_WITH",
    "REGISTERING_TO",
    "LAST_REKEY_FROM",
)


def gdoi(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a group."""
    found: list[dict[str, Any]] = []
    for row in fields(parsed):
        name = row.text("GROUP")
        if not found or (name is not None and name != found[-1]["group"]):
            found.append(_group())
        _add(found[-1], row)
    return [group for group in found if any(value not in (None, []) for value in group.values())]


def _group() -> dict[str, Any]:
    names = ("group", "identity", "type", "direction", "acl", "rekeys_received", "kek")
    return {**dict.fromkeys(names), "servers": [], "members": [], "aces": [], "teks": []}


def _add(group: dict[str, Any], row: Fields) -> None:
    said = {
        "group": row.text("GROUP"),
        "identity": row.text("IDENTITY"),
        "type": row.text("TYPE"),
        "direction": row.text("DIRECTION"),
        "acl": row.text("ACL"),
        "rekeys_received": row.number("GROUP_REKEYS"),
    }
    group |= {name: value for name, value in said.items() if value is not None}
    group["servers"] += row.listed("SERVERS")
    group["aces"] += row.listed("ACES")
    if row.has("MEMBER", "STATUS"):
        words = {name.lower(): row.text(name) for name in _WORDS}
        group["members"].append(words | {name.lower(): row.number(name) for name in _NUMBERS})
    if row.has("KEK"):
        group["kek"] = {
            "transport": row.text("TRANSPORT"),
            "lifetime_sec": row.number("KEK_LIFETIME"),
            "encryption": row.text("KEK_ENCRYPTION"),
            "key_size": row.number("KEK_SIZE"),
        }
    if row.has("SPI"):
        group["teks"].append(
            {
                "interface": row.text("TEK_INTERFACE"),
                "spi": f"0x{int(row.text('SPI') or '0', 16):X}",
                "transform": row.text("TRANSFORM"),
                "remaining_sec": row.number("REMAINING"),
            }
        )
