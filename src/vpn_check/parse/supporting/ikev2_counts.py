"""Counters of IKEv2: several on a line, of which the first names what the others are of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.counters import pairs_of, snake
from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.parse.engine import Parsed

STATS_SIGNS = re.compile(r"\s*(?:Crypto IKEv2 SA Statistics|-+IKEV2 PSH STATS-+|AAA OPERATION +PASSED +FAILED)\s*$")
COUNT_SIGNS = re.compile(r"\s*[0-9]+ Negotiating SAs\s*$")
SA_COUNT_SIGNS = re.compile(r"\s*IPsec SA total: *[0-9]+, *active: ")

_CONTINUED = "accepted"
"""A line that begins with this is about what the line above it counts."""


def ikev2_counters(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a section: its name, and its counters by name."""
    found: dict[str, dict[str, int]] = {}
    subject = ""
    for row in fields(parsed):
        held = found.setdefault(row.text("SECTION") or "Global", {})
        text = row.text("LINE")
        if text is None:
            for name, value in _plain(row):
                held[snake(name)] = value
            continue
        first, dash, part = text.partition(":")[0].partition(" - ")
        before = subject if first == _CONTINUED else ""
        subject = before or first.strip()
        for place, (name, value) in enumerate(pairs_of(text)):
            alone = place == 0 and not before
            label = f"{first} {part}" if alone and dash else name if alone else f"{subject} {name}"
            held[snake(label)] = value
    return [{"section": section, "counters": held} for section, held in found.items() if held]


def _plain(row: Fields) -> Iterator[tuple[str, int]]:
    name, value = row.text("NAME"), row.number("NUMBER")
    if name is not None and value is not None:
        yield name, value
    operation = row.text("OPERATION")
    for column in ("PASSED", "FAILED"):
        count = row.number(column)
        if operation is not None and count is not None:
            yield f"{operation} {column}", count
