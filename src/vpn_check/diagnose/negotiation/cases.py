"""Which cases are to be told: a cause hides its consequences, a missing name does not make a second case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Severity

if TYPE_CHECKING:
    from vpn_check.diagnose.negotiation.ledger import Case

_FOLLOWS_FROM = {"ike.policy-mismatch": {"ike.no-key-for-peer"}}  # without a key, pre-shared authentication is refused
_SAYS_IT_AGAIN = {"ikev2-no-matching-policy": {"ikev2-esp-no-match", "asa-751022-no-crypto-map"}}
"""Signatures whose words also end an exchange that failed for the cause that the other signature names."""


def without_consequences(cases: list[Case]) -> list[Case]:
    """The cases that say something of their own."""
    cases = _adopt_unnamed(cases)
    causes = [c for c in cases if not c.consequence and c.lead.signature.severity is not Severity.INFO]
    cases = [c for c in cases if not any(o.cause in _FOLLOWS_FROM.get(c.cause, ()) and _explains(o, c) for o in cases)]
    cases = [c for c in cases if not any(_restates(c, o) and _explains(o, c) for o in cases)]
    kept = [c for c in cases if not c.consequence or not any(_explains(cause, c) for cause in causes)]
    followers = [c for c in kept if c.consequence]
    for case in followers:
        surer = [c for c in followers if c is not case and _explains(c, case)]
        if any(_weight(c) > _weight(case) for c in surer):
            kept.remove(case)
    return kept


def _adopt_unnamed(cases: list[Case]) -> list[Case]:
    """A negotiation without a peer joins the only case of its cause that has one."""
    kept: list[Case] = []
    for case in cases:
        hosts = [c for c in cases if c.peer is not None and _alike(c, case)] if case.peer is None else []
        if len(hosts) == 1 and case.negotiation:
            hosts[0].join(case)
        else:
            kept.append(case)
    return kept


def _alike(one: Case, other: Case) -> bool:
    return (one.cause, one.section, one.settled) == (other.cause, other.section, other.settled)


def _restates(case: Case, other: Case) -> bool:
    return bool(_SAYS_IT_AGAIN.get(case.lead.signature.id, set()) & other.notes.keys())


def _weight(case: Case) -> tuple[int, float]:
    return (-case.lead.signature.severity.rank, case.lead.signature.confidence)


def _explains(cause: Case, case: Case) -> bool:
    same_peer = cause.peer is None or case.peer is None or cause.peer == case.peer
    return (
        cause.negotiation == case.negotiation
        and cause.section == case.section
        and same_peer
        and (cause.settled == case.settled or not cause.settled)
    )
