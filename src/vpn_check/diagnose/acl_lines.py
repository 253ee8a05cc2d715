"""Access list lines: those that a set of packets comes from, and those that would add one."""

from __future__ import annotations

from itertools import islice

from vpn_check.diagnose.audit import Site
from vpn_check.model.config import AccessEntry, AccessList, Generation, Statement
from vpn_check.model.packets import PacketSet

_MOST = 3
"""Lines that a finding quotes or proposes of one list."""


def entries_behind(
    site: Site, acl: AccessList | None, packets: PacketSet, *, permits: bool = True
) -> list[AccessEntry]:
    """The first permit (or deny) entries of a list that name some of these packets."""
    found: list[AccessEntry] = []
    for entry in acl.rules if acl is not None and not packets.empty else ():
        named = site.sets.packets(entry) if entry.permit is permits else None
        if named is not None and named.overlaps(packets):
            found.append(entry)
        if len(found) == _MOST:
            break
    return found


def lines_behind(site: Site, acl: AccessList | None, packets: PacketSet, *, permits: bool = True) -> list[Statement]:
    """The statements of these entries, to be quoted."""
    return [entry.statement for entry in entries_behind(site, acl, packets, permits=permits)]


def added_lines(
    generation: Generation, acl: AccessList, packets: PacketSet, *, permit: bool = True, first: bool = False
) -> tuple[str, ...]:
    """The lines that add these packets to a list, as the platform writes them; `first`: before all others."""
    word = "permit" if permit else "deny"
    entries = [f"{word} {flow.as_entry(wildcard=generation.router)}" for flow in islice(packets.flows(), _MOST)]
    if not entries:
        return ()
    if generation.router and (first or not acl.name.isdigit()):
        numbers = [f"{place} " if first else "" for place in range(1, len(entries) + 1)]
        lines = (f" {number}{entry}" for number, entry in zip(numbers, entries, strict=True))
        return (f"ip access-list extended {acl.name}", *lines)
    middle = "extended " if generation in {Generation.ASA7, Generation.ASA83, Generation.ASA84} else ""
    places = [f"line {place} " if first else "" for place in range(1, len(entries) + 1)]
    return tuple(f"access-list {acl.name} {place}{middle}{entry}" for place, entry in zip(places, entries, strict=True))
