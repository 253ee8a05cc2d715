"""`show crypto ikev2 diagnose error`: which errors IKEv2 ended with, and how often."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(r"\s*Exit Path Table - status: ")


def errors(parsed: Parsed) -> list[dict[str, Any]]:
    """One object an error: how often, what, and the trace as printed, its lines joined."""
    return [
        {"count": row.number("COUNT"), "text": row.text("TEXT"), "traceback": "".join(row.listed("TRACE")) or None}
        for row in fields(parsed)
        if row.has("COUNT", "TEXT")
    ]


def exit_path(parsed: Parsed) -> dict[str, Any]:
    """The state of the table that the errors are kept in."""
    for row in fields(parsed):
        if row.has("STATUS"):
            return {
                "exit_path": {
                    "status": row.text("STATUS"),
                    "entries": row.number("ENTRIES"),
                    "deleted": row.number("DELETED"),
                    "max_allowed": row.number("MAXIMUM"),
                }
            }
    return {}
