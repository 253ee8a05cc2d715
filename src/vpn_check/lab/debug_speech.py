"""What the debugs of a lab device print: a peer negotiates again and again, and lines show where they are asked for."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.lab.debugs import Debugs

ASKED_FOR: dict[str, set[str]] = {
    "isakmp": {"isakmp", "ikev1"},
    "ikev2": {"ikev2", "ikev2 protocol", "ikev2 platform"},
    "ipsec": {"ipsec"},
}
"""The kinds of lines, and the debugs that show each."""
_KIND = re.compile(
    r"(?P<ipsec>IPSEC)|(?P<ikev2>IKEv2)|(?P<isakmp>ISAKMP|\[IKEv1|crypto_isakmp|OAK_|oakley_)|(?P<log>%)")
_FLOOD = ("ISAKMP:(0):processing payload. message ID = 0 " + "." * 66 + "\n") * 500


async def speak(debugs: Debugs) -> None:
    """Print while a crypto debug is on."""
    started = debugs.on_since
    if debugs.play.flood:
        await _flood(debugs, int(debugs.play.flood * 1_000_000))
    while debugs.on_since is started is not None:
        await asyncio.sleep(debugs.play.every)
        for text, peer in ((debugs.play.negotiation, debugs.play.peer), (debugs.play.noise, None)):
            if not debugs.conditions or peer in debugs.conditions:
                for kind, line in _kinds(text):
                    for terminal in debugs.hearing(kind):
                        debugs.shown.append((time.monotonic(), 1))
                        terminal.emit(f"{_stamp(line, router=debugs.router)}{line}\n")


async def _flood(debugs: Debugs, size: int) -> None:
    while size > 0 and debugs.on_since is not None:
        hearing = [*debugs.hearing("isakmp")]
        for terminal in hearing:
            debugs.shown.append((time.monotonic(), _FLOOD.count("\n")))
            terminal.emit(_FLOOD)
        size -= len(_FLOOD)
        for terminal in hearing:
            await terminal.drained()
        await asyncio.sleep(0 if hearing else 0.01)


def _stamp(line: str, *, router: bool) -> str:
    """A router stamps every message, a firewall those of IKEv1."""
    now = datetime.now(tz=UTC)
    if router and not line.startswith((" ", "\t")):
        return f"*{now:%b} {now.day:>2} {now:%H:%M:%S}.{now.microsecond // 1000:03d}: "
    return f"{now:%b %d %H:%M:%S} " if line.startswith("[") and not router else ""


def _kinds(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a negotiation, each with its kind; a continued line belongs to the one above."""
    kind = "isakmp"
    for line in text.splitlines():
        found = None if line.startswith((" ", "\t")) else _KIND.match(line)
        kind = found.lastgroup or kind if found else kind
        yield kind, line
