"""Ping in the lab: destinations behind a hidden path MTU, asked in one line or in the dialogue of IOS (S35)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, Any

from vpn_check.errors import UsageError
from vpn_check.lab.grammar import Refusal, Refused
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

PING_FAULTS: dict[str, str] = {
    "blocked": "no packet is ever answered: ICMP is filtered",
    "black_hole": "what is too big vanishes without an ICMP error",
    "unreachable": "a router on the way answers that the destination is unreachable",
    "lossy": "every third packet is lost",
    "rate_limited": "every second packet that would be answered is not",
    "quench": "the path is congested and says so",
    "dies": "nothing is answered after the sixth packet",
    "shrinks": "after the fourth packet the path carries 100 bytes less",
    "fragments_lost": "packets that may be fragmented are lost when they are",
}
"""Each fault a destination can have, in a sentence."""
_SMALLEST, _LARGEST = 36, 18024
_ROW = 70
_DIES, _SHRINKS, _STEP = 6, 4, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PingTarget:
    """A destination.

    Args:
        mtu: the largest packet with the DF bit that arrives.
        own_mtu: what the device itself can send; larger packets vanish without a sign.
        fault: one of `PING_FAULTS`, or None.
        delay: seconds before each sign.
        flow: which flow of `show crypto ipsec sa` counts its packets, from 0; None: none.
    """

    mtu: int = 1500
    own_mtu: int = _LARGEST
    fault: str | None = None
    delay: float = 0.0
    flow: int | None = None

    def __post_init__(self) -> None:
        if self.fault is not None and self.fault not in PING_FAULTS:
            known = ", ".join(PING_FAULTS)
            raise UsageError(f"Unknown fault {self.fault!r} of a ping target.", hint=f"Known: {known}.")

    def sign(self, size: int, number: int, *, df: bool) -> str:
        """What is shown for the packet of this number (the first is 1) to this destination."""
        fault = self.fault
        if fault == "blocked" or (fault == "dies" and number > _DIES) or (fault == "lossy" and number % 3 == 0):
            return "."
        if fault in {"unreachable", "quench"}:
            return "U" if fault == "unreachable" else "Q"
        mtu = self.mtu - (_STEP if fault == "shrinks" and number > _SHRINKS else 0)
        if not df:
            return "." if fault == "fragments_lost" and size > mtu else "!"
        if size > self.own_mtu:
            return "."
        if size > mtu:
            return "." if fault == "black_hole" or number % 2 == 0 else "M"
        return "." if fault == "rate_limited" and number % 2 == 0 else "!"


NOWHERE = PingTarget(fault="blocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A ping as it was asked for."""

    to: str
    sizes: tuple[int, ...] = (100,)
    repeat: int = 5
    timeout: int = 2
    source: str | None = None
    df: bool = False

    @property
    def sent(self) -> tuple[int, ...]:
        """The size of each packet, in the order sent."""
        return self.sizes * self.repeat

    def announcement(self) -> Iterator[str]:
        """The lines before the signs."""
        size = str(self.sizes[0]) if len(self.sizes) == 1 else f"[{self.sizes[0]}..{self.sizes[-1]}]"
        yield "Type escape sequence to abort."
        yield (f"Sending {self.repeat * len(self.sizes)}, {size}-byte ICMP Echos to {self.to}, "
               f"timeout is {self.timeout} seconds:")  # fmt: skip
        if self.source:
            yield f"Packet sent with a source address of {self.source} "
        if self.df:
            yield "Packet sent with the DF bit set"


def rows(signs: str) -> list[str]:
    """Signs as the terminal wraps them, and the summary."""
    passed = signs.count("!")
    times = ", round-trip min/avg/max = 1/2/4 ms" if passed else ""
    return [*(signs[at : at + _ROW] for at in range(0, len(signs), _ROW)),
            f"Success rate is {passed * 100 // len(signs)} percent ({passed}/{len(signs)}){times}"]  # fmt: skip


def counted(text: str, added: Mapping[int, tuple[int, int]]) -> str:
    """`show crypto ipsec sa` with packets added to its flows: by flow, how many went out and came back."""
    seen = {"encaps": -1, "decaps": -1}

    def more(line: re.Match[str]) -> str:
        seen[line[1]] += 1
        out, back = added.get(seen[line[1]], (0, 0))
        plus = out if line[1] == "encaps" else back
        return re.sub(r"(: )([0-9]+)", lambda found: f"{found[1]}{int(found[2]) + plus}", line[0])

    return re.sub(r"#pkts (encaps|decaps): .*", more, text)


def is_ping(words: list[str]) -> bool:
    """Whether a line is a ping, abbreviated or not."""
    return bool(words) and len(words[0]) > 1 and "ping".startswith(words[0].lower())


def parse(line: str, platform: PlatformName, *, old: bool) -> Order | Refused:
    """Read a ping of one line.

    Args:
        line: as typed.
        platform: whose words are known.
        old: the release knows no options on one line.
    """
    router = platform in {PlatformName.IOS, PlatformName.IOSXE}
    words = line.split()[1:]
    if router and words[:1] == ["vrf"]:
        words = words[2:]
    elif not router and len(words) > 1 and not _address(words[0]):
        words = words[1:]   # the name of an interface
    if not words:
        return Refused(why=Refusal.INCOMPLETE, column=len(line))
    order, rest = Order(to=words[0]), words[1:]
    while rest:
        word = rest.pop(0)
        if old or not (taken := _option(word, rest, router=router)):
            return Refused(why=Refusal.INVALID, column=line.index(f" {word}") + 1)
        order = replace(order, **taken)
    return order


def _option(word: str, rest: list[str], *, router: bool) -> dict[str, Any]:
    if word == "df-bit" and router:
        return {"df": True}
    if word == "source" and router and rest:
        return {"source": rest.pop(0)}
    if word in {"size", "repeat", "timeout"} and rest and rest[0].isdigit():
        number = int(rest.pop(0))
        if word == "size":
            return {"sizes": (number,)} if _SMALLEST <= number <= _LARGEST else {}
        return {word: number}
    return {}


def _address(word: str) -> bool:
    try:
        IPv4Address(word)
    except AddressValueError:
        return False
    return True


class Dialogue:
    """Asks for a ping question by question, in the words of the platform.

    Args:
        ask: shows a question and returns the answer.
        say: shows a text.
        recent: the questions of IOS-XE; else those of IOS 12.
    """

    def __init__(self, ask: Callable[[str], Awaitable[str]], say: Callable[[str], None], *, recent: bool) -> None:
        self._ask = ask
        self._say = say
        self._recent = recent

    async def order(self, *, extended: bool) -> Order | None:
        """Have the whole dialogue; None: it was given up. `extended`: the mode is privileged."""
        await self._ask("Protocol [ip]: ")
        to = (await self._ask("Target IP address: ")).strip()
        if not _address(to):
            self._say("% Bad IP address\n")
            return None
        repeat = await self._number("Repeat count", 5, 1, 2147483647)
        size = await self._number("Datagram size", 100, _SMALLEST, _LARGEST)
        timeout = await self._number("Timeout in seconds", 2, 0, 3600)
        order = Order(to=to, repeat=repeat, sizes=(size,), timeout=timeout)
        if extended and await self._yes("Extended commands [n]: "):
            order = await self._extended(order)
        return order

    async def _extended(self, order: Order) -> Order:
        if self._recent:
            await self._ask("Ingress ping [n]: ")
        source = (await self._ask("Source address or interface: ")).strip() or None
        if self._recent:
            await self._ask("DSCP Value [0]: ")
        await self._ask("Type of service [0]: ")
        order = replace(order, source=source, df=await self._yes("Set DF bit in IP header? [no]: "))
        await self._ask("Validate reply data? [no]: ")
        await self._ask("Data pattern [0x0000ABCD]: " if self._recent else "Data pattern [0xABCD]: ")
        await self._ask("Loose, Strict, Record, Timestamp, Verbose[none]: ")
        if not await self._yes("Sweep range of sizes [n]: "):
            return order
        low = await self._number("Sweep min size", _SMALLEST, _SMALLEST, _LARGEST)
        high = await self._number("Sweep max size", _LARGEST, low, _LARGEST)
        step = await self._number("Sweep interval", 1, 1, _LARGEST)
        return replace(order, sizes=tuple(range(low, high + 1, step)))

    async def _number(self, question: str, default: int, low: int, high: int) -> int:
        """A number; what is none is asked for again, as devices do."""
        while True:
            answer = (await self._ask(f"{question} [{default}]: ")).strip()
            if not answer:
                return default
            if answer.isdigit() and low <= int(answer) <= high:
                return int(answer)
            self._say(f"% A decimal number between {low} and {high}.\n")

    async def _yes(self, question: str) -> bool:
        return (await self._ask(question)).strip().lower().startswith("y")
