"""Blocks of addresses and of packets: how sets are written down, in words and as access list entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from vpn_check.model import decision
from vpn_check.model.decision import Node

WIDTH = {4: 32, 6: 128}
"""Bits of an address by version."""
END = 128
"""Addresses end at this bit, so that both versions share their places."""
DESTINATION, PROTOCOL, SOURCE_PORT, DESTINATION_PORT, ICMP = 128, 256, 264, 280, 296
"""Where the fields of a packet begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Addresses that equal `value` where `care` is set: `10.1.0.0/16`, `any`, or `10.0.0.5 mask 255.0.0.255`."""

    version: int
    value: int
    care: int

    def __str__(self) -> str:
        width = WIDTH[self.version]
        length = self.care.bit_count()
        kind = IPv4Address if self.version == 4 else IPv6Address  # noqa: PLR2004  IPv4
        if self.care == ((1 << length) - 1) << (width - length):
            if length == 0:
                return "any" if self.version == 4 else "any6"  # noqa: PLR2004  IPv4
            return str(kind(self.value)) if length == width else f"{kind(self.value)}/{length}"
        return f"{kind(self.value)} mask {kind(self.care)}"

    def as_entry(self, *, wildcard: bool) -> str:
        """As an access list writes it: `host A`, `any`, address and wildcard (routers) or netmask (ASA, PIX)."""
        width = WIDTH[self.version]
        full = (1 << width) - 1
        kind = IPv4Address if self.version == 4 else IPv6Address  # noqa: PLR2004  IPv4
        if self.care == 0:
            return "any"
        if self.care == full:
            return f"host {kind(self.value)}"
        if self.version == 6:  # noqa: PLR2004  IPv6
            return str(self)
        return f"{kind(self.value)} {kind(full & ~self.care if wildcard else self.care)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A block of packets. `protocol`, ports and `icmp` are None where they may be anything."""

    source: Block
    destination: Block
    protocol: int | None = None
    source_ports: tuple[int, int] | None = None
    destination_ports: tuple[int, int] | None = None
    icmp: tuple[int, int] | None = None

    def __str__(self) -> str:
        return self.between(str(self.source), str(self.destination))

    def between(self, source: str, destination: str) -> str:
        """The flow in words, with other words for its ends."""
        word = "ip" if self.protocol is None else _PROTOCOL_WORDS.get(self.protocol, f"protocol {self.protocol}")
        ports = (_ports_text(self.source_ports), _ports_text(self.destination_ports))
        return f"{word} {source}{ports[0]} -> {destination}{ports[1]}"

    def as_entry(self, *, wildcard: bool) -> str:
        """As an access list entry writes it behind `permit`: with wildcards (routers) or netmasks (ASA, PIX)."""
        word = "ip" if self.protocol is None else _PROTOCOL_WORDS.get(self.protocol, str(self.protocol))
        parts = [
            word,
            self.source.as_entry(wildcard=wildcard),
            _port_words(self.source_ports),
            self.destination.as_entry(wildcard=wildcard),
            _port_words(self.destination_ports),
        ]
        return " ".join(part for part in parts if part)


_PROTOCOL_WORDS = {1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "icmp6"}


def _ports_text(ports: tuple[int, int] | None) -> str:
    if ports is None:
        return ""
    return f" port {ports[0]}" if ports[0] == ports[1] else f" ports {ports[0]}-{ports[1]}"


def _port_words(ports: tuple[int, int] | None) -> str:
    if ports is None:
        return ""
    return f"eq {ports[0]}" if ports[0] == ports[1] else f"range {ports[0]} {ports[1]}"


def service_flows(source: Block, destination: Block, service: Node) -> Iterator[Flow]:
    """The blocks of packets between two blocks of addresses, of the protocols and ports behind them."""
    for protocol, behind in decision.branches(service, PROTOCOL, 8):
        for source_ports, rest in decision.branches(behind, SOURCE_PORT, 16):
            for destination_ports, icmp in decision.branches(rest, DESTINATION_PORT, 16):
                for kind, _ in decision.branches(icmp, ICMP, 16):
                    yield Flow(
                        source=source,
                        destination=destination,
                        protocol=protocol[0] if protocol[1] == 0xFF else None,  # noqa: PLR2004  all bits of it
                        source_ports=_span(source_ports),
                        destination_ports=_span(destination_ports),
                        icmp=kind if kind[1] else None,
                    )


def _span(ports: tuple[int, int]) -> tuple[int, int] | None:
    value, care = ports
    return (value, value | ~care & 0xFFFF) if care else None
