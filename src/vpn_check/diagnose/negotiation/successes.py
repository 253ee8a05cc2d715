"""What came up, as facts that other rules may lean on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.reading import Success

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.exchange import Story, Up
    from vpn_check.diagnose.negotiation.offers import Offer
    from vpn_check.diagnose.negotiation.quoting import Quoting

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
    return tuple(found.values())


def _sentence(story: Story, up: Up, peer: str | None, inbound: str | None, outbound: str | None) -> str:
    who = peer or "the peer"
    offer = _accepted_before(story, up)
    terms = f" ({offer.describe()})" if offer is not None and offer.describe() else ""
    if up.phase == "1":
        short = offer.short_life() if offer is not None else None
        hint = f"; its lifetime of {short} s is short" if short else ""
        return f"Phase 1 with {who} came up: the IKE SA is authenticated{terms}{hint}."
    spis = f", SPI {inbound} inbound and {outbound} outbound" if inbound and outbound else ""
    return f"Phase 2 with {who} came up: IPsec SAs were created{terms}{spis}."


def _accepted_before(story: Story, up: Up) -> Offer | None:
    accepted = [
        offer
        for offer in story.offers
        if offer.accepted
        and offer.phase == up.phase
        and offer.opened < up.place
        and story.section(offer.opened) == story.section(up.place)
    ]
    return accepted[-1] if accepted else None


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
