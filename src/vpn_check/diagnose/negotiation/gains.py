"""What came up or was agreed on, peer by peer, and with which algorithms."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Mode
from vpn_check.diagnose.negotiation.offers import weak_algorithms
from vpn_check.diagnose.negotiation.reading import Success

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.attempt import Attempt
    from vpn_check.diagnose.negotiation.exchange import Exchange
    from vpn_check.diagnose.negotiation.offers import Offer
    from vpn_check.diagnose.negotiation.quoting import Quoting

_BOTH_SPIS = (
    re.compile(r"inbound SA .{0,160}?has spi ([0-9A-Fa-fx]+)[ (].{0,200}?outbound SA .{0,160}?has spi ([0-9A-Fa-fx]+)"),
    re.compile(r"Inbound SPI = (0x[0-9A-Fa-f]+), Outbound SPI = (0x[0-9A-Fa-f]+)"),
)
_MOST_MESSAGES = 40


@dataclass(slots=True, kw_only=True)
class _Up:
    phase: str
    peer: str | None
    section: int
    message: Message
    terms: str = ""
    short_life: str | None = None
    inbound: str | None = None
    outbound: str | None = None
    over: bool = False


@dataclass(slots=True, kw_only=True)
class Weak:
    """Weak algorithms agreed on with a peer: their names, the messages that say so, remarks."""

    names: dict[str, None] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Accepted:
    phase: str
    peer: str | None
    section: int
    sentence: str
    messages: tuple[Message, Message]


class Gains:
    """Gathers them; the last success of each peer and phase counts, the first accepted offer."""

    def __init__(self) -> None:
        self.weak: dict[str | None, Weak] = {}
        self._ups: dict[tuple[str, str | None, int], _Up] = {}
        self._accepted: dict[tuple[str, str | None, int], _Accepted] = {}
        self._alive: dict[tuple[str | None, int], int] = defaultdict(int)

    def came_up(self, phase: str, message: Message, attempt: Attempt | None, peer: str | None, section: int) -> None:
        """An SA came up."""
        inbound, outbound = _spis(message.text)
        known = self._ups.get((phase, peer, section))
        if known is not None and inbound is None and known.inbound is not None and not known.over:
            return
        offer = attempt.accepted if attempt is not None else None
        terms = offer.describe() if offer is not None else known.terms if known is not None else ""
        short = offer.short_life() if offer is not None else None
        self._ups[phase, peer, section] = _Up(
            phase=phase,
            peer=peer,
            section=section,
            message=message,
            terms=terms,
            short_life=short,
            inbound=inbound,
            outbound=outbound,
        )

    def begun(self, peer: str | None, section: int) -> None:
        """A peer has one IKE SA more."""
        self._alive[peer, section] += 1

    def gone(self, peer: str | None, section: int) -> None:
        """A peer has one IKE SA less; with the last one goes what came up under it."""
        self._alive[peer, section] -= 1
        if self._alive[peer, section] > 0:
            return
        self._alive[peer, section] = 0
        for phase in ("1", "2"):
            if (up := self._ups.get((phase, peer, section))) is not None:
                up.over = True

    def exchange(self, exchange: Exchange) -> None:
        """An exchange is over: its peer is known now, if it ever is."""
        if exchange.peer is not None:
            self._name(exchange)
        for offer in exchange.offers:
            if offer.accepted and (names := offer.weaknesses()):
                self._note_weak(exchange.peer, offer.phase, names, _telling(offer), offer.short_life())
        for message, transform in exchange.installed:
            if names := weak_algorithms(cipher=transform, integrity=transform):
                self._note_weak(exchange.peer, "2", names, [message])

    def _name(self, exchange: Exchange) -> None:
        """Something that came up under an exchange without a name has one now."""
        for phase in ("1", "2"):
            unnamed, named = (phase, None, exchange.section), (phase, exchange.peer, exchange.section)
            up = self._ups.get(unnamed)
            if up is not None and exchange.first.order <= up.message.order <= exchange.last.order:
                up.peer = exchange.peer
                self._ups.setdefault(named, self._ups.pop(unnamed))
            accepted = self._accepted.get(unnamed)
            if accepted is not None and exchange.first.order <= accepted.messages[-1].order <= exchange.last.order:
                accepted.peer = exchange.peer
                self._accepted.setdefault(named, self._accepted.pop(unnamed))

    def accepted(self, offer: Offer, attempt: Attempt, peer: str | None, section: int) -> None:
        """An offer was accepted; that is not yet an SA."""
        if not offer.phase or (offer.phase, peer, section) in self._accepted:
            return
        self._accepted[offer.phase, peer, section] = _Accepted(
            phase=offer.phase,
            peer=peer,
            section=section,
            sentence=_acceptance(offer, attempt),
            messages=(offer.messages[0], offer.messages[-1]),
        )

    def successes(self, quoting: Quoting) -> tuple[Success, ...]:
        """One a phase and peer: the last success, else the offer that was accepted."""
        found = [_success(up, quoting) for up in self._ups.values()]
        for held in self._accepted.values():
            if any((held.phase, who, held.section) in self._ups for who in (held.peer, None)):
                continue
            summary = held.sentence.format(peer=held.peer or "the peer")
            found.append(
                Success(
                    phase=held.phase,
                    peer=held.peer,
                    summary=summary,
                    evidence=quoting.evidence(held.messages),
                    established=False,
                )
            )
        return tuple(found)

    def _note_weak(
        self,
        peer: str | None,
        phase: str,
        names: tuple[str, ...],
        messages: list[Message],
        short_life: str | None = None,
    ) -> None:
        held = self.weak.setdefault(peer, Weak())
        word = {"1": "IKE", "2": "IPsec"}.get(phase, "")
        held.names.update(dict.fromkeys(f"{name} ({word})" for name in names))
        if len(held.messages) < _MOST_MESSAGES:
            held.messages += messages
        if short_life is not None:
            held.notes[f"The IKE lifetime of {short_life} s is also short."] = None


def _telling(offer: Offer) -> list[Message]:
    """The lines of an offer that name the weak algorithms, and the line that accepts it."""
    words = ("DES", "MD5", "group ", *(("life duration",) if offer.short_life() else ()))
    return [m for m in offer.messages[:-1] if any(word in m.text for word in words)] + [offer.messages[-1]]


def _acceptance(offer: Offer, attempt: Attempt) -> str:
    refused = 0
    for earlier in reversed(attempt.offers[: attempt.offers.index(offer)]):
        if earlier.phase != offer.phase or earlier.accepted is not False:
            break
        refused += 1
    after = {0: "", 1: " after one that was refused"}.get(refused, f" after {refused} that were refused")
    mode = (
        f" ({attempt.mode.value} mode)" if offer.phase == "1" and attempt.mode in {Mode.MAIN, Mode.AGGRESSIVE} else ""
    )
    kind = {"1": f"Phase 1{mode}", "2": "Phase 2"}[offer.phase]
    terms = f" {offer.describe()}" if offer.describe() else ""
    return f"{kind} with {{peer}}: the offer{terms} was accepted{after}."


def _success(up: _Up, quoting: Quoting) -> Success:
    who = up.peer or "the peer"
    terms = f" ({up.terms})" if up.terms else ""
    if up.phase == "1":
        hint = f"; its lifetime of {up.short_life} s is short" if up.short_life else ""
        summary = f"Phase 1 with {who} came up: the IKE SA is authenticated{terms}{hint}."
    elif up.phase == "nhrp":
        summary = "NHRP came up: the next hop server answers."
    else:
        spis = f", SPI {up.inbound} inbound and {up.outbound} outbound" if up.inbound and up.outbound else ""
        summary = f"Phase 2 with {who} came up: IPsec SAs were created{terms}{spis}."
    return Success(
        phase=up.phase,
        peer=up.peer,
        summary=summary,
        evidence=quoting.evidence([up.message]),
        inbound_spi=up.inbound,
        outbound_spi=up.outbound,
        over=up.over,
        time=up.message.time,
    )


def _spis(text: str) -> tuple[str | None, str | None]:
    if "SPI" not in text and "spi" not in text:
        return None, None
    for pattern in _BOTH_SPIS:
        if (found := pattern.search(text)) is not None:
            return _hexadecimal(found[1]), _hexadecimal(found[2])
    return None, None


def _hexadecimal(word: str) -> str | None:
    try:
        return f"0x{int(word, 0):x}"
    except ValueError:
        return None
