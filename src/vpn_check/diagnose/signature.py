"""What a signature is: one known message, how it looks, what it means and what to do."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.diagnose.expression import Expression
    from vpn_check.diagnose.expression.search import Found
    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Remedy, Severity

# Words for what devices print bare: numbers of the IPsec domain of interpretation (RFC 2407) and of ISAKMP, phrases.
WORDS: Mapping[str, Mapping[str, str]] = {
    "prot": {"1": "ISAKMP", "2": "AH", "3": "ESP", "4": "IPCOMP", "50": "ESP", "51": "AH"},
    "trans": {"1": "DES-IV64", "2": "DES", "3": "3DES", "11": "NULL", "12": "AES", "18": "AES-GCM", "20": "AES-GCM"},
    "hmac_alg": {
        "0": "no HMAC",
        "1": "HMAC-MD5",
        "2": "HMAC-SHA",
        "5": "HMAC-SHA256",
        "6": "HMAC-SHA384",
        "7": "HMAC-SHA512",
    },
    "payload": {
        "1": "SA",
        "4": "key exchange",
        "5": "identity",
        "6": "certificate",
        "8": "hash",
        "9": "signature",
        "10": "nonce",
    },
    "attribute": {
        "Hash algorithm": "hash",
        "Encryption algorithm": "encryption",
        "Authentication method": "authentication method",
        "Preshared authentication": "pre-shared authentication",
        "Proposed key length": "key length",
        "Xauth authentication": "extended authentication",
    },
}


class Wording(StrEnum):
    """Where the words of a message were read: in a document or log of a device, or only remembered."""

    VERIFIED = "verified"
    REMEMBERED = "remembered"


class Kind(StrEnum):
    """What a signature is for: a fault to be found in logs, a known message without a fault, one that a site adds."""

    FAULT = "fault"
    KNOWN = "known"
    SITE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How a message looks. `literals`: at least one stands in every message that the expression can match.

    `expression` is the expression of a site, which is searched within bounds.
    """

    literals: tuple[str, ...]
    regex: str
    expression: Expression | None = None

    def search(self, text: str) -> Found | re.Match[str] | None:
        """Look for the message in a text."""
        return _compiled(self.regex).search(text) if self.expression is None else self.expression.search(text)


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRemedy:
    """A remedy and the platforms it is written for; none means all."""

    remedy: Remedy
    platforms: frozenset[PlatformName] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Texts that prove a signature. `also` names others that rightly fire on the same texts."""

    fires: tuple[str, ...]
    silent: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One known message.

    `consequence`: it follows from another failure and never decides where that one is seen. `wording`: where its words
    come from.
    """

    id: str
    platforms: tuple[PlatformName, ...]
    phase: str
    cause: str
    severity: Severity
    confidence: float
    patterns: tuple[Pattern, ...]
    summary: str
    meaning: str
    causes: tuple[str, ...]
    remedies: tuple[SignatureRemedy, ...]
    caveats: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    consequence: bool = False
    wording: Wording = Wording.VERIFIED
    kind: Kind = Kind.FAULT
    examples: Examples = field(default=Examples(fires=(), silent=()))

    def sentence(self, groups: Mapping[str, str], peer: str | None) -> str:
        """The summary with what the message names filled in."""
        known = defaultdict(lambda: "not named", groups)
        known["peer"] = peer or "the peer"
        text = self.summary.format_map(known)
        return text[:1].upper() + text[1:]

    def remedies_for(
        self, platform: PlatformName | None, named: Mapping[str, str | None] | None = None
    ) -> tuple[Remedy, ...]:
        """What to do on this platform; all of it where the platform is not known.

        Args:
            platform: for which to choose.
            named: what the message names (peer, map, seq ...), to be filled in where a command says `<peer>`.
        """
        wanted = {platform} if platform is not None else set(self.platforms)
        chosen = (r.remedy for r in self.remedies if not r.platforms or r.platforms & wanted)
        words = {
            f"<{name}>": value
            for name, value in (named or {}).items()
            if name in _FILLED and value is not None and _PLAIN.fullmatch(value)
        }
        return tuple(_filled(remedy, words) for remedy in chosen) if words else tuple(chosen)


_FILLED = {"peer", "map", "seq", "trustpoint", "server"}
_PLAIN = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_.:-]{0,62}[0-9A-Za-z])?")
"""What may go from a log into a command that somebody will type: an address or a name, and nothing else."""


def _filled(remedy: Remedy, words: Mapping[str, str]) -> Remedy:
    def fill(line: str) -> str:
        for place, word in words.items():
            line = line.replace(place, word)
        return line

    return replace(
        remedy, commands=tuple(map(fill, remedy.commands)), changes=tuple(map(fill, remedy.changes))
    )
