"""Where exchanges are put together: begun, filled, closed, and handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from vpn_check.diagnose.negotiation.attempt import Attempt
from vpn_check.diagnose.negotiation.context import in_context
from vpn_check.diagnose.negotiation.exchange import Mode, Outcome
from vpn_check.diagnose.negotiation.outcome import conclude
from vpn_check.diagnose.negotiation.talk import Floor, Talk

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.matching import Event
    from vpn_check.diagnose.negotiation.ledger import Ledger
    from vpn_check.model.sa import Role

_MOST_CHILDREN = 200
_AFTERMATH = 20  # messages of its talk after its end over which what is said of an exchange still belongs to it
_ECHO = 6  # messages over which the same is said twice of one failure


class Desk:
    """Takes steps and known messages; gives every exchange to the ledger when it is over."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.floor = Floor()
        self.section = 0

    def ike(self, talk: Talk, message: Message) -> Attempt:
        """The negotiation of the IKE SA that goes on; a new one where the last is over."""
        attempt = talk.ike
        if attempt is None or attempt.up is not None or attempt.ended is not None:
            attempt = self.begin_ike(talk, message)
        attempt.last = message
        return attempt

    def ike_now(self, talk: Talk, message: Message) -> Attempt:
        """The negotiation of the IKE SA last spoken of, even where it has come up; a new one where it failed."""
        if talk.ike is None or (talk.ike.ended is not None and talk.ike.up is None):
            return self.begin_ike(talk, message)
        talk.ike.last = message
        return talk.ike

    def begin_ike(
        self, talk: Talk, message: Message, *, role: Role | None = None, mode: Mode = Mode.UNKNOWN
    ) -> Attempt:
        """A negotiation of an IKE SA begins; what was open before it is over."""
        held = talk.ike
        if held is not None and held.fresh:
            held.role, held.mode = role or held.role, mode if mode is not Mode.UNKNOWN else held.mode
            return held
        self._close(talk, held)
        talk.ike = Attempt(
            version=talk.version,
            phase="1",
            first=message,
            last=message,
            number=talk.number,
            role=role,
            mode=mode if mode is not Mode.UNKNOWN else talk.announced,
        )
        return talk.ike

    def child(self, talk: Talk, message: Message, *, key: str | None = None) -> Attempt:
        """The negotiation of IPsec SAs that goes on, that of this message ID where one is given."""
        attempt = talk.children.get(key) if key is not None else talk.child
        if attempt is None and key is not None and talk.child is not None and not talk.child.number:
            attempt = talk.child
            attempt.number = key
            talk.children[key] = attempt
        if attempt is None or attempt.up is not None or attempt.ended is not None:
            attempt = self.begin_child(talk, message, key=key)
        talk.child = attempt
        attempt.last = message
        return attempt

    def begin_child(
        self,
        talk: Talk,
        message: Message,
        *,
        key: str | None = None,
        role: Role | None = None,
        mode: Mode | None = None,
    ) -> Attempt:
        """A negotiation of IPsec SAs begins."""
        if mode is None:
            mode = Mode.QUICK if talk.version == 1 else Mode.UNKNOWN
        if key is None or (talk.child is not None and not talk.child.number):
            self._close(talk, talk.child)
        if (held := talk.children.pop(key, None)) is not None if key is not None else None:
            self._close(talk, held)
        attempt = Attempt(
            version=talk.version, phase="2", first=message, last=message, number=key or "", role=role, mode=mode
        )
        talk.child = attempt
        if key is not None:
            talk.children[key] = attempt
            if len(talk.children) > _MOST_CHILDREN:
                self._close(talk, talk.children.pop(next(iter(talk.children))))
        return attempt

    def note(self, talk: Talk, event: Event) -> None:
        """A known message of a negotiation."""
        event = in_context(event, talk)
        first = event.signature.phase == "1"
        if first and event.signature.consequence and _fails(talk.child) and (talk.ike is None or talk.ike.up):
            first = False  # the IKE SA goes because of that
        held = talk.ike if first else talk.child
        if held is None or not _belongs(event, held, talk):
            held = self.ike(talk, event.message) if first else self.child(talk, event.message)
        held.note(event)
        held.last = event.message
        if event.signature.cause == "ike.dpd-peer-lost":
            self.end(talk, event.message)

    def judge_offer(self, talk: Talk, attempt: Attempt, message: Message, *, accepted: bool) -> None:
        """An offer was accepted or refused."""
        offer = attempt.close_offer(message, accepted=accepted)
        if accepted:
            self.ledger.accepted(offer, attempt, talk.peer, self.section)

    def up(self, talk: Talk, message: Message, phase: str) -> None:
        """An SA came up."""
        if phase == "1" and talk.child is not None and talk.child.ended is not None:
            self._close(talk, talk.child)
        attempt = talk.ike if phase == "1" else talk.child
        if attempt is not None and attempt.ended is not None and attempt.up is None:
            attempt = self.ike(talk, message) if phase == "1" else self.child(talk, message)
        if attempt is None and not (phase == "1" and talk.is_up):
            attempt = self.ike(talk, message) if phase == "1" else self.child(talk, message)
        if attempt is not None and attempt.up is None:
            attempt.up = message
            attempt.last = message
        if not talk.is_up:
            talk.is_up = True
            self.ledger.gains.begun(talk.peer, self.section)
        self.ledger.came_up(phase, message, attempt, talk.peer, self.section)

    def end(self, talk: Talk, message: Message) -> None:
        """The IKE SA is gone, and what was negotiated under it."""
        for attempt in (talk.ike, talk.child, *talk.children.values()):
            if attempt is not None:
                end(attempt, talk, message)
        if talk.is_up:
            talk.is_up = False
            self.ledger.gains.gone(talk.peer, self.section)

    def end_child(self, talk: Talk, message: Message, *, key: str | None = None) -> None:
        """A negotiation of IPsec SAs has failed."""
        attempt = talk.children.get(key) if key is not None else talk.child
        if attempt is None and talk.child is not None and not talk.child.number:
            attempt = talk.child
        if attempt is not None:
            end(attempt, talk, message)

    def tidy(self) -> None:
        """Close what belongs to talks that are over."""
        over, self.floor.over = self.floor.over, []
        for talk in over:
            self._close_all(talk)

    def finish(self) -> None:
        """The log, or the part of one device, has ended."""
        self.floor.clear()
        self.tidy()

    def _close_all(self, talk: Talk) -> None:
        self._close(talk, talk.ike)
        for attempt in [*talk.children.values(), *([talk.child] if talk.child is not None else [])]:
            self._close(talk, attempt)

    def _close(self, talk: Talk, attempt: Attempt | None) -> None:
        if attempt is None or attempt.closed:
            return
        attempt.closed = True
        if attempt.phase == "1":
            attempt.number = talk.number
        if talk.ike is attempt:
            talk.ike = None
        if talk.child is attempt:
            talk.child = None
        if talk.children.get(attempt.number) is attempt:
            del talk.children[attempt.number]
        if not attempt.empty:
            outcome, lead = conclude(attempt)
            failed = lead is not None and outcome is not Outcome.UP
            cause = lead.last.signature.cause if lead is not None and failed else None
            self.ledger.exchange(
                attempt.frozen(peer=talk.peer, section=self.section, outcome=outcome, cause=cause), lead
            )


def _fails(attempt: Attempt | None) -> TypeGuard[Attempt]:
    """Whether an attempt is about to fail, or has."""
    return attempt is not None and attempt.up is None and (attempt.ended is not None or bool(attempt.notes))


def _belongs(event: Event, attempt: Attempt, talk: Talk) -> bool:
    """Whether a known message speaks of an attempt that has ended: its aftermath, not another attempt."""
    if attempt.ended is None:
        return False
    since = talk.heard - attempt.ended_at
    if event.signature.id in attempt.notes:
        return since <= _ECHO and (event.signature.consequence or event.signature.cause == "ike.dpd-peer-lost")
    return since <= _AFTERMATH


def end(attempt: Attempt, talk: Talk, message: Message) -> None:
    """An exchange that has not come up is over."""
    if attempt.up is None and attempt.ended is None:
        attempt.ended = attempt.last = message
        attempt.ended_at = talk.heard
