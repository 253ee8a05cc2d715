"""What NAT discovery found (RFC 3947, RFC 7296 2.23), in the words of IOS, IKEv2 and ASA."""

from __future__ import annotations

import re

from vpn_check.diagnose.negotiation.exchange import Nat

_NONE = re.compile(r"[Nn]o NAT [Ff]ound|NAT not [Ff]ound")
_BOTH = re.compile(r"both nodes (?:are )?inside NAT")
_HERE = re.compile(r"(?:this|the) node inside NAT|NAT INSIDE found|This +end +(?:IS|is) +behind a NAT")
_PEER = re.compile(
    r"this node outside NAT|NAT OUTSIDE found|Remote +end +(?:IS|is) +behind a NAT"
    r"|peer (?:is )?(?:inside|behind) (?:a )?NAT"
)
_STATUS = "NAT Detection Status"


def nat_found(text: str, known: Nat | None) -> Nat | None:
    """What is known after this message; `known` before it."""
    if _NONE.search(text):
        return Nat.NONE
    if _BOTH.search(text):
        return Nat.BOTH
    here, peer = _HERE.search(text) is not None, _PEER.search(text) is not None
    if here or peer:
        here = here or known in {Nat.HERE, Nat.BOTH}
        peer = peer or known in {Nat.PEER, Nat.BOTH}
        return Nat.BOTH if here and peer else Nat.HERE if here else Nat.PEER
    return Nat.NONE if _STATUS in text else known
