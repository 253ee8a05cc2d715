"""Nouns from the answers that support a configuration: routes, interfaces, software; each with its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING

from vpn_check.model.sa import Where
from vpn_check.model.shown import NoRoute, Shown, ShownInterface, ShownNat, ShownRoute, Software
from vpn_check.parse.device_clock import uptime_seconds
from vpn_check.parse.supporting.fields import Fields
from vpn_check.parse.supporting.routes import prefix_of

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

_ASKED = re.compile(r"^show (?:ip )?route(?: vrf (?P<vrf>\S+))?(?: (?P<address>[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+))?")
_NARROWED = re.compile(r"\||\b(?:static|connected|bgp|ospf|eigrp|rip|summary|isis|longer-prefixes|interface)\b")

SHOWN = frozenset({"show ip route", "show route", "show interface", "show nat", "show version"})
"""The supporting commands that give these nouns."""


@dataclass(slots=True)
class Collecting:
    """What a snapshot's answers have said so far."""

    routes: list[ShownRoute] = field(default_factory=list)
    no_routes: list[NoRoute] = field(default_factory=list)
    routes_whole: bool = False
    interfaces: list[ShownInterface] = field(default_factory=list)
    nat: list[ShownNat] = field(default_factory=list)
    software: Software | None = None

    def add(self, name: str, command: str, parsed: Parsed, source: int) -> None:
        """Add the answer to a command of `SHOWN`."""
        if name == "show version":
            self._software(parsed, source)
        elif name == "show interface":
            self._interfaces(parsed, source)
        elif name == "show nat":
            self._nat(parsed, source)
        else:
            self._routes(command, parsed, source)

    def shown(self) -> Shown | None:
        """All of it; None where nothing was said."""
        said = (self.routes, self.no_routes, self.routes_whole, self.interfaces, self.nat, self.software)
        if not any(said):
            return None
        return Shown(
            routes=tuple(self.routes),
            no_routes=tuple(self.no_routes),
            routes_whole=self.routes_whole,
            interfaces=tuple(self.interfaces),
            nat=tuple(self.nat),
            software=self.software,
        )

    def _routes(self, command: str, parsed: Parsed, source: int) -> None:
        words = _ASKED.match(command)
        asked = words["address"] if words is not None else None
        whole = asked is None and not _NARROWED.search(command) and not (words is not None and words["vrf"])
        self.routes_whole = self.routes_whole or (whole and bool(parsed.rows))
        for row, where in _rows(parsed, source):
            prefix = prefix_of(row)
            if row.has("ABSENT") and asked is not None:
                self.no_routes.append(NoRoute(asked=asked, where=where))
            if prefix is None or not row.has("HOP", "INTERFACE"):
                continue
            made = ShownRoute(
                prefix=ip_network(prefix),
                code=row.text("CODE") or row.text("VIA"),
                distance=None if row.has("CONNECTED") and not row.has("VIA") else row.number("DISTANCE"),
                next_hop=row.text("HOP"),
                interface=row.text("INTERFACE"),
                connected=row.has("CONNECTED"),
                vrf=row.text("TABLE") or (words["vrf"] if words is not None else None),
                asked=asked,
                where=where,
            )
            self.routes.append(made)

    def _interfaces(self, parsed: Parsed, source: int) -> None:
        for row, where in _rows(parsed, source):
            state, protocol = row.text("STATE"), row.text("PROTOCOL")
            self.interfaces.append(
                ShownInterface(
                    name=row.text("NAME") or "",
                    nameif=row.text("NAMEIF"),
                    up=state == "up" if state else None,
                    protocol_up=protocol == "up" if protocol else None,
                    shutdown=bool(state and state.startswith("admin")),
                    address=row.text("ADDRESS"),
                    mtu=row.number("MTU"),
                    tunnel_mtu=row.number("TUNNEL_MTU"),
                    where=where,
                )
            )

    def _nat(self, parsed: Parsed, source: int) -> None:
        for row, where in _rows(parsed, source):
            made = ShownNat(
                section=row.number("SECTION"),
                order=row.number("ORDER") or 0,
                real_interface=row.text("REAL"),
                mapped_interface=row.text("MAPPED"),
                text=row.text("TEXT"),
                hits=row.number("TRANSLATED"),
                back=row.number("UNTRANSLATED"),
                where=where,
            )
            self.nat.append(made)

    def _software(self, parsed: Parsed, source: int) -> None:
        found = [pair for pair in _rows(parsed, source) if pair[0].has("RELEASE", "XE_RELEASE", "IMAGE")]
        if not found:
            return
        row, where = found[0]
        self.software = Software(
            release=row.text("XE_RELEASE") or row.text("RELEASE"),
            image=row.text("IMAGE"),
            model=row.text("MODEL"),
            hostname=row.text("HOSTNAME"),
            des=_enabled(row.text("DES")),
            strong=_enabled(row.text("STRONG")),
            security=row.text("SECURITY"),
            throughput=row.number("THROUGHPUT"),
            vpn_peers=row.text("PEERS"),
            uptime=uptime_seconds(row.text("UPTIME") or ""),
            modified=row.text("MODIFIED"),
            where=where,
        )


def _enabled(word: str | None) -> bool | None:
    return word == "Enabled" if word is not None else None


def _rows(parsed: Parsed, source: int) -> list[tuple[Fields, Where]]:
    """Each row with the lines of its fields, by the names of the nouns' fields."""
    index = {name: slot for slot, name in enumerate(parsed.header)}
    found = []
    for row, at in zip(parsed.rows, parsed.at, strict=True):
        offsets = {
            name.lower(): at[slot]
            for name, slot in index.items()
            if row[slot] not in ("", []) and isinstance(at[slot], int)
        }
        found.append((Fields(index, row), Where(source=source, offsets=offsets)))
    return found
