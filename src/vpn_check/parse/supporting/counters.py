"""Counters in plain lists: crypto accelerators, IPsec statistics. A flat dict a section, names in snake case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields
from vpn_check.parse.values import integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.parse.engine import Parsed

ACCELERATOR_SIGNS = re.compile(r"\s*Crypto Accelerator Status\s*$")
ENGINE_SIGNS = re.compile(r"\s*:?Statistics for encryption device since")
PROTOCOL_SIGNS = re.compile(r"\s*\[(?:IKEv[12]|IPsec|SSL|SRTP) statistics\]")
IPSEC_SIGNS = re.compile(r"\s*IP[Ss]ec Global Statistics\s*$")

_NAME = re.compile(r"[^a-z0-9]+")
_TOP = re.compile(r"(?:Capability|Capacity|Global Statistics|Accelerator [0-9]+)\Z")


def counters(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a section: its name, and its counters by name."""
    found: dict[str, dict[str, int]] = {}
    accelerator: str | None = None
    for row in fields(parsed):
        section = _section(row)
        if _TOP.match(section):
            accelerator = section if section.startswith("Accelerator") else None
        elif accelerator is not None:
            section = f"{accelerator} / {section}"
        held = found.setdefault(section, {})
        for name, value in _pairs(row):
            held.setdefault(snake(name), value)
    return [{"section": section, "counters": held} for section, held in found.items() if held]


def _section(row: Fields) -> str:
    if row.has("GLOBAL"):
        return "Global"
    words = [word for word in (row.text("DEVICE"), row.text("SECTION")) if word]
    return " / ".join(words) or "Global"


def _pairs(row: Fields) -> Iterator[tuple[str, int]]:
    for number, name in (("NUMBER", "NAME"), ("SECOND_NUMBER", "SECOND_NAME")):
        value, word = row.number(number), row.text(name)
        if value is not None and word:
            yield word, value
    yield from pairs_of(row.text("GLOBAL") or row.text("PAIRS") or "")


def pairs_of(text: str) -> Iterator[tuple[str, int]]:
    """The pairs of a line such as `packets: 12   errors: 0`; what has no number is passed over."""
    name, *rest = text.split(":")
    for part in rest:
        figure, _, following = part.strip().partition(" ")
        if (value := integer(figure.rstrip(","))) is not None and name.strip():
            yield name.strip(), value
        name = following


def snake(name: str) -> str:
    """A printed name as a key: `Output error packets` is `output_error_packets`."""
    return _NAME.sub("_", name.lower()).strip("_")
