"""Pings with the DF bit set -> what the path carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.logtext import Message

ORDINARY = 1500  # bytes: what an Ethernet path carries
ROOM_FOR_IPSEC = 1350  # bytes: what a tunnel over an ordinary path carries at least

_SENDING = re.compile(r"^Sending [0-9]+, ([0-9]+)-byte ICMP Echos to ([^ ,]+),")
_RATE = re.compile(r"^Success rate is ([0-9]+) percent")
_DF = re.compile(r"^Set DF bit in IP header\? \[no\]: *([a-z]*)|(Packet sent with the DF bit set)")
_TOO_BIG = re.compile(r"frag\. needed and DF set|^[.!]*M[.M!]*$")


@dataclass(slots=True, kw_only=True)
class Sweep:
    """All pings to one destination. `passed` and `refused` map a size to the places of its lines."""

    destination: str
    passed: dict[int, list[int]] = field(default_factory=dict)
    refused: dict[int, list[int]] = field(default_factory=dict)

    @property
    def carries(self) -> int | None:
        """The largest size that passed."""
        return max(self.passed, default=None)

    @property
    def stops_at(self) -> int | None:
        """The smallest size that was refused as too big."""
        return min(self.refused, default=None)


def read_sweeps(messages: Sequence[Message]) -> tuple[Sweep, ...]:
    """The sweeps in which a size was refused because it must not be fragmented."""
    sweeps: dict[str, Sweep] = {}
    size: int | None = None
    destination, places, forbidden, too_big = "", [0], False, False
    for place, message in enumerate(messages):
        text = message.text
        if (found := _DF.match(text)) is not None:
            forbidden = bool(found[2]) or found[1].startswith("y")
        elif (found := _SENDING.match(text)) is not None:
            size, destination, places, too_big = int(found[1]), found[2], [place], False
        elif size is not None and _TOO_BIG.search(text):
            too_big = True
            if len(places) == 1:
                places.append(place)
        elif size is not None and (found := _RATE.match(text)) is not None:
            places.append(place)
            sweep = sweeps.setdefault(destination, Sweep(destination=destination))
            if too_big and found[1] == "0":
                sweep.refused[size] = places
            elif forbidden and found[1] != "0":
                sweep.passed[size] = places
            size, forbidden = None, False
    return tuple(sweep for sweep in sweeps.values() if sweep.refused)
