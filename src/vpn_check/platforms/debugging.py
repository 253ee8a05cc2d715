"""Debugs as a platform has them: what switches each on and off, what proves it off, and where its output goes.

A release that speaks otherwise has a table of its own. Facts: Cisco "Crypto Conditional Debug Support" (IOS), Cisco
document 200365 (the debugs of an ASA belong to a session), the command references of PIX 6.1 and ASA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from vpn_check.platforms.ping import Question

PEER = "{peer}"
LEVEL = "{level}"
DEFAULT_LEVEL = 127
"""The level of ASA and PIX 7 debugs at which IKE says why it refuses, short of packet dumps (254 and 255)."""
LEVELS = range(1, 255)
LAST_CONDITION = Question(pattern=re.compile(r"Proceed with removal\? \[yes/no\]: ?\Z"), answer="yes")
"""What IOS asks when the last condition is taken away: without one, debugs that are on would flood."""
IOS_DEBUG_LINE = re.compile(r"\S.* (?:is|are) (?:on|enabled)\b", re.IGNORECASE)
ASA_DEBUG_LINE = re.compile(r"debug \S", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One debug. `shown` matches its line in the device's list of debugs; `{level}` is filled in.

    `needed` False: where the release does not know it, the others are worth having. `usual` False: only on request.
    """

    name: str
    on: str
    off: str
    shown: re.Pattern[str]
    needed: bool = False
    usual: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DebugForms:
    """The debugs of one platform from the release `since` on.

    `condition` and `condition6` restrict them to one peer (on, off), None where the release cannot. `view` shows them
    on a session (on, off), None where they show up by themselves. `per_session`: a debug belongs to the session that
    switched it on, is seen there only and ends with it; else it belongs to the device and outlives every session.
    `listed` lists the debugs that are on, `conditions` the conditions, `sessions` who is logged in. `history` is read
    before anything is switched on, `cpu` while it is on. `persistent` is the command, and the line in its answer by
    which debugs outlive their session.
    """

    since: tuple[int, int] = (0, 0)
    switches: tuple[Switch, ...]
    condition: tuple[str, str] | None
    condition6: tuple[str, str] | None = None
    view: tuple[str, str] | None = None
    per_session: bool
    listed: str
    line: re.Pattern[str]
    conditions: str | None
    sessions: str | None = None
    history: tuple[str, ...]
    logging: str = "show logging"
    persistent: tuple[str, str] | None = None
    cpu: str
    has_levels: bool = False

    def condition_for(self, peer: str) -> tuple[str, str] | None:
        """The condition for a peer, switched on and off; None where there is none for such an address."""
        address = ip_address(peer)
        forms = self.condition6 if isinstance(address, IPv6Address) else self.condition
        return None if forms is None else (forms[0].replace(PEER, str(address)), forms[1].replace(PEER, str(address)))

    def lines(self) -> tuple[str, ...]:
        """Every form of a line that may be sent to switch debugs, with `{peer}` and `{level}` in their places."""
        pairs = [(switch.on, switch.off) for switch in self.switches]
        pairs += [pair for pair in (self.condition, self.condition6, self.view) if pair is not None]
        return tuple(line for pair in pairs for line in pair)


def forms_for(tables: tuple[DebugForms, ...], release: tuple[int, int] | None) -> DebugForms:
    """The table of a release; where the release is not known, the newest."""
    newest_first = sorted(tables, key=lambda table: table.since, reverse=True)
    if release is None:
        return newest_first[0]
    return next((table for table in newest_first if table.since <= release), newest_first[-1])


def ios_switch(name: str, shown: str, *, usual: bool = True) -> Switch:
    """A debug of IOS and IOS-XE."""
    return Switch(name=name, on=f"debug crypto {name}", off=f"no debug crypto {name}",
                  shown=re.compile(rf"{shown} (?:debugging|tracing) (?:is|are) on\b", re.IGNORECASE), usual=usual)


def asa_switch(name: str, words: str, *, level: bool = True, usual: bool = True) -> Switch:
    """A debug of ASA and PIX: `words` stand behind `debug crypto`."""
    return Switch(name=name, on=f"debug crypto {words}{f' {LEVEL}' if level else ''}", off=f"no debug crypto {words}",
                  shown=re.compile(rf"debug crypto {words}(?=\s|$)", re.IGNORECASE), usual=usual)


IOS_FORMS = DebugForms(
    switches=(
        ios_switch("isakmp", "Crypto ISAKMP"),
        ios_switch("ikev2", r"(?:Crypto )?IKEv2(?: [a-z]+)*"),
        ios_switch("ipsec", "Crypto IPSEC"),
        ios_switch("engine", "Crypto Engine", usual=False),
    ),
    condition=(f"debug crypto condition peer ipv4 {PEER}", f"no debug crypto condition peer ipv4 {PEER}"),
    condition6=(f"debug crypto condition peer ipv6 {PEER}", f"no debug crypto condition peer ipv6 {PEER}"),
    view=("terminal monitor", "terminal no monitor"),
    per_session=False,
    listed="show debugging",
    line=IOS_DEBUG_LINE,
    conditions="show crypto debug-condition",
    history=("show clock", "show logging", "show crypto ikev2 diagnose error"),
    cpu="show processes cpu | include CPU utilization",
)
