"""On which side it was refused, and where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.context import refused_by_peer
from vpn_check.diagnose.negotiation.exchange import NEGOTIATION, Outcome
from vpn_check.model.finding import Severity, Side
from vpn_check.model.sa import Role

if TYPE_CHECKING:
    from vpn_check.diagnose.negotiation.ledger import Case

_BOTH = {
    "ike.policy-mismatch",
    "ike.psk-mismatch",
    "ipsec.transform-mismatch",
    "ipsec.proxy-id-mismatch",
    "ipsec.pfs-mismatch",
}
"""Causes in which the two sides differ: either may be the one to change."""
_HERE = {
    "ike.no-key-for-peer",
    "ipsec.no-matching-crypto-map",
    "ipsec.local-address-invalid",
    "ipsec.crypto-map-order",
    "config.hardware-unsupported",
}
_SILENT = {"ike.peer-unreachable", "ike.dpd-peer-lost"}


def side_of(case: Case) -> Side:
    """Where the fault lies, as far as this device can tell."""
    lead = case.lead
    if lead.signature.severity is Severity.INFO or lead.signature.phase not in NEGOTIATION:
        return Side.UNDECIDED
    if case.cause in _BOTH:
        return Side.BOTH
    if case.cause in _SILENT:
        return Side.BEYOND
    if case.cause in _HERE and not refused_by_peer(lead.message.text):
        return Side.HERE
    return Side.PEER if refused_by_peer(lead.message.text) else Side.UNDECIDED


def who_refused(case: Case) -> list[str]:
    """Who said no, where the exchange shows it."""
    exchange = case.exchange
    if exchange is None or case.cause in _SILENT:
        return []
    began = (
        {
            Role.INITIATOR: "this device began it",
            Role.RESPONDER: "the peer began it",
        }.get(exchange.role)
        if exchange.role is not None
        else None
    )
    tail = f"; {began}" if began else ""
    if exchange.outcome is Outcome.REFUSED_BY_PEER:
        return [f"It was the peer that refused{tail}."]
    if exchange.outcome is Outcome.REFUSED_HERE:
        return [f"It was this device that refused{tail}."]
    return []
