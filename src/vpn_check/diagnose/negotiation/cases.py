"""Which cases are to be told: a cause hides its consequences, a missing name does not make a second case."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from vpn_check.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vpn_check.diagnose.negotiation.ledger import Case

_FOLLOWS_FROM = {"ike.policy-mismatch": {"ike.no-key-for-peer"}}  # without a key, pre-shared authentication is refused
_SAYS_IT_AGAIN = {"ikev2-no-matching-policy": {"ikev2-esp-no-match", "asa-751022-no-crypto-map"}}
"""Signatures whose words also end an exchange that failed for the cause that the other signature names."""


def without_consequences(cases: list[Case]) -> list[Case]:
    """The cases that say something of their own."""
    cases = _adopt_unnamed(cases)
    of_peer: dict[tuple[int, str | None], list[Case]] = defaultdict(list)
    for case in cases:
        of_peer[case.section, case.peer].append(case)
    kept = []
    for case in cases:
        near = (
            [*of_peer[case.section, case.peer], *of_peer[case.section, None]]
            if case.peer is not None
            else [other for other in cases if other.section == case.section]
        )
        if not any(_hides(other, case) for other in near if other is not case):
            kept.append(case)
    return kept


def _hides(other: Case, case: Case) -> bool:
    """Whether a case is only what follows from another one of the same peer, or says the same once more."""
    if other.negotiation != case.negotiation or (other.settled and not case.settled):
        return False
    if other.cause in _FOLLOWS_FROM.get(case.cause, ()):
        return True
    if _SAYS_IT_AGAIN.get(case.lead.signature.id, set()) & other.notes.keys():
        return True
    if not case.consequence:
        return False
    if not other.consequence:
        return other.lead.signature.severity is not Severity.INFO
    return _weight(other) > _weight(case)


def _adopt_unnamed(cases: list[Case]) -> list[Case]:
    """A negotiation without a peer joins the only case of its cause that has one."""
    kept: list[Case] = []
    for case in cases:
        hosts = list(_hosts(case, cases)) if case.peer is None and case.negotiation else []
        if len(hosts) == 1:
            hosts[0].join(case)
        else:
            kept.append(case)
    return kept


def _hosts(case: Case, cases: Iterable[Case]) -> Iterable[Case]:
    alike = (case.cause, case.section, case.settled)
    return (c for c in cases if c.peer is not None and (c.cause, c.section, c.settled) == alike)


def _weight(case: Case) -> tuple[int, float]:
    return (-case.lead.signature.severity.rank, case.lead.signature.confidence)
