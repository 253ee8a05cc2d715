"""What came up, as facts that other rules may lean on."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.reading import Success

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.exchange import Story, Up
    from vpn_check.diagnose.negotiation.offers import Offer
    from vpn_check.diagnose.negotiation.quoting import Quoting

_REACH = 20  # offers back in which the one that was accepted stands
_BOTH_SPIS = (
    re.compile(r"inbound SA .{0,160}?has spi ([0-9A-Fa-fx]+)[ (].{0,200}?outbound SA .{0,160}?has spi ([0-9A-Fa-fx]+)"),
    re.compile(r"Inbound SPI = (0x[0-9A-Fa-f]+), Outbound SPI = (0x[0-9A-Fa-f]+)"),
)


def successes(story: Story, messages: Sequence[Message], quoting: Quoting) -> tuple[Success, ...]:
    """One success a phase and peer: the last one, with the SPIs where the device names both in one message."""
    found: dict[tuple[str, str | None, int], Success] = {}
    for up in story.ups:
        peer = up.peer or story.peer_at(up.place)
        key = (up.phase, peer, story.section(up.place))
        inbound, outbound = _spis(messages[up.place].text)
        known = found.get(key)
        if known is not None and inbound is None and known.inbound_spi is not None:
            continue
        found[key] = Success(
            phase=up.phase,
            peer=peer,
            summary=_sentence(story, up, peer, inbound, outbound),
            evidence=quoting.evidence([up.place]),
            inbound_spi=inbound,
            outbound_spi=outbound,
        )
    for offer in story.offers:
        if not offer.accepted or not offer.phase:
            continue
        peer = story.peer_at(offer.opened)
        section = story.section(offer.opened)
        if any((offer.phase, who, section) in found for who in (peer, None)):
            continue
        found[offer.phase, peer, section] = Success(
            phase=offer.phase,
            peer=peer,
            summary=_acceptance(story, offer, peer),
            evidence=quoting.evidence([offer.places[0], offer.places[-1]]),
            established=False,
        )
    return tuple(found.values())


def _acceptance(story: Story, offer: Offer, peer: str | None) -> str:
    place = bisect_left(story.offers, offer.opened, key=lambda o: o.opened)
    refused = 0
    for earlier in reversed(story.offers[:place]):
        if earlier.phase != offer.phase or earlier.accepted is not False:
            break
        refused += 1
    after = {0: "", 1: " after one that was refused"}.get(refused, f" after {refused} that were refused")
    mode = _mode(story, offer.opened) if offer.phase == "1" else ""
    kind = {"1": f"Phase 1{mode}", "2": "Phase 2"}[offer.phase]
    return f"{kind} with {peer or 'the peer'}: the offer {offer.describe()} was accepted{after}."


def _mode(story: Story, place: int) -> str:
    before = bisect_left(story.modes, (place, ""))
    return f" ({story.modes[before - 1][1]} mode)" if before else ""


def _sentence(story: Story, up: Up, peer: str | None, inbound: str | None, outbound: str | None) -> str:
    who = peer or "the peer"
    offer = _accepted_before(story, up)
    terms = f" ({offer.describe()})" if offer is not None and offer.describe() else ""
    if up.phase == "1":
        short = offer.short_life() if offer is not None else None
        hint = f"; its lifetime of {short} s is short" if short else ""
        return f"Phase 1 with {who} came up: the IKE SA is authenticated{terms}{hint}."
    if up.phase == "nhrp":
        return "NHRP came up: the next hop server answers."
    spis = f", SPI {inbound} inbound and {outbound} outbound" if inbound and outbound else ""
    return f"Phase 2 with {who} came up: IPsec SAs were created{terms}{spis}."


def _accepted_before(story: Story, up: Up) -> Offer | None:
    before = story.offers[: bisect_left(story.offers, up.place, key=lambda offer: offer.opened)]
    for offer in reversed(before[-_REACH:]):
        if offer.accepted and offer.phase == up.phase and story.section(offer.opened) == story.section(up.place):
            return offer
    return None


def _spis(text: str) -> tuple[str | None, str | None]:
    for pattern in _BOTH_SPIS:
        if (found := pattern.search(text)) is not None:
            return _hexadecimal(found[1]), _hexadecimal(found[2])
    return None, None


def _hexadecimal(word: str) -> str | None:
    try:
        return f"0x{int(word, 0):x}"
    except ValueError:
        return None
