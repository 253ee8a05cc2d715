"""Stand-ins for the names of people, of hosts and of domains, and nothing left of free text.

Names are learned where a device says what they are (`hostname`, `username`, a prompt, an identity), and replaced
wherever they stand as a word. Names of crypto maps, lists, groups and profiles are not names of anybody: they stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_WORD = r"[\"']?(?P<name>[A-Za-z0-9][\w.@\\+-]*)"
_USERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:^|[#>:'\"]|\bno )\s*username {_WORD}",
        rf"\bsent-username {_WORD}",
        rf"\bppp chap hostname {_WORD}",
        rf"\b(?:vpdn|vpnclient|ezvpn) username {_WORD}",
        rf"\bsnmp-server user {_WORD}",
        rf"\b[Uu]sername\s*[:=]\s*{_WORD}",
        rf"\b[Uu]ser(?: ?= ?|: ?| name: ?| '| \"|\[){_WORD}",
        rf"\b[Ll]ogged command:.*\busername {_WORD}",
        rf"\bconfigured from \S+ by {_WORD} on\b",
        rf"\bUser {_WORD} logged in\b",
        rf"\buname {_WORD}",
    )
)
_HOSTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:^|[#>])\s*hostname (?P<name>[A-Za-z][\w.-]+)\s*$",
        (
            r"^\s{0,3}(?P<name>[A-Za-z][\w.\-]{0,62})(?:/[\w.\-]{1,40}){0,3}(?:\([\w -]{1,40}\))?[#>]\s*"
            r"(?:(?:sh|show|debug|un|undebug|ping|conf|clear|more|term|terminal|enable|exit|end|configure)\b.*)?$"
        ),
        r"^(?P<name>[A-Za-z][\w.-]+) (?:uptime is|up) \d",
        r"^\s*name [\d.]+ (?P<name>[\w.-]+)",
        r"\bDevice ID:\s*(?P<name>\S+)",
    )
)
_DOMAINS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bdomain[ -]name (?:vrf \S+ )?(?P<name>[A-Za-z0-9][\w.-]*)",
        r"\bfqdn(?: domain)? (?P<name>[A-Za-z0-9][\w.-]*)",
        r"\b(?:default-domain value|dns domain|domain) (?P<name>[A-Za-z0-9][\w-]*\.[\w.-]+)",
    )
)
_TOP = (
    "com|net|org|edu|gov|mil|int|info|biz|io|cloud|local|lan|corp|internal|intra|intern|home|priv|private|site|test|example|"
    "invalid|eu|de|at|ch|uk|fr|it|es|nl|be|pl|cz|se|no|dk|fi|us|ca|au|nz|jp|cn|in|br|ru|za|mx|ie|pt|gr|tr|il|ae|sg|hk|kr"
)
_FULL = re.compile(
    rf"(?<![\w.@/\\-])(?P<name>(?:[A-Za-z0-9_](?:[\w-]{{0,62}})\.){{1,6}}(?:{_TOP}))(?![\w-]|\.\w|\()", re.IGNORECASE
)
_PUBLIC = re.compile(r"(?:.*\.)?(?:cisco\.com|example\.(?:com|net|org))", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}\b")
_SUBJECT = re.compile(
    r"(?<![\w=])(?P<key>(?:cn|ou|o|l|st|c|e|ea|dc|uid|emailAddress|serialNumber|unstructuredName|hostname)\s?=\s?)(?P<name>\"[^\"]*\"|[^,;+/<>\r\n\"]{1,80}?)"
    r"(?=\s*(?:[,;+/<>\"]|$|\s\w+\s?=))",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?P<before>(?:^|[#>])\s*(?:description|remark|access-list\s\S+\sremark|snmp-server (?:location|contact|chassis-id)|"
    r"banner\s\S+|contact-email-addr|location|mail-server)\s)(?P<text>\S.*?)(?=\s*$)"
)
_SUBJECT_LINE = re.compile(r"\b(?:cn|ou|o|dc|dn|subject|issuer|e|ea)\s?=", re.IGNORECASE)
_MOST = 4000
_LONG = 4


@dataclass(slots=True)
class NameBook:
    """Stand-ins for names.

    Args:
        users: replace user names.
        hosts: replace host names, domains, mail addresses, subjects of certificates; remove descriptions and remarks.
        ordinary: words that may stand in any output; they are replaced only where a device says that they are names.
    """

    users: bool
    hosts: bool
    ordinary: Collection[str] = ()
    _given: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _everywhere: re.Pattern[str] | None = None
    _known: int = 0

    def pairs(self) -> dict[str, str]:
        """Every name that was replaced, with its stand-in."""
        return dict(self._given)

    def learn(self, line: str) -> None:
        """Note the names that a line says are names."""
        if self.users and _may_name_user(line):
            for pattern in _USERS:
                for match in pattern.finditer(line):
                    self._name(match["name"].rstrip(".,:;"), "user")
        if self.hosts:
            for pattern in _HOSTS:
                if (host := pattern.search(line)) is not None:
                    self._name(host["name"], "host")
            for pattern in _DOMAINS if "domain" in line or "fqdn" in line else ():
                if (domain := pattern.search(line)) is not None and not domain["name"].isdigit():
                    self._name(domain["name"].rstrip("."), "domain")

    def host(self, name: str) -> str:
        """The stand-in of a device's name, given by the inventory rather than by a device."""
        return self._name(name, "host") if self.hosts else name

    def redact(self, line: str) -> str:
        """The line with every name replaced."""
        if self.hosts:
            line = _FREE.sub(lambda match: f"{match['before']}<text removed>", line)
            if "@" in line:
                line = _MAIL.sub(lambda match: self._name(match[0], "mail"), line)
            if "=" in line and _SUBJECT_LINE.search(line):
                line = _SUBJECT.sub(self._subject, line)
            if "." in line:
                line = _FULL.sub(
                    lambda m: m[0] if _PUBLIC.fullmatch(m["name"]) else self._name(m["name"], "domain"), line
                )
        if self.users and _may_name_user(line):
            for pattern in _USERS:
                line = pattern.sub(lambda match: self._in_place(match, "user"), line)
        everywhere = self._pattern()
        return everywhere.sub(lambda match: self._given[match[0]], line) if everywhere is not None else line

    def _subject(self, match: re.Match[str]) -> str:
        name = match["name"].strip().strip('"')
        if not name or name.startswith(("subject-", "<", "(")) or re.fullmatch(r"[\d.:]+", name):
            return match[0]
        return f"{match['key']}{self._name(name, 'subject')}"

    def _in_place(self, match: re.Match[str], kind: str) -> str:
        start, end = match.start("name") - match.start(), match.end("name") - match.start()
        word = match["name"].rstrip(".,:;")
        return f"{match[0][:start]}{self._name(word, kind)}{match['name'][len(word) :]}{match[0][end:]}"

    def _name(self, name: str, kind: str) -> str:
        if re.fullmatch(r"[\d.:/]+|\*+", name) or name in self._given.values() or name.startswith("<"):
            return name
        if name not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._given[name] = f"{kind}-{self._counts[kind]}" + ("@mail" if kind == "mail" else "")
        return self._given[name]

    def _pattern(self) -> re.Pattern[str] | None:
        """All names that are replaced wherever they stand; made anew when there are more of them."""
        if self._known != len(self._given):
            self._known = len(self._given)
            words = [name for name in self._given if len(name) > 1 and name.lower() not in self.ordinary][:_MOST]
            words.sort(key=len, reverse=True)
            self._everywhere = re.compile("|".join(map(_bounded, words))) if words else None
        return self._everywhere


def _may_name_user(line: str) -> bool:
    return "ser" in line or "uname" in line or "hostname" in line or "configured from" in line


def _bounded(name: str) -> str:
    """A name as a word; a longer one also where it is part of another name (`map_alice`, `munich-fw1.log`)."""
    word = re.escape(name)
    return rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])" if len(name) >= _LONG else rf"(?<![\w.-]){word}(?![\w-])"
