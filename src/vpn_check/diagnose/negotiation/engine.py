"""What the IPsec engine of IOS and PIX 6 prints: `debug crypto ipsec`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Selectors
from vpn_check.diagnose.negotiation.steps import Step, step

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.desk import Desk
    from vpn_check.diagnose.negotiation.talk import Talk

_OURS = re.compile(r"(?:src|local)_proxy= ?([^ ,]+)(?: \(type=[0-9]\))?, ?(?:dest|remote)_proxy= ?([^ ,]+)")


def _proxies(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    asked = "sa_request" in message.text
    if not asked and "request" not in message.text:
        return
    local, kind, remote, other_kind = found["local"], found["kind"], found["remote"], found["other"]
    if asked and (ours := _OURS.search(message.text)) is not None:
        local, remote = ours.groups()
    attempt = desk.child(talk, message)
    odd = not asked and (host_with_mask(local, kind) or host_with_mask(remote, other_kind))
    attempt.select(Selectors(message=message, local=local, remote=remote, asked=asked, host_with_mask=odd))


def _installed(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    attempt = talk.child or desk.child(talk, message)
    attempt.install(message, found["transform"].strip())


def host_with_mask(proxy: str, kind: str | None) -> bool:
    """A host address beside the mask of a network, sent as type 4 (address and mask)."""
    address, _, rest = proxy.partition("/")
    octets, masks = address.split("."), rest.split("/")[0].split(".")
    if kind != "4" or len(octets) != 4 or len(masks) != 4:  # noqa: PLR2004  dotted quads
        return False
    if not all(word.isdigit() for word in octets + masks):
        return False
    return any(int(octet) & ~int(mask) & 255 for octet, mask in zip(octets, masks, strict=True))


STEPS: tuple[Step, ...] = (
    step(
        "_proxy=",
        r"(?:dest|local|src)_proxy= ?(?P<local>[^ ,]+)(?: \(type=(?P<kind>[0-9])\))?,"
        r" ?(?:src|remote|dest)_proxy= ?(?P<remote>[^ ,]+)(?: \(type=(?P<other>[0-9])\))?",
        _proxies,
    ),
    step(
        "initialize_sas", r"initialize_sas.*?\btransform= (?P<transform>(?:[a-z0-9\-]+ ){0,3}[a-z0-9\-]+)", _installed
    ),
)
