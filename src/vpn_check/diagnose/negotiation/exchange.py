"""Messages in order -> the story of the exchanges: offers, refusals, acceptances, what came up, who spoke when."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.offers import Offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.diagnose.logtext import Message

_NEAR_BEFORE, _NEAR_AFTER = 60, 25  # messages over which a peer that was named is still the one being spoken with

ANYBODY = "*"  # stands for whichever peer it was

_AGAINST = re.compile(r"[Cc]hecking ISAKMP transform(?: ([0-9]+))? against priority ([0-9]+) policy")
_PROPOSAL = re.compile(r"[Cc]hecking IPSec proposal ?([0-9]+)")
_ACCEPTED = re.compile(r"^atts are acceptable")
_REFUSED = re.compile(r"^atts (?:are )?not acceptable")
_NUMBER = re.compile(r"\((?:SESSION ID = [0-9]+, ?)?(?:SA ID = )?(?:[0-9]+:)?([0-9]{1,9})\)")
_SECTION = re.compile(r"^=+ ?[A-Za-z0-9_.\-]{1,40} ?=+$")
_FRESH = re.compile(r"^processing SA payload\. message ID = 0$|\(N\) NEW SA$|^OAK_(?:MM|AG) exchange")
_UP = (
    ("1", "SA has been authenticated"),
    ("1", "PHASE 1 COMPLETED"),
    ("1", "New State = IKE_P1_COMPLETE"),
    ("1", "SA UP. Reason"),
    ("1", "%IKEV2-5-SA_UP"),
    ("1", "Received keep-alive of type DPD R-U-THERE"),
    ("1", "processing NOTIFY DPD/R_U_THERE"),
    ("1", "IKEV2 SA created; inserting SA into database"),
    ("1", "Session with IKE ID PAIR"),
    ("2", "Load IPSEC key material"),
    ("2", "Creation of IPsec SA into IPsec database PASSED"),
    ("2", "LAN-to-LAN SA (SPI"),
    ("2", "socket is UP"),
    ("2", "FLEXVPN_CONNECTION_UP"),
    ("2", "EZVPN_CONNECTION_UP"),
    ("nhrp", "NHRP_NHS_UP"),
    ("2", "PHASE 2 COMPLETED"),
    ("2", "Creating IPSec SAs"),
    ("2", "IPSEC(create_sa): sa created"),
    ("2", "Crypto tunnel is UP"),
    ("2", "Crypto tunnel v2 is UP"),
    ("2", "Security negotiation complete"),
    ("2", "was successful at setting up a tunnel"),
    ("2", "New State = IKE_QM_PHASE2_COMPLETE"),
)
_UP_HINT = (
    *("authenticated", "COMPLETE", "SA UP", "SAs", "created", "is UP", "complete", "successful"),
    *("SA_UP", "key mat", "PASSED", "R-U-THERE", "R_U_THERE", "TION_UP", "NHS_UP"),
)
_PROXIES = re.compile(
    r"(?:dest|local)_proxy= ?([^ ,]+)(?: \(type=([0-9])\))?, ?(?:src|remote)_proxy= ?([^ ,]+)(?: \(type=([0-9])\))?"
)
_SA_LINE = re.compile(r"\btransform= ((?:[a-z0-9\-]+ ){0,3}[a-z0-9\-]+)")
_MODE = re.compile(r"\b(?:OAK_)?(AG|MM)(?: exchange|_[A-Z])")
_LIST = re.compile(r"^(Received|Expected) Policies:\s*(.*)$")
_LISTED = re.compile(r"(?:^|[: ]|policy)(?:(?:ESP|AH): )?Proposal +[0-9]+: *(.+)$")


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
    modes: list[tuple[int, str]] = field(default_factory=list)
    named: list[tuple[int, str]] = field(default_factory=list)
    installed: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    last: dict[tuple[str, int, str | None], int] = field(default_factory=dict)
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

    def remember(self) -> None:
        """Note the last place at which each peer got so far, so that asking for it later is one look."""
        for up in self.ups:
            self._reached("up " + up.phase, up.place, up.peer or self.peer_at(up.place))
        for offer in self.offers:
            if offer.accepted:
                self._reached("accepted " + offer.phase, offer.places[-1], self.peer_at(offer.opened))

    def _reached(self, what: str, place: int, peer: str | None) -> None:
        section = self.section(place)
        for key in ((what, section, peer), (what, section, ANYBODY)):
            self.last[key] = max(self.last.get(key, -1), place)

    def reached_after(self, what: str, place: int, peer: str | None) -> bool:
        """Whether the same peer (or one that is not named) got that far after this place."""
        section = self.section(place)
        peers = (ANYBODY,) if peer is None else (peer, None)
        return any(self.last.get((what, section, who), -1) > place for who in peers)

    def peer_at(self, place: int) -> str | None:
        """The peer that is being spoken with: the last one named under the same number, else the next, within reach.

        A debug numbers its exchanges; where several run at once, the number tells whose line it is.
        """
        at = bisect_right(self.named, (place, "\uffff"))
        here, number = self.section(place), self._number(place)
        elsewhere: str | None = None
        for where, peer in reversed(self.named[max(0, at - _NEAR_BEFORE) : at]):
            if place - where > _NEAR_BEFORE or self.section(where) != here:
                break
            if not number or self._number(where) in {"", number}:
                return peer
            elsewhere = elsewhere or peer
        for where, peer in self.named[at : at + _NEAR_AFTER]:
            if where - place > _NEAR_AFTER or self.section(where) != here:
                break
            if not number or self._number(where) in {"", number}:
                return peer
        return elsewhere

    def _number(self, place: int) -> str:
        return self.numbers[place] if place < len(self.numbers) else ""


def read_story(messages: Sequence[Message]) -> Story:
    """Walk the messages once."""
    reader = _Reader()
    for place, message in enumerate(messages):
        reader.take(place, message)
    reader.story.remember()
    return reader.story


class _Reader:
    """Takes the messages one by one; holds the offer that is under check and the policy list that is being printed."""

    def __init__(self) -> None:
        self.story = Story()
        self._offer: Offer | None = None
        self._list: str | None = None

    def take(self, place: int, message: Message) -> None:
        """Note what this message tells."""
        text = message.text
        number = _NUMBER.search(message.prefix) if message.prefix else None
        self.story.numbers.append(number[1] if number is not None else "")
        if message.peer is not None:
            self.story.named.append((place, message.peer))
        if text[:1] == "%":
            _note_up(self.story, message, place)
            return
        if (mode := _MODE.search(text)) is not None:
            self.story.modes.append((place, "aggressive" if mode[1] == "AG" else "main"))
        if self._marks(place, text) or self._offers(place, text) or self._policies(place, text):
            return
        _note_up(self.story, message, place)
        if "_proxy=" in text:
            _note_engine(self.story, text, place)

    def _marks(self, place: int, text: str) -> bool:
        """Where another device's text, or another exchange, begins."""
        if text[:1] == "=" and _SECTION.match(text):
            self.story.sections.append(place)
            self._offer = self._list = None
            return True
        if _FRESH.search(text):
            self.story.exchanges.append(place)
            return True
        return False

    def _offers(self, place: int, text: str) -> bool:
        if "hecking I" in text and (opened := _open(text, place)) is not None:
            self._offer = opened
            self.story.offers.append(opened)
            return True
        if text.startswith("atts "):
            _close(self.story, self._offer, text, place)
            self._offer = None
            return True
        return self._offer is not None and self._offer.note(text, place)

    def _policies(self, place: int, text: str) -> bool:
        rest = text
        if (found := _LIST.match(text)) is not None:
            self._list, rest = found[1], found[2]
        if self._list is not None and (listed := _LISTED.search(rest)) is not None:
            self.story.policies[self._list].append((place, listed[1]))
            return True
        return found is not None


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
                if words != "LAN-to-LAN SA (SPI" or "has been created" in message.text:
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
