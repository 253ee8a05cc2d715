"""An exchange while it is still being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Exchange, Mode, Nat, Noted, Outcome, Selectors
from vpn_check.diagnose.negotiation.offers import Offer

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.matching import Event
    from vpn_check.model.sa import Role

_MOST_OFFERS = 60
_MOST_SELECTORS = 8
_MOST_POLICIES = 40
SETTLED_BY_ACCEPTANCE = {"ike.policy-mismatch": "1", "ipsec.transform-mismatch": "2"}
"""Causes that an accepted offer of this phase disproves: refusals before it are how negotiations go (S29)."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """What is known of an exchange so far. `up`, `ended`: the message that says so."""

    version: int
    phase: str
    first: Message
    last: Message
    number: str = ""
    mode: Mode = Mode.UNKNOWN
    role: Role | None = None
    state: str | None = None
    sent: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    packet: str = ""
    repeated: int = 0
    announced: int = 0
    offers: list[Offer] = field(default_factory=list)
    offer: Offer | None = None
    listed: dict[str, list[tuple[Message, str]]] = field(default_factory=dict)
    listing: str | None = None
    selectors: list[Selectors] = field(default_factory=list)
    own_identity: str | None = None
    peer_identity: str | None = None
    authentication: str | None = None
    nat: Nat | None = None
    dpd: bool = False
    installed: list[tuple[Message, str]] = field(default_factory=list)
    notes: dict[str, Noted] = field(default_factory=dict)
    up: Message | None = None
    ended: Message | None = None
    ended_at: int = 0
    closed: bool = False

    def say(self, name: str, *, by_us: bool, packet: bool = True) -> None:
        """Note a message of the exchange; the same packet again is a retransmission."""
        said = self.sent if by_us else self.received
        if name not in said:
            said.append(name)
        if by_us and packet:
            self.repeated += name == self.packet
            self.packet = name

    def note(self, event: Event) -> None:
        """Note a known message."""
        known = self.notes.get(event.signature.id)
        self.notes[event.signature.id] = (
            Noted(first=event, last=event)
            if known is None
            else Noted(first=known.first, last=event, count=known.count + 1)
        )

    def open_offer(self, offer: Offer) -> None:
        """Begin to read an offer."""
        self.offer = offer
        if len(self.offers) >= _MOST_OFFERS:
            del self.offers[0]
        self.offers.append(offer)

    def close_offer(self, message: Message, *, accepted: bool) -> Offer:
        """An offer is judged. An acceptance takes back the refusals before it: that is how negotiations go (S29)."""
        offer = self.offer
        if offer is None:
            offer = Offer(phase="")
            self.open_offer(offer)
        offer.accepted = accepted
        offer.messages.append(message)
        self.offer = None
        if accepted:
            for name, noted in list(self.notes.items()):
                settled_by = SETTLED_BY_ACCEPTANCE.get(noted.last.signature.cause)
                if settled_by in {offer.phase, offer.phase or settled_by} and noted.last.message.text[:1] != "%":
                    del self.notes[name]
        return offer

    @property
    def resent(self) -> int:
        """How many messages were sent again: counted themselves, or as they were announced."""
        return max(self.repeated, self.announced)

    @property
    def fresh(self) -> bool:
        """Whether it has only just begun."""
        nothing = not (self.received or self.notes or self.offers or self.listed or self.resent or self.up)
        return nothing and len(self.sent) <= 1 and self.ended is None

    @property
    def empty(self) -> bool:
        """Whether nothing was heard of it but that it is there."""
        return not (self.sent or self.received or self.notes or self.offers or self.listed or self.resent or self.up)

    @property
    def accepted(self) -> Offer | None:
        """The offer that was accepted last."""
        return next((offer for offer in reversed(self.offers) if offer.accepted), None)

    def list_policy(self, which: str, message: Message, text: str) -> None:
        """Note a proposal of a list that IKEv2 prints."""
        held = self.listed.setdefault(which, [])
        if len(held) < _MOST_POLICIES:
            held.append((message, text))

    def install(self, message: Message, transform: str) -> None:
        """Note the transform of SAs that were installed."""
        if all(transform != known for _, known in self.installed):
            self.installed.append((message, transform))

    def select(self, selectors: Selectors) -> None:
        """Note the proxy identities of a request."""
        if len(self.selectors) >= _MOST_SELECTORS:
            del self.selectors[0]
        self.selectors.append(selectors)

    def frozen(self, *, peer: str | None, section: int, outcome: Outcome, cause: str | None) -> Exchange:
        """The exchange as it is now."""
        return Exchange(
            section=section,
            version=self.version,
            phase=self.phase,
            mode=self.mode,
            role=self.role,
            peer=peer,
            number=self.number,
            sent=tuple(self.sent),
            received=tuple(self.received),
            resent=self.resent,
            state=self.state,
            offers=tuple(self.offers),
            installed=tuple(self.installed),
            policies=(tuple(self.listed.get("Received", ())), tuple(self.listed.get("Expected", ()))),
            selectors=tuple(self.selectors),
            own_identity=self.own_identity,
            peer_identity=self.peer_identity,
            authentication=self.authentication,
            nat=self.nat,
            dpd=self.dpd,
            outcome=outcome,
            cause=cause,
            notes=tuple(self.notes.values()),
            first=self.first,
            last=self.last,
        )
