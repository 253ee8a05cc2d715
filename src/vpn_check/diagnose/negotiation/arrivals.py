"""What says, on any platform, that something came up, and what NAT discovery found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.nat import nat_found
from vpn_check.diagnose.negotiation.steps import Step, step

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.desk import Desk
    from vpn_check.diagnose.negotiation.talk import Talk


def _phase_1(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.up(talk, message, "1")


def _phase_2(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.up(talk, message, "2")


def _nhrp(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.ledger.came_up("nhrp", message, None, talk.peer, desk.section)


def _alive(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    """A keepalive answered: the IKE SA is there, whether or not its beginning was seen."""
    if talk.ike is not None:
        talk.ike.dpd = True
    desk.up(talk, message, "1")


def _nat(_desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    if talk.ike is not None:
        talk.ike.nat = nat_found(message.text, talk.ike.nat)


_UP_1 = (
    "SA has been authenticated",
    "PHASE 1 COMPLETED",
    "SA UP. Reason",
    "%IKEV2-5-SA_UP",
    "IKEV2 SA created; inserting SA into database",
    "Session with IKE ID PAIR",
)
_ALIVE = ("Received keep-alive of type DPD R-U-THERE", "processing NOTIFY DPD/R_U_THERE")
_UP_2 = (
    "Load IPSEC key material",
    "Creation of IPsec SA into IPsec database PASSED",
    "socket is UP",
    "FLEXVPN_CONNECTION_UP",
    "EZVPN_CONNECTION_UP",
    "PHASE 2 COMPLETED",
    "Creating IPSec SAs",
    "IPSEC(create_sa): sa created",
    "Crypto tunnel is UP",
    "Crypto tunnel v2 is UP",
    "Security negotiation complete",
    "was successful at setting up a tunnel",
)

_NAT_WORDS = (
    *("NAT Found", "NAT found", "NAT not ", "node inside NAT", "node outside NAT", "nodes inside NAT"),
    *("NAT INSIDE", "NAT OUTSIDE", "NAT Detection Status"),
)

STEPS: tuple[Step, ...] = (
    *(step(words, "", _phase_1) for words in _UP_1),
    *(step(words, "", _alive) for words in _ALIVE),
    *(step(words, "", _phase_2) for words in _UP_2),
    step("LAN-to-LAN SA (SPI", r"LAN-to-LAN SA \(SPI.*has been created", _phase_2),
    step("NHRP_NHS_UP", "", _nhrp),
    *(step(words, "", _nat) for words in _NAT_WORDS),
)
