"""How a ping with a given size is asked for: in one line, and in the dialogue of `ping` alone (IOS, S35).

Sources: Cisco IOS command references, `ping` and `ping (privileged)`: size is the whole IP packet, 36 to 18024 bytes;
`df-bit` and `source` on one line since 12.0 to 12.4, depending on the train. The ASA's `ping` has no DF bit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ADDRESS = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}"
_SIZE = r"size [0-9]{2,5}"
_REPEAT = r"repeat (?:10|[1-9])"
_TIMEOUT = r"timeout [1-5]"

ONE_LINE = (
    re.compile(rf"ping (?:vrf {_NAME} )?{ADDRESS}(?: source {_NAME})? {_SIZE} df-bit {_REPEAT} {_TIMEOUT}"),
    re.compile(rf"ping (?:{_NAME} )?{ADDRESS} {_SIZE} {_REPEAT} {_TIMEOUT}"),
)
"""All that a probe may be: few packets, each with a bounded wait; with the DF bit on IOS, without on ASA."""

OPENING = re.compile(rf"ping(?: vrf {_NAME})?")
"""What opens the dialogue. Only a session that goes on with the dialogue may write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the dialogue.

    `answer` is a fixed text, or the name of a field of the probe in braces; an empty one takes the default. `decides`
    is set on the question without which the probe would not be what was meant.
    """

    pattern: re.Pattern[str]
    answer: str = ""
    decides: bool = False


def _question(text: str, answer: str = "", *, decides: bool = False) -> Question:
    return Question(pattern=re.compile(rf"(?:^|\n) *{text} *\Z", re.IGNORECASE), answer=answer, decides=decides)


DIALOGUE: tuple[Question, ...] = (
    _question(r"Protocol \[ip\]:"),
    _question(r"Target IP address:", "{to}"),
    _question(r"Repeat count \[[0-9]+\]:", "{repeat}"),
    _question(r"Datagram size \[[0-9]+\]:", "{size}"),
    _question(r"Timeout in seconds \[[0-9]+\]:", "{timeout}"),
    _question(r"Extended commands\?? ?\[(?:n|no)\]:", "y"),
    _question(r"Ingress ping \[n\]:"),
    _question(r"Source address(?: or interface)?:", "{source}"),
    _question(r"DSCP Value \[[0-9]+\]:"),
    _question(r"Type of service \[[0-9]+\]:"),
    _question(r"Set DF bit in IP header\?? ?\[no\]:", "y", decides=True),
    _question(r"Validate reply data\? ?\[no\]:"),
    _question(r"Data pattern \[0x[0-9A-F]+\]:"),
    _question(r"Loose, Strict, Record, Timestamp, Verbose ?\[none\]:"),
    _question(r"Sweep range of sizes \[n\]:", "{walk}"),
    _question(r"Sweep min size \[[0-9]+\]:", "{low}"),
    _question(r"Sweep max size \[[0-9]+\]:", "{high}"),
    _question(r"Sweep interval \[[0-9]+\]:", "{step}"),
)
"""The questions of IOS and IOS-XE, in the order they come; a release asks a subset of them. No other is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PingForm:
    """How a platform pings.

    `line` has the fields {vrf}, {interface}, {to}, {source}, {size}, {repeat}, {timeout}; the first two and the source
    with their keyword and blank, or empty. `df`: the DF bit can be set. `silence`: signs that mean "no reply".
    """

    line: str
    df: bool
    silence: str
    dialogue: tuple[Question, ...] = field(default=())


ROUTER_PING = PingForm(
    line="ping {vrf}{to} {source}size {size} df-bit repeat {repeat} timeout {timeout}",
    df=True,
    silence=".",
    dialogue=DIALOGUE,
)
FIREWALL_PING = PingForm(
    line="ping {interface}{to} size {size} repeat {repeat} timeout {timeout}", df=False, silence="?.",
)  # fmt: skip
