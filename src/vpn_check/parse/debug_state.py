"""Answers of `show debugging`, `show crypto debug-condition` and the head of `show logging` -> facts.

Small line readers instead of templates: these answers are lists of single lines whose wording is the fact, and a line
that is not understood must be returned, since it may be a debug that is on.
"""

from __future__ import annotations

import re
from ipaddress import ip_network

from vpn_check.model.debug import DebugConditions, DebugList, LogLevels

_FRAME = re.compile(
    r"IOSXE (?:Conditional Debug|Packet Trac(?:e|ing)) Configs:|Conditional Debug Global State: Stop"
    r"|Packet Infra debugs:|Ip Address +Port|[-|]{10,}|[A-Z][^:]{0,60}:"
    r"|Crypto conditional debug .*|(?:IKE|IPSec|Crypto Engine) debug context .*flag.*|.*\bfilters:.*",
    re.IGNORECASE)
_TURNED = re.compile(r"Crypto conditional debug .*turned (?P<state>ON|OFF)", re.IGNORECASE)
_FLAG = re.compile(r"(?:IKE|IPSec|Crypto Engine) debug context .*flag\s*:\s*(?P<state>ON|OFF)", re.IGNORECASE)
_FILTERS = re.compile(r"(?P<what>.*\bfilters)\s*:\s*(?P<values>.*)", re.IGNORECASE)
_SESSION = re.compile(r"^(\d+)\s+\S+\s+[12]\.", re.MULTILINE)
_LOGGING = re.compile(r"^\s*(?P<to>Syslog|Console|Monitor|Buffer|Debug-trace) logging:\s*"
                      r"(?:level (?P<level>[a-z]+)|(?P<state>[a-z]+))", re.IGNORECASE | re.MULTILINE)


def debugs_on(text: str, line: re.Pattern[str]) -> DebugList:
    """Read the list of debugs that are on.

    Args:
        text: the answer, without echo and prompt.
        line: matches the line of one debug (a platform's table has it).
    """
    on: list[str] = []
    unread: list[str] = []
    for raw in text.splitlines():
        shown = raw.strip()
        if not shown:
            continue
        if line.match(shown):
            on.append(shown)
        elif not _FRAME.fullmatch(shown) and not _addresses(shown):
            unread.append(shown)
    return DebugList(on=tuple(on), unread=tuple(unread))


def debug_conditions(text: str) -> DebugConditions:
    """Read what restricts the crypto debugs."""
    peers: list[str] = []
    others: list[str] = []
    understood = False
    what = ""
    for raw in text.splitlines():
        shown = raw.strip()
        if _TURNED.search(shown) or _FLAG.search(shown):
            understood, what = True, ""
            continue
        head = _FILTERS.fullmatch(shown)
        if head is not None:
            what, shown = head["what"], head["values"].strip()
        if not shown:
            continue
        found = _addresses(shown)
        if found and ("peer" in what.lower() or not what):
            peers += found
        else:
            others.append(f"{what}: {shown}" if what else shown)
    return DebugConditions(peers=tuple(peers), others=tuple(others), understood=understood)


def _addresses(text: str) -> list[str]:
    """The words of a line that holds nothing but addresses and networks; none where it holds anything else."""
    words = text.replace(",", " ").split()
    for word in words:
        try:
            ip_network(word, strict=False)
        except ValueError:
            return []
    return words


def ssh_sessions(text: str) -> frozenset[int]:
    """The numbers of the sessions that an ASA lists."""
    return frozenset(int(found[1]) for found in _SESSION.finditer(text))


def log_levels(text: str) -> LogLevels:
    """Read where messages go from the head of `show logging`."""
    said: dict[str, str] = {}
    for found in _LOGGING.finditer(text):
        said.setdefault(found["to"].lower().replace("-", "_"), (found["level"] or found["state"]).lower())
    return LogLevels(**said)
