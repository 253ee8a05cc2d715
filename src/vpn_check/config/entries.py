"""Access list entries from their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vpn_check.config import services
from vpn_check.config.addresses import Names, address, host, take
from vpn_check.model.config import AccessEntry, AddressKind, AddressSpec, ConfigSource, PortSpec, Statement

_NOWHERE = Statement(line=0, text="", source=ConfigSource(command=""))
"""Stands in an entry until it is complete."""
ANY = AddressSpec(kind=AddressKind.ANY, text="any")
_OPERATORS = {"eq", "neq", "gt", "lt", "range"}
_HITS = re.compile(r"\s*\(hitcnt=(\d+)\)|\s*\((\d+) match(?:es)?\)")
_HASH = re.compile(r"\s+0x[0-9a-f]{6,8}\s*$")
_WITH_PORTS = {6, 17, 132}
_TOP = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an entry is read with: wildcards or netmasks, and what the names in it are."""

    wildcard: bool
    names: Names
    group_kinds: Mapping[str, str]
    """Kind of each object-group, `service object` for service objects."""


def read_entry(words: list[str], statement: Statement, kind: str, reading: Reading) -> AccessEntry | None:
    """Read an entry from `permit` on. None where the words are no entry.

    What `evaluate` (reflexive) and `dynamic` (lock-and-key) let pass depends on traffic: a permit not understood.
    """
    words, hits = _without_hits(words)
    sequence = None
    if len(words) > 1 and words[0] == "line" and words[1].isdigit():
        sequence, words = int(words[1]), words[2:]
    if len(words) > 1 and words[0] == "sequence" and words[1].isdigit():
        sequence, words = int(words[1]), words[2:]
    if words and words[0].isdigit():
        sequence, words = int(words[0]), words[1:]
    if len(words) > 1 and words[0] in {"evaluate", "dynamic"}:
        return AccessEntry(
            permit=True, statement=statement, source=ANY, destination=ANY, sequence=sequence,
            conditions=tuple(words[:2]), understood=False,
        )
    if not words or words[0] not in {"permit", "deny", "remark"}:
        return None
    if words[0] == "remark":
        return AccessEntry(
            permit=None, statement=statement, source=ANY, destination=ANY, sequence=sequence, remark=" ".join(words[1:])
        )
    made = _Entry(words[1:], reading)
    entry = made.standard() if kind == "standard" else made.extended()
    return replace(entry, permit=words[0] == "permit", statement=statement, sequence=sequence, hits=hits)


def _without_hits(words: list[str]) -> tuple[list[str], int | None]:
    text = " ".join(words).replace(", wildcard bits ", " ")
    if "(" not in text:
        return text.split(), None
    state = "" if "time-range" in text else "inactive"  # a time range has a state of its own
    text = text.replace("(inactive)", state).replace("(active)", "")
    found = _HITS.search(text)
    if found is None:
        return text.split(), None
    return _HASH.sub("", _HITS.sub("", text)).split(), int(found[1] or found[2])


class _Entry:
    """Reads the words of one entry from left to right."""

    def __init__(self, words: list[str], reading: Reading) -> None:
        self.words = words
        self.reading = reading
        self.understood = True

    def standard(self) -> AccessEntry:
        source = self._address()
        entry = AccessEntry(permit=None, statement=_NOWHERE, source=source, destination=ANY)
        return self._conditions(entry)

    def extended(self) -> AccessEntry:
        protocol, text, group = self._protocol()
        source = self._address()
        source_ports = self._ports(protocol)
        destination = self._address()
        destination_ports = self._ports(protocol)
        icmp, icmp_group = self._icmp(protocol)
        entry = AccessEntry(
            permit=None,
            statement=_NOWHERE,
            protocol=protocol,
            protocol_text=text,
            protocol_group=group,
            source=source,
            destination=destination,
            source_ports=source_ports,
            destination_ports=destination_ports,
            icmp=icmp,
            icmp_group=icmp_group,
        )
        return self._conditions(entry)

    def _protocol(self) -> tuple[int | None, str, str | None]:
        word = self._next()
        if word in {"object-group", "object"}:
            name = self._next()
            return None, f"{word} {name}", name
        known, number = services.protocol(word)
        if not known:
            self.understood = False
        return number, word, None

    def _next(self) -> str:
        if not self.words:
            self.understood = False
            return ""
        word, self.words = self.words[0], self.words[1:]
        return word

    def _address(self) -> AddressSpec:
        found = take(self.words, self.reading.names, wildcard=self.reading.wildcard)
        if found is None:
            self.understood = False
            word = self._next()
            return AddressSpec(kind=AddressKind.UNKNOWN, text=word, name=word)
        self.words = self.words[found[1] :]
        return found[0]

    def _ports(self, protocol: int | None) -> PortSpec | None:
        if not self.words:
            return None
        word = self.words[0]
        if word in _OPERATORS and protocol in _WITH_PORTS:
            return self._operator()
        if word == "object-group" and len(self.words) > 1:
            kind = self.reading.group_kinds.get(self.words[1])
            if kind == "service" and protocol in _WITH_PORTS:
                name = self.words[1]
                self.words = self.words[2:]
                return PortSpec(group=name, text=f"object-group {name}")
        return None

    def _operator(self) -> PortSpec:
        operator = self._next()
        taken: list[int] = []
        most = {"range": 2, "gt": 1, "lt": 1}.get(operator, 16)
        while self.words and len(taken) < most and (number := services.port(self.words[0])) is not None:
            taken.append(number)
            self._next()
        text = f"{operator} {' '.join(map(str, taken))}"
        if not taken or (operator == "range" and len(taken) < 2):  # noqa: PLR2004  two ends
            self.understood = False
            self._next()
            return PortSpec(ranges=((0, _TOP),), text=text)
        return PortSpec(ranges=port_ranges(operator, taken), text=text)

    def _icmp(self, protocol: int | None) -> tuple[tuple[int, int | None] | None, str | None]:
        if protocol not in {1, 58} or not self.words:
            return None, None
        table = services.ICMP_TYPES if protocol == 1 else services.ICMP6_TYPES
        word = self.words[0]
        if word == "object-group" and len(self.words) > 1:
            self.words = self.words[2:]
            return None, "object-group"
        if word in table:
            self._next()
            return table[word], None
        if word.isdigit() and int(word) <= 0xFF:  # noqa: PLR2004  8 bits
            kind = int(self._next())
            code = int(self._next()) if self.words and self.words[0].isdigit() else None
            return (kind, code), None
        return None, None

    def _conditions(self, entry: AccessEntry) -> AccessEntry:
        conditions: list[str] = []
        inactive, log, time_range = False, False, None
        words = self.words
        place = 0
        while place < len(words):
            word = words[place]
            if word == "inactive":
                inactive = True
            elif word in {"log", "log-input"}:
                log = True
            elif word == "time-range" and place + 1 < len(words):
                time_range = words[place + 1]
                place += 1
            elif not (log and (word.isdigit() or word in _LOG_WORDS)):
                conditions.append(word)
            place += 1
        return replace(
            entry,
            inactive=inactive,
            log=log,
            time_range=time_range,
            conditions=tuple(conditions),
            understood=self.understood,
        )


_LOG_WORDS = {
    "interval", "disable", "default", "emergencies", "alerts", "critical", "errors", "warnings", "notifications",
    "informational", "debugging",
}  # fmt: skip


def port_ranges(operator: str, numbers: list[int]) -> tuple[tuple[int, int], ...]:
    """The ranges that an operator and its numbers mean."""
    first = numbers[0]
    if operator == "eq":
        return tuple((number, number) for number in numbers)
    if operator == "range":
        return ((min(numbers), max(numbers)),)
    if operator == "gt":
        return ((first + 1, _TOP),) if first < _TOP else ()
    if operator == "lt":
        return ((0, first - 1),) if first else ()
    spans, start = [], 0
    for number in sorted(set(numbers)):
        if number > start:
            spans.append((start, number - 1))
        start = number + 1
    return (*spans, (start, _TOP)) if start <= _TOP else tuple(spans)


def standard_number(name: str) -> bool:
    """Whether a numbered list of a router is a standard one."""
    return name.isdigit() and (int(name) < 100 or 1300 <= int(name) < 2000)  # noqa: PLR2004  Cisco's number ranges


def lone_host(word: str, names: Names) -> AddressSpec | None:
    """A bare address as a host."""
    return host(word, word, names) if address(word) is not None or word in names else None
