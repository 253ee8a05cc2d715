"""The forms in which one and the same message reaches a reader."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_STAMPED = re.compile(
    r"[*.]?[A-Z][a-z]{2} {1,2}[0-9]{1,2} |[0-9]{1,3}[dwy][0-9]{1,2}[hHdw]:|[0-9]{2}:[0-9]{2}:[0-9]{2}|<[0-9]"
)
_ISAKMP = re.compile(r"^ISAKMP(?:-[A-Z]+)?:? ?\([0-9:]+\)[:;]? ?", re.MULTILINE)
_IKEV2 = re.compile(
    r"^IKEv2(?:-(?:ERROR|PROTO-[0-9]))?: ?\((?:SESSION ID = [0-9]+,)?(?:SA ID = )?[0-9]+\): ?", re.MULTILINE
)
_SYSLOG = re.compile(r"%(PIX\|ASA|[A-Z0-9_]+)-([0-9])-")
_ASA = re.compile(r"%(?:PIX\|)?(?:ASA|PIX)-")


def _stamped(stamp: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        return text if _STAMPED.match(text) or text[0] == " " else stamp + text  # a row of a table bears no stamp

    return change


def _enveloped(header: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        return header + text if text.startswith("%") else text

    return change


def _digit(digit: str) -> Callable[[str], str]:
    return lambda text: _SYSLOG.sub(lambda found: f"%{found[1]}-{digit}-", text)


def _product(name: str) -> Callable[[str], str]:
    return lambda text: _ASA.sub(f"%{name}-", text)


def _isakmp(prefix: str) -> Callable[[str], str]:
    return lambda text: _ISAKMP.sub(prefix, text)


def _ikev2(prefix: str) -> Callable[[str], str]:
    return lambda text: text if "Packet [" in text else _IKEV2.sub(prefix, text)


def _wrapped(width: int, indent: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        if "\n" in text or len(text) < width or not re.match(r"%|ISAKMP|IPS[Ee][Cc]\(|IKEv2[:-]", text):
            return text
        lines = textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        if any(line.endswith((".", "!")) for line in lines[:-1]) and not text.startswith(("%ASA", "%PIX", "%PKI")):
            return text  # what begins behind a full stop may as well be another message
        return "\n".join(lines) if len(lines) <= 4 or text.startswith(("%ASA", "%PIX")) else text

    return change


VARIANTS: dict[str, Callable[[str], str]] = {
    "as printed": lambda text: text,
    "double-spaced": lambda text: text.replace("\n", "\n\n"),
    "wide blanks": lambda text: re.sub(r"(?<=\S) (?=[^\s(])", "  ", text),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "typographic": lambda text: text.replace("'", "\u2019").replace(" = ", "\xa0=\xa0"),
    "quoted in a mail": lambda text: "\n".join("> " + line for line in text.splitlines()),
    "IOS time stamp": _stamped("*Mar  1 00:13:31.891: "),
    "IOS time stamp with zone": _stamped(".Sep  2 2023 13:27:57.707 CEST: "),
    "uptime stamp": _stamped("1d00h: "),
    "numbered": _stamped("000123: Sep  2 13:27:57.707: "),
    "ASA time stamp": _enveloped("Nov 08 2023 07:10:05: "),
    "ASA time stamp with name": _enveloped("Nov 08 2023 07:10:05 fw-muc : "),
    "syslog relay": _enveloped("<189>1578005: Mar 16 10:38:25KST: "),
    "syslog server": _enveloped("Nov  8 07:10:05 192.0.2.1 1234: Nov  8 07:10:04.998: "),
    "syslog file": _enveloped("2024-01-31T12:00:00.123+01:00 rtr-1 "),
    "severity 0": _digit("0"),
    "severity 7": _digit("7"),
    "class name": lambda text: re.sub(r"%ASA-([0-9])", r"%ASA-vpn-\1", text),
    "FTD": _product("FTD"),
    "PIX": _product("PIX"),
    "PIX|ASA": _product("PIX|ASA"),
    "%CRPTO": lambda text: text.replace("%CRYPTO-", "%CRPTO-"),
    "ISAKMP (0:1):": _isakmp("ISAKMP (0:1): "),
    "ISAKMP (0:1);": _isakmp("ISAKMP (0:1); "),
    "ISAKMP:(1003):": _isakmp("ISAKMP:(1003):"),
    "ISAKMP: (1003):": _isakmp("ISAKMP: (1003):"),
    "ISAKMP-ERROR: (1003):": _isakmp("ISAKMP-ERROR: (1003):"),
    "IKEv2:(SA ID = 1):": _ikev2("IKEv2:(SA ID = 1):"),
    "IKEv2:(SESSION ID = 1,SA ID = 1):": _ikev2("IKEv2:(SESSION ID = 1,SA ID = 1):"),
    "IKEv2-ERROR:(SESSION ID = 1,SA ID = 1)::": _ikev2("IKEv2-ERROR:(SESSION ID = 1,SA ID = 1):: "),
    "IKEv2-PROTO-1: (139):": _ikev2("IKEv2-PROTO-1: (139): "),
    "IKEv2-PROTO-4: (12):": _ikev2("IKEv2-PROTO-4: (12): "),
    "wrapped at 76": _wrapped(76, ""),
    "wrapped at 60, indented": _wrapped(60, "        "),
}
"""Name of a form, and how a text gets it. A form that does not concern a text leaves it as it is."""
