"""With whom a message is spoken: devices number their IKE SAs, name their peers, or leave both to the reader.

IOS numbers IKE SAs by conn-id (0 until there is one), IKEv2 by session and SA ID, PIX 6 names both ends before each
block, ASA names the peer in every line. A number that is used again for another peer is another IKE SA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.attempt import Attempt
from vpn_check.diagnose.negotiation.exchange import Mode

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message

_REACH = 60  # messages over which a line without name or number still belongs to what was spoken before
_MOST_TALKS = 5000  # IKE SAs that are kept in mind at once
_NUMBER = re.compile(r"\((?:SESSION ID = (?P<session>[0-9]+), ?)?(?:SA ID = )?(?:[0-9]+:)?(?P<number>[0-9]{1,9})\b")


@dataclass(slots=True, kw_only=True)
class Talk:
    """What is spoken under one IKE SA: the negotiation of it, and those of its child SAs by message ID.

    `cookie`: the initiator's SPI; `by_us`: who sent the packet that is spoken of; `announced`: the exchange that a
    block belongs to; `last`, `heard`: the place of its last message, and how many there were.
    """

    version: int
    number: str = ""
    session: str = ""
    peer: str | None = None
    local: str | None = None
    cookie: str | None = None
    ike: Attempt | None = None
    child: Attempt | None = None
    children: dict[str, Attempt] = field(default_factory=dict)
    is_up: bool = False
    by_us: bool | None = None
    announced: Mode = Mode.UNKNOWN
    last: int = 0
    heard: int = 0


@lru_cache(maxsize=4096)
def _spoken(prefix: str) -> tuple[int, str, str]:
    """(IKE version, number, session) of a debug prefix; version 0 where it tells none."""
    found = _NUMBER.search(prefix)
    number, session = (found["number"], found["session"] or "") if found is not None else ("", "")
    if prefix.startswith("ISAKMP"):
        return 1, number, ""
    if "KEv2" in prefix:
        return 2, number, session
    return (1 if "IKEv1" in prefix else 0), "", ""


class Floor:
    """Finds the talk that a message belongs to; opens one where there is none. `closed` takes talks that are over."""

    def __init__(self) -> None:
        self.peers: dict[str, None] = {}
        self.over: list[Talk] = []
        self._numbered: dict[tuple[int, str], Talk] = {}
        self._of_peer: dict[str, Talk] = {}
        self._all: dict[int, Talk] = {}
        self._current: Talk | None = None
        self._latest: dict[int, Talk] = {}
        self._unnumbered: dict[int, Talk] = {}

    def all_talks(self) -> list[Talk]:
        """Every talk that may still go on."""
        return list(self._all.values())

    def clear(self) -> None:
        """Another device speaks from here on."""
        self.over += self._all.values()
        for held in (self._numbered, self._of_peer, self._all, self._unnumbered, self._latest):
            held.clear()
        self._current = None

    def pause(self) -> None:
        """Another text begins: what is unnamed and unnumbered there has nothing to do with what stood before."""
        self._current = None
        self._unnumbered.clear()
        self._latest.clear()

    def talk(self, message: Message, peer: str | None = None) -> Talk:
        """The talk of a message. `peer` is known better than by the message itself."""
        version, number, session = _spoken(message.prefix) if message.prefix else (0, "", "")
        peer = peer or message.peer
        known = self._numbered.get((version, number))
        if known is not None and known.peer is not None and (not session or known.session in {"", session}):
            known.session = session or known.session
            known.last = message.order
            known.heard += 1
            self._current = self._latest[version] = self._of_peer[known.peer] = known
            return known
        if version == 2:  # noqa: PLR2004  IKEv2
            found = self._by_number(message, version, number, session, peer)
        elif version == 1 and message.prefix[0] != "[" and (number or peer is not None):
            found = self._by_number(message, version, number, "", peer)
        elif peer is not None:
            found = self._by_name(message, version, peer)
        else:
            found = self._nearby(message, version)
        found.version = found.version or version
        return self._keep(found, message, peer)

    def rename(self, talk: Talk, peer: str, message: Message, *, version: int = 0) -> Talk:
        """A packet line or the like names the peer for certain: the talk is with it, or another one begins.

        `version` of IKE, where the message has no prefix that tells it.
        """
        if talk.peer == peer:
            return talk
        if talk.peer is not None:
            told, number, _ = _spoken(message.prefix) if message.prefix else (0, "", "")
            if number.strip("0") and number == talk.number:  # the number is used again, for another peer
                self._retire(talk)
                talk = Talk(version=talk.version, number=number, session=talk.session)
                self._numbered[talk.version, number] = talk
            else:
                talk = self._without_number(message, version or told or talk.version, peer)
        talk.version = talk.version or version
        return self._keep(talk, message, peer)

    def restart(self, talk: Talk, message: Message) -> Talk:
        """The same number is used for another IKE SA from here on."""
        fresh = Talk(version=talk.version, number=talk.number, session=talk.session, local=talk.local)
        self._retire(talk)
        if talk.number:
            self._numbered[talk.version, talk.number] = fresh
        return self._keep(fresh, message, talk.peer)

    def _by_number(self, message: Message, version: int, number: str, session: str, peer: str | None) -> Talk:
        if not number.strip("0"):
            return self._without_number(message, version, peer, zero=bool(number))
        talk = self._numbered.get((version, number))
        if talk is not None and session and talk.session and session != talk.session:
            self._retire(talk)
            talk = None
        if talk is None:
            talk = self._adopted(message, version, peer) or Talk(version=version)
            talk.number = number
            self._numbered[version, number] = talk
            if self._unnumbered.get(version) is talk:
                del self._unnumbered[version]
        talk.session = session or talk.session
        return talk

    def _adopted(self, message: Message, version: int, peer: str | None) -> Talk | None:
        """The talk that gets its number now: the last one that had none."""
        talk = self._unnumbered.get(version)
        if talk is None or talk.number or message.order - talk.last > _REACH:
            talk = self._of_peer.get(peer) if peer is not None else None
        if talk is None or talk.number or talk.version not in {0, version}:
            return None
        return talk if peer is None or talk.peer in {None, peer} else None

    def _without_number(self, message: Message, version: int, peer: str | None, *, zero: bool = True) -> Talk:
        """The talk of a line that bears no number. `zero`: it bears a 0, so its IKE SA has no number yet."""
        held = self._unnumbered.get(version) if zero or peer is not None else None
        if held is not None and message.order - held.last > _REACH:
            held = None
        if peer is None:
            return held or self._nearby(message, version)
        talk = self._of_peer.get(peer)
        if talk is not None and not talk.number and talk.version in {0, version}:
            return talk
        if held is not None and held.peer is None:
            return held
        return self._nameless(message, version) or Talk(version=version)

    def _by_name(self, message: Message, version: int, peer: str) -> Talk:
        talk = self._of_peer.get(peer)
        if talk is not None and (not version or talk.version in {0, version}):
            return talk
        return self._nameless(message, version) or Talk(version=version)

    def _nameless(self, message: Message, version: int) -> Talk | None:
        """The talk just heard, if its peer was not named yet: it is named now."""
        held = self._current
        if held is None or held.peer is not None or message.order - held.last > _REACH:
            return None
        return held if not version or (held.version in {0, version} and not held.number) else None

    def _nearby(self, message: Message, version: int) -> Talk:
        held = self._current
        if held is not None and version and held.version not in {0, version}:
            held = self._latest.get(version)
        if held is not None and message.order - held.last <= _REACH:
            return held
        return Talk(version=version)

    def _keep(self, talk: Talk, message: Message, peer: str | None) -> Talk:
        if peer is not None and talk.peer is None:
            talk.peer = peer
            self.peers.setdefault(peer)
        if talk.peer is not None:
            self._of_peer[talk.peer] = talk
        if id(talk) not in self._all:
            self._all[id(talk)] = talk
            if len(self._all) > _MOST_TALKS:
                for oldest in sorted(self._all.values(), key=lambda held: held.last)[: _MOST_TALKS // 5]:
                    self._retire(oldest)
        if not talk.number and talk.version:
            self._unnumbered[talk.version] = talk
        talk.last = message.order
        talk.heard += 1
        self._current = self._latest[talk.version] = talk
        return talk

    def _retire(self, talk: Talk) -> None:
        self.over.append(talk)
        self._all.pop(id(talk), None)
        if self._numbered.get((talk.version, talk.number)) is talk:
            del self._numbered[talk.version, talk.number]
        if talk.peer is not None and self._of_peer.get(talk.peer) is talk:
            del self._of_peer[talk.peer]
        if self._current is talk:
            self._current = None
        for latest in (self._unnumbered, self._latest):
            if latest.get(talk.version) is talk:
                del latest[talk.version]
