"""The sentence that says more than the message: which attribute of which offer, which proxies, which policy lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.diagnose.negotiation.exchange import Story
    from vpn_check.diagnose.negotiation.offers import Offer

DEFAULT_POLICY = "65535"
_BY_PROXIES = {
    "ipsec.proxy-id-mismatch",
    "ipsec.crypto-map-order",
    "ipsec.no-matching-crypto-map",
    "ipsec.local-address-invalid",
}
_REACH = 12  # messages between a refusal and the request that it refuses
_GROUP = re.compile(r"Group ([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A sentence, the messages that it rests on, and how sure it makes the finding (None: no change)."""

    sentence: str
    places: tuple[int, ...]
    confidence: float | None = None


def detail(story: Story, cause: str, place: int) -> Detail | None:
    """What the exchange around a place adds to a finding of this cause."""
    if cause == "ike.policy-mismatch":
        return _refused_offers(story, place) or _policy_lists(story, place)
    if cause in _BY_PROXIES:
        return _proxies(story, place)
    return None


def _refused_offers(story: Story, place: int) -> Detail | None:
    offers = [
        offer
        for offer in story.offers
        if offer.phase == "1"
        and offer.accepted is not True
        and offer.refused_for is not None
        and story.section(offer.opened) == story.section(place)
        and story.exchange(offer.opened) == story.exchange(place)
    ]
    if not offers:
        return None
    configured = [offer for offer in offers if offer.priority != DEFAULT_POLICY]
    if not configured:
        shown = offers[-1]
        return Detail(
            sentence=(
                f"Only the default policy {DEFAULT_POLICY} was left to compare with, so no policy configured here"
                f" accepts what the peer offers: {shown.describe()}."
            ),
            places=_lines(shown),
        )
    shown = configured[-1]
    return Detail(
        sentence=" ".join(_comparison(offer) for offer in configured[-3:]),
        places=_lines(shown),
        confidence=0.9,
    )


def _comparison(offer: Offer) -> str:
    attribute = offer.refused_for or "an attribute"
    offered = offer.attributes.get(attribute)
    value = f" {offered}" if offered else ""
    name = {"group": "Diffie-Hellman group"}.get(attribute, attribute)
    number = f"Transform {offer.number}" if offer.number else "A transform"
    return f"{number} ({offer.describe()}): the policy of priority {offer.priority} refuses its {name}{value}."


def _lines(offer: Offer) -> tuple[int, ...]:
    return tuple(offer.places)


def _proxies(story: Story, place: int) -> Detail | None:
    here = story.section(place)
    near = [p for p in story.proxies if abs(p.place - place) <= _REACH and story.section(p.place) == here]
    if not near:
        return None
    before = [p for p in near if p.place <= place]
    shown = before[-1] if before else near[0]
    sentence = f"The request received names local {shown.local} and remote {shown.remote}."
    if shown.host_with_mask:
        sentence += (
            " A host address stands there beside the mask of a network (type 4): one side's list names a host, the"
            " other's the network."
        )
    return Detail(sentence=sentence, places=(shown.place,))


def _policy_lists(story: Story, place: int) -> Detail | None:
    received = [(at, text) for at, text in story.policies["Received"] if story.section(at) == story.section(place)]
    expected = [(at, text) for at, text in story.policies["Expected"] if story.section(at) == story.section(place)]
    if not received or not expected:
        return None
    sentence = f"Received: {_some(received)}. Expected here: {_some(expected)}."
    theirs, ours = ({g for _, text in side for g in _GROUP.findall(text)} for side in (received, expected))
    if theirs and ours and not theirs & ours:
        sentence += f" No Diffie-Hellman group is common: {_list(theirs)} against {_list(ours)}."
    return Detail(sentence=sentence, places=(received[0][0], expected[0][0]), confidence=0.95)


def _some(side: list[tuple[int, str]]) -> str:
    texts = list(dict.fromkeys(text for _, text in side))
    more = f" and {len(texts) - 3} more" if len(texts) > 3 else ""  # noqa: PLR2004  three can be read in one sentence
    return "; ".join(texts[:3]) + more


def _list(groups: set[str]) -> str:
    return ", ".join(sorted(groups, key=int))
