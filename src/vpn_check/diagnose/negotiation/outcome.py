"""How an exchange ended, and which of the known messages in it says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.matching import Event
from vpn_check.diagnose.negotiation.context import refused_by_peer, sharpened
from vpn_check.diagnose.negotiation.exchange import Noted, Outcome
from vpn_check.diagnose.negotiation.silence import silence
from vpn_check.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vpn_check.diagnose.negotiation.attempt import Attempt

_SILENT = {"ike.peer-unreachable", "ike.dpd-peer-lost", "ipsec.no-sa", "ike.negotiation-failed"}
"""Causes that are no refusal: something did not come."""
_GIVEN_UP_AFTER = 2  # messages sent again without an answer, where nobody says that it was given up


def conclude(attempt: Attempt) -> tuple[Outcome, Noted | None]:
    """The outcome, and the message that leads to it; a message that is missing where no other says why."""
    if attempt.up is not None:
        return Outcome.UP, leading(attempt.notes.values())
    found = leading(attempt.notes.values())
    if found is None or found.last.signature.consequence:
        found = _unsaid(attempt) or found
    if found is not None:
        found = sharpened(found, attempt)
    if found is None:
        return _unanswered(attempt) if attempt.resent or attempt.ended else Outcome.UNFINISHED, None
    signature = found.last.signature
    if signature.cause in _SILENT or not signature.patterns or (signature.consequence and attempt.resent):
        return _unanswered(attempt), found
    by_peer = refused_by_peer(found.first.message.text) or refused_by_peer(found.last.message.text)
    return Outcome.REFUSED_BY_PEER if by_peer else Outcome.REFUSED_HERE, found


def leading(notes: Iterable[Noted]) -> Noted | None:
    """The message that speaks for all: a cause before a consequence, then the gravest, the surest, the last."""
    serious = [noted for noted in notes if noted.last.signature.severity is not Severity.INFO]
    return max(serious, key=_weight, default=None)


def _weight(noted: Noted) -> tuple[bool, int, float, int, int]:
    signature = noted.last.signature
    return (
        not signature.consequence,
        -signature.severity.rank,
        signature.confidence,
        len(noted.last.groups),
        noted.last.message.order,
    )


def _unanswered(attempt: Attempt) -> Outcome:
    if attempt.sent and not attempt.received:
        return Outcome.NO_ANSWER
    if attempt.ended is None and attempt.resent < _GIVEN_UP_AFTER and not attempt.notes:
        return Outcome.UNFINISHED
    return Outcome.GIVEN_UP if attempt.received or not attempt.resent else Outcome.NO_ANSWER


def _unsaid(attempt: Attempt) -> Noted | None:
    """What the messages that were and were not exchanged say: more than a line that only follows from their lack."""
    if not attempt.sent or not (attempt.ended or attempt.resent >= _GIVEN_UP_AFTER):
        return None
    signature = silence(attempt)
    if signature is None:
        return None
    known = leading(attempt.notes.values())
    if known is not None:
        said = known.last.signature
        if said.cause == signature.cause and said.confidence >= signature.confidence:
            return known
    first, last = (
        Event(signature=signature, message=message, groups={}, peer=None, lines=len(message.raw))
        for message in (attempt.first, attempt.last)
    )
    return Noted(first=first, last=last)
