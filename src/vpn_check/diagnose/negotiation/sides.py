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
    if exchange.outcome is Outcome.REFUSED_BY_PEER:
        began = exchange.role is Role.INITIATOR
        return ["The peer refused what this device offered." if began else "The peer refused."]
    if exchange.outcome is Outcome.REFUSED_HERE and case.cause != "ike.psk-mismatch":
        offered = exchange.role is Role.RESPONDER
        return ["This device refused what the peer offered." if offered else "This device refused."]
    return []
