"""Lines of debug and syslog -> messages.

A message is what the device said in one breath, whatever became of it on the way: the time stamps and the headers of
relays are cut off, debug prefixes stand apart, wrapped lines are joined again and glued ones are parted. Each message
remembers the lines it came from, so that it can be quoted as it stood.

A long log is read by the shapes of its lines (see shapes.py): only what somebody listens for becomes a message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from vpn_check.diagnose.addresses import named_peer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vpn_check.model.log import LogLine


class Message(NamedTuple):
    """One message. `text` has no stamp and no debug prefix; `where` are (source, line) of all lines it came from.

    `order` grows along the log. `cues` are the numbers of the words listened for that may stand in it.
    """

    text: str
    prefix: str = ""
    time: str = ""
    peer: str | None = None
    raw: tuple[str, ...] = ()
    where: tuple[tuple[int, int], ...] = ()
    order: int = 0
    cues: tuple[int, ...] = ()


_CLOCK = r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,6})?"
_STAMP = re.compile(
    r"(?:<[0-9]{1,3}>)?(?:[0-9]{1,10}: +)?[*.]?(?P<time>"
    r"[A-Z][a-z]{2} {1,2}[0-9]{1,2} (?:[0-9]{4} )?" + _CLOCK + r"(?: ?[A-Z]{2,5}(?![A-Za-z0-9_%-]))?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]" + _CLOCK + r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    r"|[0-9]{1,3}[ywdYWD][0-9]{1,2}[wdhWDH](?=:)"
    r"|" + _CLOCK + r"(?=:))"
    r"(?: ?:)? *(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3} (?:[0-9]{1,10}: *)?)?"
)
_ASDM = re.compile(
    r"[0-7][|\t](?P<time>[A-Z][a-z]{2} [0-9]{1,2} [0-9]{4}[|\t]" + _CLOCK + r")[|\t][0-9]{6}[|\t](?:[^|\t]*[|\t]){4}"
)
"""The log viewer of ASDM: severity, date, time, number, and both ends with their ports, in columns."""
_RELAY = re.compile(r"(?:<[0-9]{1,3}>)?[A-Za-z0-9_.:\-/ ]{0,80}(?=%[A-Z])|<[0-9]{1,3}>(?:[0-9]{1,10}: *)?")
_PREFIX = re.compile(
    r"ISAKMP(?:-[A-Z]{2,8})?(?![A-Z_a-z]) ?:? ?(?:\([0-9A-Z?:]{1,24}\))? ?[:;]* *"
    r"|I?KEv2(?:-(?:PROTO|PLAT|ERROR|INTERNAL|PAK|CFG|NET)(?:-[0-9])?)? ?:? ?"
    r"(?:\([^()]{0,60}\) ?)?:* *"
    r"|\[IKEv[12][^\]]{0,12}\] ?:? *"
)
_SPEECH_FORMS = (
    r"%>?[A-Z]|ISAKMP|IPSEC ?\(|IPSec ?\(|I?KEv2[:-]|\[IKEv|[Cc]rypto_|oakley_|OAK_|return status|HW_VPN-|map_db_"
    r"|ICMP: |CRYPTO_|NHRP: |Group = |IP = "
)
_SPEECH = re.compile(_SPEECH_FORMS)
_STRONG = re.compile(
    _SPEECH_FORMS + r"|Sending [0-9]+, |Success rate|Protocol \[|=[A-Za-z]|[!#]"
    r"|[A-Za-z0-9_.\-]{1,63}(?:\([a-z0-9\-]{1,30}\))?[#>](?=$|[a-z ])|dst +src|debug "
)
_WEAK = re.compile(
    r"(?:[Cc]hecking I|processing [A-Z]|encryption (?:3?DES|AES)|hash (?:MD5|SHA)|(?:default group|group is) [0-9]"
    r"|auth(?:enticator is| (?:pre|rsa|RSA|X))|keylength of|life (?:type|duration)|SA life|HMAC alg|encaps is"
    r"|atts (?:are|not)"
    r"|attributes in tr|transform [0-9]+, |SKEYID|SA (?:has been|not acc|is doing)|no offers|phase [12] SA"
    r"|Proposal +[0-9]"
    r"|(?:Received|Expected) Pol|INITIAL_CONT|Target IP|Repeat count|Datagram size|Timeout in|Extended com"
    r"|Source address or|Type of serv|Set DF|Validate rep|Data pattern|Loose, Str|Sweep range|Type escape"
    r"|[!.MU?&]+$|(?:in|out)bound (?:esp|ah) sas|interface: |Crypto map )"
)
_CARRIED = re.compile(
    r"(?:in|out)bound SA (?:from|to)|\(proxy |has spi|lifetime of|\(key eng\. msg|\((?:prot|port) [0-9]|peer address"
    r"|connection id=|(?:local|remote|src|dest)_proxy=|protocol= |lifedur= |spi= |\(sa\) sa_dest|sa_(?:spi|trans)="
)
_DANGLING = re.compile(
    r"(?:[,:=(]|\bfrag\.|\b(?:failed|its|with|from|peer|for|to|of|has|the|a|an|and|is|IKE|not|at"
    r"|transform proposal|remote|connection|packet))$"
)
_GLUED = re.compile(
    r"(?<=[0-9A-Z])(?=IPSEC\([a-z_]{3,30}\):)|(?<=proposal [0-9])(?=transform [0-9])"
    r"|(?<=[^ ]) (?=[*.]?[A-Z][a-z]{2} {1,2}[0-9]{1,2} " + _CLOCK + r"(?: [A-Z]{2,5})?: ?%>?[A-Z])"
)
_SPACES = re.compile(r"\s+")
_BLOCK = ("IPSEC", "IPSec", "Creating IPSec", "%ASA", "%PIX", "%FTD", "%PKI")
_MAX_BLOCK, _MAX_WRAP = 12, 4


def read(lines: Iterable[LogLine]) -> tuple[Message, ...]:
    """Join, part and clean the lines of all sources into messages, in their order."""
    joiner = Joiner()
    found = [message for line in lines for message in joiner.take(line.text, line.source, line.line)]
    if (last := joiner.close()) is not None:
        found.append(last)
    return tuple(
        message._replace(peer=named_peer(message.text), order=order) for order, message in enumerate(found)
    )


class Joiner:
    """Joins lines that it is given one by one; a message is finished when the next begins. Peers are not named."""

    def __init__(self) -> None:
        self._draft: Draft | None = None

    def take(self, line: str, source: int, number: int) -> Iterator[Message]:
        """Take a line; yields the messages that end before it."""
        for piece in pieces(line):
            time, rest, stamped = stamp(piece)
            ended = self.piece(rest, time, nature(rest, stamped=stamped), source, number, line)
            if ended is not None:
                yield ended

    def piece(self, text: str, time: str, kind: Nature, source: int, number: int, line: str) -> Message | None:
        """Take what is left of a piece of a line without its header; returns the message that ends before it."""
        draft = self._draft
        if draft is not None and draft.source == source and draft.takes(text, time, kind):
            draft.add(text, kind, number, line)
            return None
        ended = self.close()
        self._draft = Draft(text, time, kind, source, number, line)
        return ended

    def close(self) -> Message | None:
        """The message that is held, if any: it does not go on."""
        draft, self._draft = self._draft, None
        return draft.message() if draft is not None else None


def pieces(text: str) -> Sequence[str]:
    """The messages that stand in one line; mostly one, none in a blank line."""
    flat = text.strip().lstrip("> ") if text[:1] == ">" else text.strip()
    if not flat:
        return ()
    flat = flat.replace("\xa0", " ").replace("\u2019", "'")
    if flat.find("IPSEC(", 1) > 0 or flat.count("%") > 1 or "transform" in flat:
        return [piece for piece in _GLUED.split(flat) if piece]
    return (flat,)


def stamp(text: str) -> tuple[str, str, bool]:
    """(time as printed, the rest, whether the line had a header of any kind)."""
    time, rest = "", text
    if text[1:2] in {"|", "\t"} and (found := _ASDM.match(text)) is not None:
        return found["time"].replace("|", " ").replace("\t", " "), text[found.end() :], True
    for _ in range(3):
        found = _STAMP.match(rest)
        if found is None or not found.end():
            break
        time, rest = found["time"], rest[found.end() :].lstrip(" :")
    if rest[:1] != "%" and "%" in rest[:90] and not rest.startswith(("IKEv2", "KEv2", "ISAKMP", "ICMP")):
        relay = _RELAY.match(rest)
        if relay is not None and relay.end():
            return time, rest[relay.end() :], True
    return time, rest, rest is not text


class Nature(NamedTuple):
    """How a piece stands to what is around it; it depends on the form of its text, not on which digits stand in it."""

    stamped: bool
    speech: bool
    strong: bool
    weak: bool
    carried: bool
    dangling: bool
    block: bool


def nature(text: str, *, stamped: bool) -> Nature:
    """The nature of a text cut off from its header; `stamped`: it had one."""
    return Nature(
        stamped=stamped,
        speech=_SPEECH.match(text) is not None,
        strong=_STRONG.match(text) is not None,
        weak=_WEAK.match(text) is not None,
        carried=_CARRIED.match(text) is not None,
        dangling=_DANGLING.search(text) is not None,
        block=any(mark in text for mark in _BLOCK),
    )


class Draft:
    """A message that may still go on in the next line."""

    __slots__ = ("first", "last", "numbers", "parts", "raw", "source", "time")

    def __init__(self, text: str, time: str, kind: Nature, source: int, number: int, line: str) -> None:
        self.parts = [text]
        self.time = time
        self.source = source
        self.numbers = [number]
        self.raw = [line]
        self.first = self.last = kind

    def takes(self, text: str, time: str, kind: Nature) -> bool:
        """Whether a line carries this message on: one without a header, or a part that has the same stamp again."""
        size, end = len(self.parts), self.parts[-1][-1:]
        if kind.stamped:
            return kind.carried and time == self.time and size <= _MAX_BLOCK
        if kind.strong:
            return end == "," and text.startswith(("Group = ", "IP = "))
        if not self.first.speech or (kind.weak and not self.last.dangling):
            return False
        if self.last.dangling or self.first.block:
            return size <= _MAX_BLOCK
        return size <= _MAX_WRAP and end not in {"!", "."}

    def add(self, text: str, kind: Nature, number: int, line: str) -> None:
        """Carry the message on."""
        self.parts.append(text)
        self.last = kind
        self.numbers.append(number)
        self.raw.append(line)

    def message(self) -> Message | None:
        """The finished message; None where only a header stood."""
        text = single_spaced(self.parts[0] if len(self.parts) == 1 else " ".join(self.parts))
        if not text:
            return None
        start = prefix_length(text)
        prefix, text = text[:start].strip(), text[start:]
        if text.startswith("%>"):
            text = "%" + text[2:]
        return Message(
            text=text,
            prefix=prefix,
            time=self.time,
            raw=tuple(line.strip() for line in self.raw),
            where=tuple((self.source, number) for number in self.numbers),
        )


def single_spaced(text: str) -> str:
    """A text with single blanks."""
    return _SPACES.sub(" ", text).strip() if "  " in text or "\t" in text else text.strip()


def prefix_length(text: str) -> int:
    """How long the debug prefix is that a single-spaced text begins with."""
    found = _PREFIX.match(text) if text[:1] in {"I", "K", "["} else None
    return found.end() if found is not None else 0


def begins_message(text: str, kind: Nature) -> bool:
    """Whether a text, cut off from its header, begins a message whatever stood before it."""
    if kind.stamped:
        return not kind.carried
    return kind.strong and not text.startswith(("Group = ", "IP = "))
