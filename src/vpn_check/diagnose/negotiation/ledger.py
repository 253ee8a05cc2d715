"""What became of each peer: failures gathered by cause, successes, and which came after which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.attempt import SETTLED_BY_ACCEPTANCE
from vpn_check.diagnose.negotiation.exchange import NEGOTIATION, Exchange, Noted
from vpn_check.diagnose.negotiation.gains import Gains
from vpn_check.model.finding import Severity

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.matching import Event
    from vpn_check.diagnose.negotiation.attempt import Attempt
    from vpn_check.diagnose.negotiation.offers import Offer

ANYBODY = "*"  # stands for whichever peer it was
_NOBODY = ""  # stands for a peer that was not named


@dataclass(slots=True, kw_only=True)
class Case:
    """All that failed with one peer for one cause. `settled`: it works since; `exchange` tells most of it."""

    cause: str
    peer: str | None
    section: int
    settled: bool = False
    notes: dict[str, Noted] = field(default_factory=dict)
    exchange: Exchange | None = None
    exchanges: int = 0
    up_before: Message | None = None

    @property
    def lead(self) -> Event:
        """The event that speaks for the case: a cause before a consequence, then the surest, then the last."""
        noted = max(self.notes.values(), key=_weight)
        return noted.last

    @property
    def consequence(self) -> bool:
        """Whether nothing in it is a cause."""
        return all(noted.last.signature.consequence for noted in self.notes.values())

    @property
    def negotiation(self) -> bool:
        """Whether it is about a negotiation."""
        return self.lead.signature.phase in NEGOTIATION

    @property
    def first(self) -> Message:
        """Its first message."""
        return min((noted.first.message for noted in self.notes.values()), key=lambda message: message.order)

    @property
    def last(self) -> Message:
        """Its last message."""
        return max((noted.last.message for noted in self.notes.values()), key=lambda message: message.order)

    def add(self, noted: Noted) -> None:
        """Count a known message."""
        name = noted.last.signature.id
        held = self.notes.get(name)
        if held is None:
            self.notes[name] = noted
            return
        first, last = held, noted
        if noted.first.message.order < held.first.message.order:
            first = noted
        if noted.last.message.order < held.last.message.order:
            last = held
        self.notes[name] = Noted(first=first.first, last=last.last, count=held.count + noted.count)

    def join(self, other: Case) -> None:
        """Take in another case of the same cause."""
        for noted in other.notes.values():
            self.add(noted)
        self.exchanges += other.exchanges
        self.exchange = _telling(self.exchange, other.exchange)
        self.up_before = self.up_before or other.up_before


def _weight(noted: Noted) -> tuple[bool, float, int]:
    signature = noted.last.signature
    return (not signature.consequence, signature.confidence, len(noted.last.groups))


def _telling(one: Exchange | None, other: Exchange | None) -> Exchange | None:
    """The exchange that tells more of the two, the later where they tell alike."""
    if one is None or other is None:
        return one or other

    def detail(exchange: Exchange) -> tuple[bool, int]:
        refused = any(offer.refused_for for offer in exchange.offers)
        return (refused or any(exchange.policies) or bool(exchange.selectors), exchange.last.order)

    return max(one, other, key=detail)


class Ledger:
    """Takes exchanges as they end, and known messages outside of any; answers with cases.

    `kept` gets every exchange, where somebody wants them all.
    """

    def __init__(self, kept: list[Exchange] | None = None) -> None:
        self.gains = Gains()
        self._kept = kept
        self._cases: dict[tuple[int, str | None], dict[tuple[str, bool], Case]] = defaultdict(dict)
        self._reached: dict[tuple[str, int, str | None], Message] = {}
        self._news: dict[tuple[int, str], int] = defaultdict(int)
        self._seen: dict[tuple[int, str | None], int] = defaultdict(int)

    def cases(self) -> list[Case]:
        """All cases, in the order in which they began."""
        for (section, peer), held in self._cases.items():
            self._settle(section, peer, held)
        found = [case for held in self._cases.values() for case in held.values() if case.notes]
        return sorted(found, key=lambda case: case.first.order)

    def exchange(self, exchange: Exchange, lead: Noted | None) -> None:
        """An exchange is over; `lead` is the message that says why it failed."""
        if self._kept is not None:
            self._kept.append(exchange)
        peer, section = exchange.peer, exchange.section
        self.gains.exchange(exchange)
        for noted in exchange.notes:
            signature = noted.last.signature
            if signature.severity is Severity.INFO:
                self._file(f"{signature.cause} {signature.id}", noted, peer, section)
            elif lead is not None and signature.cause == lead.last.signature.cause:
                self._file(signature.cause, noted, peer, section, exchange=exchange)
        if lead is not None and all(noted is not lead for noted in exchange.notes):
            self._file(lead.last.signature.cause, lead, peer, section, exchange=exchange)

    def stray(self, event: Event, section: int) -> None:
        """A known message that belongs to no negotiation."""
        cause = event.signature.cause
        apart = f"{cause} {event.signature.id}" if event.signature.severity is Severity.INFO else cause
        self._file(apart, Noted(first=event, last=event), event.peer, section)

    def accepted(self, offer: Offer, attempt: Attempt, peer: str | None, section: int) -> None:
        """An offer was accepted."""
        message = offer.messages[-1]
        self._mark(f"accepted {offer.phase}", message, peer, section)
        self.gains.accepted(offer, attempt, peer, section)

    def came_up(self, phase: str, message: Message, attempt: Attempt | None, peer: str | None, section: int) -> None:
        """An SA came up."""
        self._mark(f"up {phase}", message, peer, section)
        self.gains.came_up(phase, message, attempt, peer, section)

    def _file(
        self, name: str, noted: Noted, peer: str | None, section: int, *, exchange: Exchange | None = None
    ) -> None:
        event = noted.last
        order = event.message.order
        if self._taken_back(event, peer, section, order):
            return
        settled = self._settled(event, peer, section, order)
        held = self._cases[section, peer]
        self._settle(section, peer, held)  # before anything is added that came after what settles it
        case = held.get((name, settled))
        if case is None:
            case = Case(cause=event.signature.cause, peer=peer, section=section, settled=settled)
            case.up_before = self._reached_before(event, peer, section)
            held[name, settled] = case
        case.add(noted)
        if exchange is not None and case.exchange is not exchange:
            case.exchanges += 1
            case.exchange = _telling(case.exchange, exchange)

    def _taken_back(self, event: Event, peer: str | None, section: int, order: int) -> bool:
        """Whether a later offer was accepted: a refusal before it is how negotiations go."""
        phase = SETTLED_BY_ACCEPTANCE.get(event.signature.cause)
        if phase is None or event.message.text[:1] == "%":
            return False
        return any(self._after(f"accepted {which}", peer, section, order) for which in (phase, ""))

    def _settled(self, event: Event, peer: str | None, section: int, order: int) -> bool:
        signature = event.signature
        if signature.cause == "overlay.nhrp":
            return self._after("up nhrp", None, section, order)
        if signature.phase not in NEGOTIATION:
            return False
        if signature.consequence and peer is None:  # whose it is, nobody can say: any success will do
            return self._after("up 2", None, section, -1)
        phases = ("1", "2") if signature.phase == "1" else ("2",)
        return any(self._after(f"up {phase}", peer, section, order) for phase in phases)

    def _after(self, what: str, peer: str | None, section: int, order: int) -> bool:
        mark = self._reached.get((what, section, ANYBODY if peer is None else peer))
        if mark is not None and mark.order > order:
            return True
        mark = self._reached.get((what, section, None)) if peer is not None else None
        return mark is not None and mark.order > order

    def _reached_before(self, event: Event, peer: str | None, section: int) -> Message | None:
        if event.signature.phase not in NEGOTIATION or peer is None:
            return None
        mark = self._reached.get((f"up {event.signature.phase}", section, peer))
        return mark if mark is not None and mark.order < event.message.order else None

    def _mark(self, what: str, message: Message, peer: str | None, section: int) -> None:
        self._news[section, peer or _NOBODY] += 1
        self._news[section, ANYBODY] += 1
        for who in (peer, ANYBODY):
            held = self._reached.get((what, section, who))
            if held is None or held.order < message.order:
                self._reached[what, section, who] = message

    def _settle(self, section: int, peer: str | None, held: dict[tuple[str, bool], Case]) -> None:
        """Move what a success disproves to where it is settled, if there was one since the last time."""
        concerned = (ANYBODY,) if peer is None else (peer, _NOBODY)
        news = sum(self._news[section, who] for who in concerned)
        if news == self._seen[section, peer]:
            return
        self._seen[section, peer] = news
        for (name, settled), case in list(held.items()):
            if settled:
                continue
            for noted in list(case.notes.values()):
                event, order = noted.last, noted.last.message.order
                if self._taken_back(event, case.peer, case.section, order):
                    del case.notes[event.signature.id]
                elif self._settled(event, case.peer, case.section, order):
                    del case.notes[event.signature.id]
                    known = held.get((name, True))
                    if known is None:
                        known = Case(cause=case.cause, peer=case.peer, section=case.section, settled=True)
                        held[name, True] = known
                    known.add(noted)
                    known.exchange = _telling(known.exchange, case.exchange)
                    known.exchanges = max(known.exchanges, case.exchanges)
            if not case.notes:
                del held[name, False]
