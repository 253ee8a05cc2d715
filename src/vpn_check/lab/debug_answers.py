"""What a lab device shows of its debugs, its load and its log, in the words of its platform."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from vpn_check.lab.debugs import Debugs

_SHOWN = {"isakmp": "Crypto ISAKMP", "ipsec": "Crypto IPSEC", "ikev2": "IKEv2 default", "engine": "Crypto Engine"}
_LOADS = {"show processes cpu | include CPU utilization", "show processes cpu", "show cpu usage"}
LAST_CONDITION = """\
This condition is the last one that is set.
Removing all conditions may cause a flood of debugging messages
to result, unless specific debugging flags are first removed.

Proceed with removal? [yes/no]: """
_FRAME = """\
IOSXE Conditional Debug Configs:

Conditional Debug Global State: Stop


IOSXE Packet Tracing Configs:


Packet Infra debugs:

Ip Address                                               Port
------------------------------------------------------|----------

"""


def known(debugs: Debugs) -> set[str]:
    """The questions that are answered here."""
    firewall = {"show debug", "show ssh sessions", "show running-config logging", "show cpu usage"}
    router = {"show debugging", "show debug", *(_LOADS - {"show cpu usage"})}
    shown = {*(router if debugs.router else firewall), "show logging"}
    return shown | ({"show crypto debug-condition"} if debugs.play.conditional else set())


def answer(debugs: Debugs, session: int, line: str) -> str:
    """Answer a question of `known`."""
    if line in debugs.play.said:
        return debugs.play.said[line]
    if line in _LOADS:
        return _load(debugs, line)
    shows = {
        "show crypto debug-condition": _conditions,
        "show ssh sessions": _sessions,
        "show running-config logging": _log_config,
        "show logging": _log,
    }
    return shows[line](debugs) if line in shows else _listed(debugs, session)


def said(debugs: Debugs, name: str, level: int, *, on: bool) -> str:
    """The answer to a line that switches a debug."""
    if debugs.router:
        return f"{_SHOWN.get(name, name.upper())} debugging is {'on' if on else 'off'}\n"
    return f"debug crypto {name} {f'enabled at level {level}' if on else 'disabled.'}\n"


def _listed(debugs: Debugs, session: int) -> str:
    if not debugs.router:
        own = debugs.seats[session].own
        return "".join(f"debug crypto {name}  enabled at level {level}\n" for name, level in own.items())
    text = _FRAME if debugs.device.platform is PlatformName.IOSXE else ""
    crypto = [name for name in debugs.device_wide if name in _SHOWN]
    other = [name for name in debugs.device_wide if name not in _SHOWN]
    if other:
        text += "Generic IP:\n" + "".join(f"  {name.upper()} debugging is on\n" for name in other)
    if crypto:
        text += "\nCryptographic Subsystem:\n" + "".join(f"  {_SHOWN[name]} debugging is on\n" for name in crypto)
    return text + "\n"


def _conditions(debugs: Debugs) -> str:
    state = "ON" if debugs.conditions else "OFF"
    text = (f"\nCrypto conditional debug {'currently ' if debugs.router else ''}is turned {state}\n"
            "IKE debug context unmatched flag: OFF\nIPsec debug context unmatched flag: OFF\n")
    if debugs.router:
        text += "Crypto Engine debug context unmatched flag: OFF\n"
    return text + (f"\nIKE peer IP address filters:\n{'  '.join(debugs.conditions)}\n\n" if debugs.conditions else "\n")


def _load(debugs: Debugs, line: str) -> str:
    load, minute = debugs.load(), debugs.play.cpu
    debugs.loads.append((time.monotonic(), load))
    if line == "show cpu usage":
        return f"CPU utilization for 5 seconds = {load}%; 1 minute: {minute}%; 5 minutes: 3%\n"
    return f"CPU utilization for five seconds: {load}%/1%; one minute: {minute}%; five minutes: 3%\n"


def _sessions(debugs: Debugs) -> str:
    rows = "".join(f"{number:<4}10.0.0.{number % 250:<7} 2.0     IN   aes256-ctr sha1   SessionStarted   {held.user}\n"
                   f"{'':30}OUT  aes256-ctr sha1   SessionStarted   {held.user}\n"
                   for number, held in debugs.seats.items())
    return f"SID Client IP       Version Mode Encryption Hmac   State            Username\n{rows}"


def _log_config(debugs: Debugs) -> str:
    trace = {"enabled": "logging debug-trace\n", "persistent": "logging debug-trace persistent\n"}
    return f"logging enable\nlogging timestamp\n{trace.get(debugs.play.trace, '')}"


def _log(debugs: Debugs) -> str:
    """The head says where messages go; what the device's outputs hold under this name is the buffer."""
    buffered = debugs.device.outputs.get("show logging", "")
    if "Console logging:" in buffered:
        return buffered
    trace = "" if debugs.router else f"    Debug-trace logging: {debugs.play.trace}\n"
    return (f"Syslog logging: enabled\n{trace}    Console logging: {_level(debugs.play.console)}\n"
            f"    Monitor logging: {_level(debugs.play.monitor)}\n    Buffer logging: {_level('informational')}\n\n"
            f"{'Log Buffer (8192 bytes):' if debugs.router else ''}\n{buffered}")


def _level(word: str) -> str:
    return "disabled" if word == "disabled" else f"level {word}, 12 messages logged"
