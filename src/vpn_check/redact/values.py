"""The secrets that were met, each with its mask, so that they are known again where no statement tells of them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SHORT, _LONG = 6, 8
_TYPE_7 = re.compile(r"[01]\d(?:[0-9A-Fa-f]{2})+")
_XLAT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
"""The fixed key of Cisco's type 7, which hides a password from a glance and from nothing else."""
_ADDRESS = re.compile(r"[\d.:/]+")
_INTERFACE = re.compile(
    r"(?:tu|tunnel|gi|gigabitethernet|te|tengigabitethernet|fa|fastethernet|et|eth|ethernet|lo|loopback|vlan|se|serial|"
    r"vi|vt|virtual-access|virtual-template|di|dialer|po|port-channel|bvi|bdi|crypto|inside|outside|dmz)[\d/.:]*",
    re.IGNORECASE,
)
_MOST = 20_000


@dataclass(slots=True)
class ValueBook:
    """Masks for values; the same value has the same mask everywhere, so that equal keys are still seen to be equal.

    Args:
        ordinary: words of the configuration language: a key that is one of them is masked only in its statement.
    """

    ordinary: Collection[str] = ()
    scope: str = field(default_factory=lambda: secrets.token_hex(2))
    """Stands in every mask: masks of two cases have nothing in common, and look so."""
    names: set[str] = field(default_factory=set)
    """Names of devices: not looked for elsewhere, though somebody took one for a key."""
    _masks: dict[str, str] = field(default_factory=dict)
    _known: int = 0
    _anywhere: re.Pattern[str] | None = None

    def __len__(self) -> int:
        return len(set(self._masks.values()))

    def mask(self, before: str, value: str) -> str:
        """The mask of a value; `before` are the words in front of it."""
        if value not in self._masks:
            plain = _reveal(value) if before.rstrip().endswith(" 7") else None
            found = self._masks.get(plain or value) or f"<removed-{self.scope}-{len(self) + 1}>"
            self._masks[value] = found
            if plain:
                self._masks[plain] = found
        return self._masks[value]

    def strong(self) -> list[str]:
        """The values that can be looked for anywhere, because nothing else is called so. Longest first."""
        found = [value for value in self._masks if self._is_strong(value)]
        return sorted(found, key=len, reverse=True)[:_MOST]

    def redact(self, line: str) -> str:
        """The line with every known value masked, wherever it stands."""
        if self._known != len(self._masks):
            self._known = len(self._masks)
            words = [_bounded(value) for value in self.strong()]
            self._anywhere = re.compile("|".join(words)) if words else None
        if self._anywhere is None:
            return line
        return self._anywhere.sub(lambda match: self._masks[match[0]], line)

    def survivors(self, text: str) -> int:
        """How many known values a finished text still shows."""
        return sum(value in text for value in self.strong() if len(value) >= _LONG)

    def _is_strong(self, value: str) -> bool:
        if len(value) < _SHORT or value.lower() in self.ordinary or value in self.names:
            return False
        if _ADDRESS.fullmatch(value) or _INTERFACE.fullmatch(value):
            return False
        if value.isdigit():
            return len(value) >= _LONG
        mixed = not value.isalpha() or not (value.islower() or value.istitle() or value.isupper())
        return mixed or len(value) >= _LONG


def _bounded(value: str) -> str:
    word = re.escape(value)
    if len(value) >= _LONG and not value.isalpha():
        return word
    return rf"(?<![\w-]){word}(?![\w-])"


def _reveal(value: str) -> str | None:
    if _TYPE_7.fullmatch(value) is None:
        return None
    seed, data = int(value[:2]), bytes.fromhex(value[2:])
    plain = bytes(byte ^ _XLAT[(seed + place) % len(_XLAT)] for place, byte in enumerate(data))
    return plain.decode("ascii", errors="ignore") or None
