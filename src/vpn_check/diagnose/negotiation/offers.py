"""One offer of a negotiation: the attributes that a peer proposed, and what became of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message

_SHORT_LIFE = 600  # seconds: an IKE SA that lives shorter spends its life in rekeying

_ATTRIBUTES = (
    (re.compile(r"^encryption ([0-9A-Za-z\-]+)"), "encryption"),
    (re.compile(r"^hash ([0-9A-Za-z\-]+)"), "hash"),
    (re.compile(r"^(?:default )?group (?:is )?([0-9]+)"), "group"),
    (re.compile(r"^(?:\. )?auth ([0-9A-Za-z\-]+)"), "authentication"),
    (re.compile(r"^key ?length (?:of|is) ([0-9]+)"), "key length"),
    (re.compile(r"^(?:HMAC algorithm|authenticator) is ([0-9A-Za-z\-]+)"), "integrity"),
    (re.compile(r"^transform [0-9]+, ((?:ESP|AH)_[0-9A-Z_]+)"), "transform"),
    (re.compile(r"^encaps is ([0-9]+)"), "encapsulation"),
)
_LIFE = re.compile(r"^(?:SA )?life duration \((basic|VPI)\) of ((?:0x)?[0-9A-Fa-f]+(?: 0x[0-9A-Fa-f]+){0,7})")
_LIFE_TYPE = re.compile(r"^(?:SA )?life type in ([a-z]+)")
_DIFFERS = re.compile(
    r"^(Hash|Encryption|Diffie-Hellman group|Authentication|Preshared auth|RSA|Xauth auth|Proposed key len)"
)
_ATTRIBUTE_OF = {
    "Hash": "hash",
    "Encryption": "encryption",
    "Diffie-Hellman group": "group",
    "Authentication": "authentication",
    "Preshared auth": "authentication",
    "RSA": "authentication",
    "Xauth auth": "authentication",
    "Proposed key len": "key length",
}
ATTRIBUTE_WORDS = (
    "encryption",
    "hash",
    "default ",
    "group",
    "auth",
    ". auth",
    "key",
    "HMAC",
    "transform ",
    "encaps",
    "life",
    "SA life",
)


@dataclass(slots=True, kw_only=True)
class Offer:
    """A transform under check. `priority`: the policy it was held against (phase 1); `held`: what is known of that."""

    phase: str
    number: str | None = None
    priority: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    refused_for: str | None = None
    accepted: bool | None = None
    life_unit: str = "seconds"

    def note(self, message: Message) -> bool:
        """Take an attribute line, or the line that names the attribute refused; False where the line is neither."""
        kind, name, value = _attribute(message.text)
        if kind is None:
            return False
        if kind == "differs":
            self.refused_for = name
            self.messages.append(message)
        elif kind == "unit":
            self.life_unit = value
        elif value:
            self.attributes[name if kind == "attribute" else f"life {self.life_unit}"] = value
            self.messages.append(message)
        return True

    def describe(self) -> str:
        """The offer in the words of the CLI: `3DES-CBC, MD5, group 1, pre-share, 86400 s`."""
        known = self.attributes
        words = [known[name].replace("_", "-") for name in ("transform", "encryption") if name in known]
        if "key length" in known and words:
            words[-1] += f" {known['key length']}"
        words += [known[name] for name in ("hash", "integrity") if name in known]
        if "group" in known:
            words.append(f"group {known['group']}")
        if "authentication" in known:
            words.append(known["authentication"])
        if "life seconds" in known:
            words.append(f"{known['life seconds']} s")
        return ", ".join(words)

    def weaknesses(self) -> tuple[str, ...]:
        """Algorithms of this offer that are no longer considered safe."""
        return weak_algorithms(
            cipher=self.attributes.get("encryption") or self.attributes.get("transform"),
            integrity=self.attributes.get("hash") or self.attributes.get("integrity"),
            group=self.attributes.get("group"),
        )

    def short_life(self) -> str | None:
        """The IKE lifetime in seconds where it is too short to live with."""
        seconds = self.attributes.get("life seconds")
        return seconds if self.phase == "1" and seconds is not None and 0 < int(seconds) < _SHORT_LIFE else None


@lru_cache(maxsize=2048)
def _attribute(text: str) -> tuple[str | None, str, str]:
    """(attribute, differs, unit or life; the attribute's name; its value) of a line; the first is None for others."""
    if "match policy" in text and (found := _DIFFERS.match(text)) is not None:
        return "differs", _ATTRIBUTE_OF[found[1]], ""
    if not text.startswith(ATTRIBUTE_WORDS):
        return None, "", ""
    for pattern, name in _ATTRIBUTES:
        if (found := pattern.match(text)) is not None:
            return "attribute", name, found[1]
    if (found := _LIFE_TYPE.match(text)) is not None:
        return "unit", "", found[1]
    if (found := _LIFE.match(text)) is not None:
        value = duration(found[2])
        return "life", "", str(value) if value is not None else ""
    return None, "", ""


def weak_algorithms(
    *,
    cipher: str | None = None,
    integrity: str | None = None,
    group: str | None = None,
) -> tuple[str, ...]:
    """The weak ones among these, by their usual names."""
    weak: list[str] = []
    word = (cipher or "").upper()
    if "3DES" in word:
        weak.append("3DES")
    elif "DES" in word:
        weak.append("DES")
    elif "NULL" in word:
        weak.append("no encryption")
    if "MD5" in (integrity or "").upper():
        weak.append("MD5")
    if group in {"1", "2", "5"}:
        weak.append(f"group {group}")
    return tuple(weak)


def duration(text: str) -> int | None:
    """A lifetime as printed: `240`, or as bytes of a variable-length integer, `0x0 0x1 0x51 0x80` = 86400."""
    words = text.split()
    try:
        if len(words) == 1:
            return int(words[0], 0)
        return int.from_bytes(bytes(int(word, 16) for word in words), "big")
    except ValueError:
        return None
