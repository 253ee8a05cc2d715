"""From a captured text to sections, each about one thing: by prompts and echoes where there are any, else by content.

Log lines are lifted out of whatever they stand in. A line that says nothing about itself stays with what is around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from vpn_check.model.snapshot import Topic
from vpn_check.parse.commands import CANONICAL, TEMPLATES, resolve
from vpn_check.parse.engine import KEY, SHORT
from vpn_check.parse.templates import templates_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vpn_check.parse.clean import Line

MANY = 4096
"""Lines that a section may hold before it is offered to be read."""

READ_AHEAD = frozenset({*TEMPLATES, Topic.LOG})
"""What can be read before its end is known."""

_DIGITS = str.maketrans("123456789", "0" * 9)
_SHAPES = 20_000

_VERBS = (
    r"(?:sho?w?|debug|undebug|un? all|no|ping|traceroute|term\w*|conf\w*|clear|enable|en|exit|end|quit|logout|more|"
    r"packet-tracer|capture|write|wr|dir|copy|test|access-list|crypto|interface|ip|!)\b"
)
_PROMPT = re.compile(
    r"^\s{0,3}(?P<host>[A-Za-z][\w.\-]{0,62}(?:/[\w.\-]{1,40}){0,3})(?:\((?P<mode>[\w \-]{1,40})\))?(?P<level>[#>])"
    rf"\s*(?:(?P<command>{_VERBS}.*?)\s*)?$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\s{0,3}#?\s?(?P<command>(?:sh|sho|show)\s+(?:cry\w*|isa\w*|ipsec|vpn\S*|ver\w*|log\w*|run\S*|start\S*|dmvpn|ip|"
    r"int\w*|access-l\S*|route|nat|asp|clock)\b[\w ./:|^$_,()*?+-]{0,120})$",
    re.IGNORECASE,
)

_TYPED = re.compile(
    r"^\s{0,3}(?P<host>[A-Za-z][\w.\-]{0,62}(?:/[\w.\-]{1,40}){0,3})\((?P<mode>(?:conf|cfg)[\w \-]{0,40})\)#\s*(?P<command>.*)$"
)
"""A line typed in configuration mode: a statement of the configuration, as far as the device took it."""

_REFUSED = re.compile(r"\s*(?:% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown)|ERROR: )")

_TECH = re.compile(r"^-{4,}\s+(?P<command>show\s\S.{0,120}?)\s+-{4,}\s*$")
"""How `show tech-support` announces each command."""

_TOPIC = re.compile(
    r"""\s*(?:
  (?P<ipsec>interface:\s\S | peer\ address:\s\S | Crypto\ map\ tag: | (?:local|remote)\s+ident\s+\(addr | current_peer[\s:] |
     \#pkts\ (?:en|de)caps: | There\ are\ no\ ipsec\ sas | No\ SAs\ found | (?:in|out)bound\ (?:esp|ah|pcp)\ sas: |
     current\ (?:out|in)bound\ spi\s?: | protected\ vrf: )
 |(?P<ikev2>IPv[46]\ Crypto\ IKEv2\s+SA | IKEv2\ SAs: | There\ are\ no\ IKEv2\ SAs | Tunnel-id\s | Session-id:\s?[0-9]+,\ ?Status: )
 |(?P<ike>IPv[46]\ Crypto\ ISAKMP\ SA | dst\s+src\s+state\b | C-id\s+Local\s+Remote | IKEv1\ SAs: | Active\ SA:\s | Total\ IKE\ SA: |
     [0-9]+\s+IKE\ Peer: | There\ are\ no\ (?:IKEv1|isakmp)\ [sS][aA]s | Embryonic\s*:\s[0-9] | Total\s*:\s[0-9]+\s*$ |
     [0-9A-Fa-fXx][0-9A-Za-z.:]+\s+[0-9A-Fa-fXx][0-9A-Za-z.:]+\s+(?:OAK_)?(?:MM|AG|QM|CONF)_[A-Z_]+\s+[0-9]+\b )
 |(?P<engine>ID\s+(?:Interface\s+)?(?:Type|IP-Address)\s.*(?:Encrypt|Algorithm) | Crypto\ Engine\ Connections )
 |(?P<config>hostname\s\S | version\s[0-9] | (?:ASA|PIX)\ Version\s | Building\ configuration | Current\ configuration |
     (?:no\ )?crypto\ (?:isakmp|ikev1|ikev2)\ (?:policy|key|enable|proposal|profile|keyring|identity|keepalive|client|nat|dpd|invalid-spi-recovery|aggressive-mode)\b |
     crypto\ (?:keyring\s | (?:ca|pki)\ trustpoint\s) | object\ (?:network|service)\s | object-group\ (?:network|service|protocol|icmp-type)\s | nat-control\b |
     (?:nat|global|static)\ \([a-z] | ip\ nat\ (?:inside|outside|pool)\b | ip\ local\ pool\s | group-policy\s\S+\ (?:internal|external|attributes) | access-group\s\S+\ (?:in|out|global)\b |
     tunnel\ (?:source|destination|mode|protection|key)\s | ip\ nhrp\ (?:network-id|nhs|map|authentication)\s | route-map\s\S+\ (?:permit|deny)\s | same-security-traffic\s |
     crypto\ ipsec\ (?:ikev[12]\ )?(?:transform-set|ipsec-proposal|profile|security-association)\b | crypto\ (?:dynamic-)?map\s\S+\s[0-9] |
     crypto\ map\ \S+\ interface | tunnel-group\s\S+\s | router\s(?:ospf|eigrp|bgp)\b | ip\ access-list\s | service\ (?:timestamps|password) |
     nameif\s | isakmp\ (?:policy|key)\s | vpngroup\s | sysopt\s | set\ (?:peer|transform-set|ikev) | match\ address\s )
 |(?P<weak>access-list\s\S+\s(?:extended\s|line\s|remark\s|permit|deny) | interface\s\S+\s*$ | ip\ route\s | route\s\S+\s[0-9] | ip\ address\s )
)""",
    re.VERBOSE,
)
_STAMP = (
    r"(?:<[0-9]{1,3}>)?(?:[0-9]{1,9}: )?[*.]?(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s{1,2}[0-9]{1,2}\s|[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?:|"
    r"(?:[0-9]{1,3}[wydhWYDH]){2}:|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9])"
)
_LOG = re.compile(
    rf"""(?:>[ ]?)*\s*(?:
   {_STAMP.replace(" ", "[ ]")}
 | [0-7][|\t](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\ [0-9]{{1,2}}\ [0-9]{{4}}[|\t]
 | %[A-Z>][A-Z0-9_|>-]*-(?:[A-Za-z]+-)?[0-7]-[A-Z0-9_]+ | %(?:ASA|PIX|FTD)\S*-[0-9]{{6}}
 | ISAKMP(?:-(?:ERROR|PAK|AGGR))?\s?(?:[:(]|_TRANSACTION) | IPS[Ee][Cc]\s?\( | IKEv2(?:-[A-Z]+(?:-[0-9])?)?\s?:\s*[\(\[A-Za-z%:] | \[IKEv[12] | CRYPTO_ENGINE | CRYPTO\b.{{0,10}}:
 | crypto_isakmp_ | oakley_ | OAK_[AQM] | return\ status\ is\ IKMP | VPN\ Peer: | crypto_engine | HW_VPN-
 | CRYPTO_PKI: | NHRP(?:-[A-Z]+)?:\s | frag\.\s+needed | Secure\s+VPN\s+Connection
 | processing\ \S+\ payload | Checking\ IP[Ss][Ee][Cc]\ proposal | Checking\ ISAKMP | atts\ (?:are\ )?(?:not\ )?acceptable
 | SKEYID\ state | SA\ has\ been\ authenticated | \(key\ eng\.\ msg\.\) | reserved\s+not\s+zero | QM\s+FSM\s+error | Group\ =\ \S+,\ IP\ =
 | All\s+(?:IPSec\s+)?SA\s+proposals | proxy\s+identities\s+not | no\s+offers\s+accepted | ICMP:\ | Type\ escape\ sequence | Proposal\ [0-9]+:\s
 | [Rr]emote\s+peer\s+(?:is\s+)?no | invalid\s+local\s+address | peer\s+address\s+\S+\s+not\s+found | map_db_find_best | transform\s+proposal
)""",
    re.VERBOSE,
)
_SHOWN = {
    "ipsec": Topic.IPSEC_SA,
    "ikev2": Topic.IKEV2_SA,
    "ike": Topic.IKE_SA,
    "engine": Topic.ENGINE,
    "config": Topic.CONFIG,
}


@dataclass(slots=True)
class Section:
    """A run of lines about one topic. `host` is the name in the prompt above it; `asked` says a command stood there."""

    command: str
    topic: Topic
    host: str | None = None
    asked: bool = False
    lines: list[Line] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    typed: bool = False
    """The lines are statements typed in configuration mode."""
    answers: bool = False
    """The lines are what the device says to statements typed in configuration mode."""
    reading: object | None = None
    """What has been read of a long section already; whoever takes lines out of it keeps it here."""


def looks_like_log(text: str) -> bool:
    """Whether a line is one of a debug or of syslog by its own content."""
    return _LOG.match(text) is not None or ("%" in text and _MNEMONIC.search(text) is not None)


_MNEMONIC = re.compile(
    r"%>?(?:[A-Z][A-Z0-9_]*(?:\|ASA)?-(?:[A-Za-z]+-)?[0-7]-[A-Z0-9_]{3,}|(?:ASA|PIX)-[0-9]-?[0-9]{6})"
)


def split(
    lines: Iterable[Line],
    hint: tuple[str, Topic] | None = None,
    *,
    asked: bool = False,
    full: Callable[[Section], None] | None = None,
) -> list[Section]:
    """Cut a text into sections.

    Args:
        lines: cleaned lines with their numbers.
        hint: command and topic that the file name or the user gave; lines that say nothing else belong to it.
        asked: the hint is no guess: the text is the answer to this command, even where it is empty.
        full: is given a section of a known topic each time it holds many lines, and takes them out of it.
    """
    return _Splitter(hint, asked=asked, full=full).run(lines)


@cache
def _known(topic: Topic) -> frozenset[str]:
    """How lines begin that belong to a section of this topic and need no further look."""
    if topic is not Topic.IPSEC_SA:
        return frozenset()
    return frozenset().union(
        *(template.starts() for form in TEMPLATES[topic] for template in templates_for(None, form))
    )


class _Splitter:
    """Walks the lines once; `current` is the section that a line without a sign of its own belongs to."""

    def __init__(self, hint: tuple[str, Topic] | None, *, asked: bool, full: Callable[[Section], None] | None) -> None:
        self.full = full
        self.hint = hint
        self.known: frozenset[str] = frozenset()
        self.sections: list[Section] = []
        self.host: str | None = None
        self.logs: dict[str | None, Section] = {}
        self.after_log = False
        self.typed: dict[str | None, Section] = {}
        self.shapes: set[str] = set()
        """Lines of logs that were looked at, with all digits alike: what is printed alike needs no further look."""
        self.current = self._start(*(hint or ("", Topic.OTHER)), asked=asked)

    def _start(self, command: str, topic: Topic, *, asked: bool) -> Section:
        section = Section(command=command, topic=topic, host=self.host, asked=asked)
        self.known = _known(topic)
        self.sections.append(section)
        self.current = section
        return section

    def _log(self, line: Line) -> None:
        if self.current.topic is Topic.LOG:
            self.current.lines.append(line)
            if len(self.shapes) < _SHAPES:
                self.shapes.add(line[1].translate(_DIGITS))
            return
        if self.host not in self.logs:
            section = Section(command="log", topic=Topic.LOG, host=self.host)
            self.logs[self.host] = section
            self.sections.append(section)
        self.logs[self.host].lines.append(line)

    def run(self, lines: Iterable[Line]) -> list[Section]:
        known, held = self.known, self.current.lines
        for line in lines:
            if self.current.topic is Topic.LOG and line[1].translate(_DIGITS) in self.shapes:
                self.after_log = True
                held.append(line)
            else:
                start = line[1].lstrip()[:KEY]
                if start in known or start[:SHORT] in known:
                    held.append(line)
                    continue
                if start:
                    self._look(line)
            if len(held) >= MANY and self.full is not None and self.current.topic in READ_AHEAD:
                self.full(self.current)
            known, held = self.known, self.current.lines
        return [section for section in self.sections if section.lines or section.asked or section.reading is not None]

    def _look(self, line: Line) -> None:
        """Decide about a line that its section's template does not know by its beginning."""
        text = line[1]
        if (typed := _TYPED.match(text)) is not None:
            self._configured(line[0], typed)
            return
        prompt = _PROMPT.match(text)
        if prompt is not None and (prompt["command"] or self._is_prompt(prompt)):
            self._prompt(prompt)
        elif (bare := _BARE.match(text) or _TECH.match(text)) is not None:
            self._command(bare["command"])
        else:
            self._content(line, text)

    @staticmethod
    def _is_prompt(prompt: re.Match[str]) -> bool:
        return (
            prompt["level"] == "#"
            or prompt["host"][0].isupper()
            or "-" in prompt["host"]
            or prompt["host"][-1].isdigit()
        )

    def _configured(self, number: int, typed: re.Match[str]) -> None:
        """Add a typed statement to the configuration, indented as its mode says."""
        self._host(typed["host"])
        mode, command = typed["mode"], typed["command"].strip()
        if command.startswith("do "):
            self._command(command[3:])
            return
        if self.host not in self.typed:
            self.typed[self.host] = self._start(CANONICAL[Topic.CONFIG], Topic.CONFIG, asked=False)
            self.typed[self.host].typed = True
        depth = 0 if mode.strip() in {"config", "conf"} else 2 if mode.endswith("-peer") else 1
        if command not in {"", "exit", "end"}:
            self.typed[self.host].lines.append((number, f"{' ' * depth}{command}"))
        self._start("", Topic.OTHER, asked=False).answers = True

    def _prompt(self, prompt: re.Match[str]) -> None:
        self._host(prompt["host"])
        command = prompt["command"]
        if command:
            self._command(command)
        elif self.current.asked or self.current.topic is Topic.CONFIG:
            self._start("", Topic.OTHER, asked=False)

    def _host(self, host: str) -> None:
        """Take the name in a prompt for that of the device."""
        if self.host is None and not any(section.host for section in self.sections):
            for section in self.sections:  # what stood above the first prompt is from the same device
                section.host = host
            self.logs = dict.fromkeys([host], *self.logs.values()) if self.logs else {}
        self.host = host

    def _command(self, typed: str) -> None:
        command, topic = resolve(typed.strip())
        self._start(command, topic, asked=True)

    def _answer(self, line: Line, text: str) -> None:
        """What a device says to a typed statement. A statement that it refuses is none."""
        lines = self.typed[self.host].lines
        if _REFUSED.match(text) and lines:
            lines.pop()
        elif not text.startswith((" ", "%", "WARNING", "INFO", "Enter configuration")):
            self.current.answers = False
            self._content(line, text)

    def _content(self, line: Line, text: str) -> None:
        if self.current.answers:
            self._answer(line, text)
            return
        sign = _TOPIC.match(text)
        kind = sign.lastgroup if sign else None
        if kind is None or kind == "weak":
            if looks_like_log(text):
                self.after_log = True
                if not self.current.asked and self.current.topic in {Topic.OTHER, Topic.CONFIG} and self.hint is None:
                    self._start("log", Topic.LOG, asked=False)
                self._log(line)
                return
            if (
                kind == "weak"
                and not self.current.asked
                and self.current.topic in {Topic.OTHER, Topic.LOG}
                and (self.hint is None or self.hint[1] is Topic.CONFIG)
            ):
                self._start(CANONICAL[Topic.CONFIG], Topic.CONFIG, asked=False)
            elif self.after_log and text[:1] in " \t" and self.current.topic is Topic.OTHER and self.logs:
                self._log(line)
                return
            self.current.lines.append(line)
            return
        self.after_log = False
        topic = _SHOWN[kind]
        if self._switches(topic):
            named = self.hint if self.hint and self.hint[1] is topic else (CANONICAL[topic], topic)
            self._start(named[0], topic, asked=False)
        self.current.lines.append(line)

    def _switches(self, topic: Topic) -> bool:
        """Whether a line with this sign opens a section of its own."""
        now = self.current
        if now.topic is topic:
            return False
        ike = {Topic.IKE_SA, Topic.IKEV2_SA}
        if now.asked or (
            self.hint is not None and now.topic is self.hint[1] and now.topic in {Topic.CONFIG, Topic.OTHER}
        ):
            return now.topic in ike and topic in ike
        return True
