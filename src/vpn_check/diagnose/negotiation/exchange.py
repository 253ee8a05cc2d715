"""An exchange: one negotiation with one peer, from its first message to what became of it.

IKEv1: main or aggressive mode (phase 1), or quick mode (phase 2). IKEv2: the negotiation of the IKE SA (IKE_SA_INIT and
IKE_AUTH), or that of a child SA, which rides in IKE_AUTH or has a CREATE_CHILD_SA exchange of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.matching import Event
    from vpn_check.diagnose.negotiation.offers import Offer
    from vpn_check.model.sa import Role

NEGOTIATION = frozenset({"1", "2"})
"""The phases in which something is negotiated."""


class Mode(StrEnum):
    """Which exchange it is, in the words of RFC 2409 and RFC 7296."""

    MAIN = "main"
    AGGRESSIVE = "aggressive"
    QUICK = "quick"
    IKE_SA_INIT = "IKE_SA_INIT"
    IKE_AUTH = "IKE_AUTH"
    CREATE_CHILD_SA = "CREATE_CHILD_SA"
    INFORMATIONAL = "INFORMATIONAL"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What became of it.

    NO_ANSWER: not one message of the peer arrived. GIVEN_UP: it got somewhere, then there was silence, and one side
    ended it. UNFINISHED: the log does not show how it ended.
    """

    UP = "up"
    REFUSED_HERE = "refused by this device"
    REFUSED_BY_PEER = "refused by the peer"
    NO_ANSWER = "no answer"
    GIVEN_UP = "given up"
    UNFINISHED = "unfinished"


class Nat(StrEnum):
    """Behind whom NAT was detected."""

    NONE = "none"
    HERE = "this end"
    PEER = "the peer"
    BOTH = "both ends"
    SOMEWHERE = "somewhere on the path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """The proxy identities of a request as printed; `local` is what lies behind this device. `asked`: by us."""

    message: Message
    local: str
    remote: str
    asked: bool = False
    host_with_mask: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A known message in an exchange: the first and the last time, and how often."""

    first: Event
    last: Event
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A negotiation as a log shows it. `cause` is the code of what stopped it, None where nothing did or nothing tells.

    `sent` and `received` are the messages seen, such as `MM1` or `IKE_AUTH request`; `number` is what the device calls
    it by: a conn-id, an SA ID, a message ID of quick mode. `policies` are the lists that IKEv2 prints of a refusal:
    what was received, what was expected; `installed` the transforms of the SAs that came of it.
    """

    section: int = 0
    version: int
    phase: str
    mode: Mode
    role: Role | None
    peer: str | None
    number: str
    sent: tuple[str, ...]
    received: tuple[str, ...]
    resent: int
    state: str | None
    offers: tuple[Offer, ...]
    installed: tuple[tuple[Message, str], ...]
    policies: tuple[tuple[tuple[Message, str], ...], tuple[tuple[Message, str], ...]]
    selectors: tuple[Selectors, ...]
    own_identity: str | None
    peer_identity: str | None
    authentication: str | None
    nat: Nat | None
    dpd: bool
    outcome: Outcome
    cause: str | None
    notes: tuple[Noted, ...]
    first: Message
    last: Message
