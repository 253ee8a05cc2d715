"""The sentence that says more than the message: which attribute of which offer, which proxies, which policy lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.policies import compare

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.exchange import Exchange, Selectors
    from vpn_check.diagnose.negotiation.offers import Offer

DEFAULT_POLICY = "65535"
_BY_PROXIES = {
    "ipsec.proxy-id-mismatch",
    "ipsec.crypto-map-order",
    "ipsec.no-matching-crypto-map",
    "ipsec.local-address-invalid",
}
_NAMES = {"group": "Diffie-Hellman group"}
_CHECKED = ("encryption", "key length", "hash", "group", "authentication")
"""The order in which IOS compares; an attribute before the one refused is agreed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A sentence, the messages that it rests on, and how sure it makes the finding (None: no change)."""

    sentence: str
    messages: tuple[Message, ...]
    confidence: float | None = None


def detail(exchange: Exchange, cause: str, order: int) -> Detail | None:
    """What an exchange adds to a finding of this cause; `order` is the place of the message that leads to it."""
    if cause in {"ike.policy-mismatch", "ipsec.transform-mismatch", "ipsec.pfs-mismatch"}:
        phase = "1" if cause == "ike.policy-mismatch" else "2"
        return _refused_offers(exchange, phase) or _policy_lists(exchange)
    if cause in _BY_PROXIES:
        return _proxies(exchange, order)
    return None


def _refused_offers(exchange: Exchange, phase: str) -> Detail | None:
    offers = [
        offer
        for offer in exchange.offers
        if offer.phase == phase and offer.accepted is not True and (offer.refused_for is not None or offer.held)
    ]
    if not offers:
        return _offered(exchange, phase)
    known = [offer for offer in offers if offer.held]
    if known:
        return Detail(
            sentence=" ".join(dict.fromkeys(_both_sides(offer) for offer in known[-3:])),
            messages=tuple(message for offer in known[-3:] for message in offer.messages),
            confidence=0.95,
        )
    configured = [offer for offer in offers if offer.priority != DEFAULT_POLICY]
    if not configured:
        shown = offers[-1]
        return Detail(
            sentence=(
                f"Only the default policy {DEFAULT_POLICY} was left to compare with, so no policy configured here"
                f" accepts what the peer offers: {shown.describe()}."
            ),
            messages=tuple(shown.messages),
        )
    shown = configured[-1]
    return Detail(
        sentence=" ".join(dict.fromkeys(_comparison(offer) for offer in configured[-3:])),
        messages=tuple(shown.messages),
        confidence=0.9,
    )


def _offered(exchange: Exchange, phase: str) -> Detail | None:
    """What the peer wanted of phase 2; the device does not say which attribute it dislikes."""
    offers = [o for o in exchange.offers if o.phase == phase == "2" and o.accepted is False and o.attributes]
    if not offers:
        return None
    words = list(dict.fromkeys(offer.describe() for offer in offers if offer.describe()))
    if not words:
        return None
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""  # noqa: PLR2004  three can be read in one sentence
    return Detail(sentence=f"The peer offers: {'; '.join(words[:3])}{more}.", messages=tuple(offers[-1].messages[-4:]))


def _both_sides(offer: Offer) -> str:
    name = offer.refused_for or "attribute"
    theirs, ours = offer.attributes.get(name, "?"), offer.held.get(name, "?")
    return f"The {_NAMES.get(name, name)} differs: they offer {theirs}, we hold {ours}."


def _comparison(offer: Offer) -> str:
    attribute = offer.refused_for or "an attribute"
    offered = offer.attributes.get(attribute)
    value = f" {offered}" if offered else ""
    number = f"Transform {offer.number}" if offer.number else "A transform"
    agreed = _agreed(offer)
    but = f" agrees on {agreed} and" if agreed else ""
    return (
        f"{number} ({offer.describe()}): the policy of priority {offer.priority}{but} refuses its"
        f" {_NAMES.get(attribute, attribute)}{value}."
    )


def _agreed(offer: Offer) -> str:
    """What was compared before the attribute that was refused, and so agrees."""
    if offer.refused_for not in _CHECKED:
        return ""
    before = _CHECKED[: _CHECKED.index(offer.refused_for)]
    return ", ".join(offer.attributes[name] for name in before if name in offer.attributes)


def _proxies(exchange: Exchange, order: int) -> Detail | None:
    received = [selectors for selectors in exchange.selectors if not selectors.asked]
    if not received:
        return _asked(exchange.selectors)
    before = [selectors for selectors in received if selectors.message.order <= order]
    shown = before[-1] if before else received[0]
    sentence = f"The request received names local {shown.local} and remote {shown.remote}."
    if shown.host_with_mask:
        sentence += (
            " A host address stands there beside the mask of a network (type 4): one side's list names a host, the"
            " other's the network."
        )
    return Detail(sentence=sentence, messages=(shown.message,))


def _asked(selectors: tuple[Selectors, ...]) -> Detail | None:
    if not selectors:
        return None
    shown = selectors[-1]
    return Detail(sentence=f"We asked for local {shown.local} and remote {shown.remote}.", messages=(shown.message,))


def _policy_lists(exchange: Exchange) -> Detail | None:
    received, expected = exchange.policies
    if not received or not expected:
        return None
    sentence = f"Received: {_some(received)}. Expected here: {_some(expected)}."
    difference = compare([text for _, text in received], [text for _, text in expected])
    if difference:
        sentence += f" {difference}"
    return Detail(sentence=sentence, messages=(received[0][0], expected[0][0]), confidence=0.95)


def _some(side: tuple[tuple[Message, str], ...]) -> str:
    texts = list(dict.fromkeys(text for _, text in side))
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""  # noqa: PLR2004  three can be read in one sentence
    return "; ".join(texts[:3]) + more
