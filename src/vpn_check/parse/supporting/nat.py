"""`show nat` of an ASA: its rules in order, and how often each translated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(r"\s*(?:Manual|Auto) NAT Policies (?:Implicit )?\(Section [0-9]\)")


def nat_rules(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a rule."""
    return [
        {
            "section": row.number("SECTION"),
            "order": row.number("ORDER"),
            "real": row.text("REAL"),
            "mapped": row.text("MAPPED"),
            "text": row.text("TEXT"),
            "translate_hits": row.number("TRANSLATED"),
            "untranslate_hits": row.number("UNTRANSLATED"),
        }
        for row in fields(parsed)
        if row.has("ORDER", "TEXT")
    ]
