"""Pings with the DF bit set -> what the path carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message

ORDINARY = 1500  # bytes: what an Ethernet path carries
ROOM_FOR_IPSEC = 1350  # bytes: what a tunnel over an ordinary path carries at least

PING_WORDS = (
    "-byte ICMP Echos to ",
    "Success rate is ",
    "Set DF bit in IP header",
    "DF bit set",
    "frag. needed and DF set",
)
PING_LINE = re.compile(r"^[.!]*M[.M!]*$")
_SENDING = re.compile(r"^Sending [0-9]+, ([0-9]+)-byte ICMP Echos to ([^ ,]+),")
_RATE = re.compile(r"^Success rate is ([0-9]+) percent")
_DF = re.compile(r"^Set DF bit in IP header\? \[no\]: *([a-z]*)|(Packet sent with the DF bit set)")
_TOO_BIG = re.compile(rf"frag\. needed and DF set|{PING_LINE.pattern}")
_MOST_DESTINATIONS = 200


@dataclass(slots=True, kw_only=True)
class Sweep:
    """All pings to one destination. `passed` and `refused` map a size to its lines."""

    destination: str
    passed: dict[int, list[Message]] = field(default_factory=dict)
    refused: dict[int, list[Message]] = field(default_factory=dict)

    @property
    def carries(self) -> int | None:
        """The largest size that passed."""
        return max(self.passed, default=None)

    @property
    def stops_at(self) -> int | None:
        """The smallest size that was refused as too big."""
        return min(self.refused, default=None)


class Sweeps:
    """Takes messages; knows the sweeps in which a size was refused because it must not be fragmented."""

    def __init__(self) -> None:
        self._sweeps: dict[str, Sweep] = {}
        self._size: int | None = None
        self._destination = ""
        self._lines: list[Message] = []
        self._forbidden = self._too_big = False

    def take(self, message: Message) -> None:
        """Note what this message tells of a ping."""
        text = message.text
        if (found := _DF.match(text)) is not None:
            self._forbidden = bool(found[2]) or found[1].startswith("y")
        elif (found := _SENDING.match(text)) is not None:
            self._size, self._destination = int(found[1]), found[2]
            self._lines, self._too_big = [message], False
        elif self._size is not None and _TOO_BIG.search(text):
            self._too_big = True
            if len(self._lines) == 1:
                self._lines.append(message)
        elif self._size is not None and (found := _RATE.match(text)) is not None:
            self._close([*self._lines, message], found[1] == "0")

    def _close(self, lines: list[Message], lost: bool) -> None:  # noqa: FBT001  the two ways a ping ends
        size = self._size or 0
        if len(self._sweeps) < _MOST_DESTINATIONS or self._destination in self._sweeps:
            sweep = self._sweeps.setdefault(self._destination, Sweep(destination=self._destination))
            if self._too_big and lost:
                sweep.refused[size] = lines
            elif self._forbidden and not lost:
                sweep.passed[size] = lines
        self._size, self._forbidden = None, False

    def refused(self) -> tuple[Sweep, ...]:
        """The sweeps that found a limit."""
        return tuple(sweep for sweep in self._sweeps.values() if sweep.refused)
