"""Messages in order -> the story of the exchanges: offers, refusals, acceptances, what came up, who spoke when."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.offers import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.logtext import Message

_NEAR_BEFORE, _NEAR_AFTER = 60, 25  # messages over which a peer that was named is still the one being spoken with

_AGAINST = re.compile(r"[Cc]hecking ISAKMP transform(?: ([0-9]+))? against priority ([0-9]+) policy")
_PROPOSAL = re.compile(r"[Cc]hecking IPSec proposal ?([0-9]+)")
_ACCEPTED = re.compile(r"^atts are acceptable")
_REFUSED = re.compile(r"^atts (?:are )?not acceptable")
_SECTION = re.compile(r"^=+ ?[A-Za-z0-9_.\-]{1,40} ?=+$")
_FRESH = re.compile(r"^processing SA payload\. message ID = 0$|\(N\) NEW SA$|^OAK_(?:MM|AG) exchange")
_UP = (
    ("1", "SA has been authenticated"),
    ("1", "PHASE 1 COMPLETED"),
    ("1", "New State = IKE_P1_COMPLETE"),
    ("1", "SA UP. Reason"),
    ("2", "PHASE 2 COMPLETED"),
    ("2", "Creating IPSec SAs"),
    ("2", "IPSEC(create_sa): sa created"),
    ("2", "Crypto tunnel is UP"),
    ("2", "Crypto tunnel v2 is UP"),
    ("2", "Security negotiation complete"),
    ("2", "was successful at setting up a tunnel"),
    ("2", "New State = IKE_QM_PHASE2_COMPLETE"),
)
_UP_HINT = ("authenticated", "COMPLETE", "SA UP", "SAs", "created", "is UP", "complete", "successful")
_PROXIES = re.compile(
    r"(?:dest|local)_proxy= ?([^ ,]+)(?: \(type=([0-9])\))?, ?(?:src|remote)_proxy= ?([^ ,]+)(?: \(type=([0-9])\))?"
)
_SA_LINE = re.compile(r"\btransform= ((?:[a-z0-9\-]+ ){0,3}[a-z0-9\-]+)")
_LIST = re.compile(r"^(Received|Expected) Policies:\s*(.*)$")
_LISTED = re.compile(r"Proposal +[0-9]+: *(.+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """Something came up at this place of the log."""

    phase: str
    place: int
    peer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """The proxy identities of a request, as printed; `local` is what the peer calls its destination."""

    place: int
    local: str
    remote: str
    host_with_mask: bool


@dataclass(slots=True, kw_only=True)
class Story:
    """All that the exchanges of a log tell. Places are indexes of messages."""

    sections: list[int] = field(default_factory=list)
    exchanges: list[int] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    ups: list[Up] = field(default_factory=list)
    proxies: list[Proxies] = field(default_factory=list)
    named: list[tuple[int, str]] = field(default_factory=list)
    installed: list[tuple[int, str]] = field(default_factory=list)
    policies: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {"Received": [], "Expected": []})

    @property
    def peers(self) -> tuple[str, ...]:
        """Every peer named, in order."""
        return tuple(dict.fromkeys(peer for _, peer in self.named))

    def section(self, place: int) -> int:
        """Which device's part of the text a place belongs to."""
        return bisect_right(self.sections, place)

    def exchange(self, place: int) -> int:
        """Which phase 1 exchange a place belongs to."""
        return bisect_right(self.exchanges, place)

    def peer_at(self, place: int) -> str | None:
        """The peer that is being spoken with: the last one named, else the next one, within reach."""
        at = bisect_right(self.named, (place, "\uffff"))
        here = self.section(place)
        if at and place - self.named[at - 1][0] <= _NEAR_BEFORE and self.section(self.named[at - 1][0]) == here:
            return self.named[at - 1][1]
        after = bisect_left(self.named, (place, ""))
        if after < len(self.named):
            where, peer = self.named[after]
            if where - place <= _NEAR_AFTER and self.section(where) == here:
                return peer
        return None


def read_story(messages: Sequence[Message]) -> Story:
    """Walk the messages once."""
    story = Story()
    offer: Offer | None = None
    policy_list: str | None = None
    for place, message in enumerate(messages):
        text = message.text
        if message.peer is not None:
            story.named.append((place, message.peer))
        if text[:1] == "%":
            _note_up(story, message, place)
        elif text[:1] == "=" and _SECTION.match(text):
            story.sections.append(place)
            offer = None
        elif _FRESH.search(text):
            story.exchanges.append(place)
        elif "hecking I" in text and (opened := _open(text, place)) is not None:
            offer = opened
            story.offers.append(offer)
        elif text.startswith("atts "):
            _close(story, offer, text, place)
            offer = None
        elif offer is not None and offer.note(text, place):
            continue
        elif (found := _LIST.match(text)) is not None:
            policy_list = found[1]
            if (listed := _LISTED.search(found[2])) is not None:
                story.policies[policy_list].append((place, listed[1]))
        elif policy_list is not None and (listed := _LISTED.match(text)) is not None:
            story.policies[policy_list].append((place, listed[1]))
        else:
            _note_up(story, message, place)
        if "_proxy=" in text:
            _note_engine(story, text, place)
    return story


def _open(text: str, place: int) -> Offer | None:
    if (found := _AGAINST.search(text)) is not None:
        return Offer(phase="1", opened=place, number=found[1], priority=found[2], places=[place])
    if (found := _PROPOSAL.search(text)) is not None:
        return Offer(phase="2", opened=place, number=found[1], places=[place])
    return None


def _close(story: Story, offer: Offer | None, text: str, place: int) -> None:
    accepted = _ACCEPTED.match(text) is not None
    if not accepted and _REFUSED.match(text) is None:
        return
    if offer is None:
        offer = Offer(phase="", opened=place)
        story.offers.append(offer)
    offer.accepted = accepted
    offer.places.append(place)


def _note_up(story: Story, message: Message, place: int) -> None:
    if any(hint in message.text for hint in _UP_HINT):
        for phase, words in _UP:
            if words in message.text:
                story.ups.append(Up(phase=phase, place=place, peer=message.peer))
                return


def _note_engine(story: Story, text: str, place: int) -> None:
    if "initialize_sas" in text and (found := _SA_LINE.search(text)) is not None:
        story.installed.append((place, found[1].strip()))
    if "request" in text and (found := _PROXIES.search(text)) is not None:
        local, local_type, remote, remote_type = found.groups()
        odd = _host_with_mask(local, local_type) or _host_with_mask(remote, remote_type)
        story.proxies.append(Proxies(place=place, local=local, remote=remote, host_with_mask=odd))


def _host_with_mask(proxy: str, kind: str | None) -> bool:
    """A host address beside the mask of a network, sent as type 4 (address and mask)."""
    address, _, rest = proxy.partition("/")
    octets, masks = address.split("."), rest.split("/")[0].split(".")
    if kind != "4" or len(octets) != 4 or len(masks) != 4:  # noqa: PLR2004  dotted quads
        return False
    if not all(word.isdigit() for word in octets + masks):
        return False
    return any(int(octet) & ~int(mask) & 255 for octet, mask in zip(octets, masks, strict=True))
