"""What is kept of a secret: that it is there, how it was written, and a mark to compare it by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class KeyForm(StrEnum):
    """How a configuration shows a key."""

    CLEAR = "clear text"
    TYPE_7 = "type 7"
    TYPE_6 = "type 6"
    HIDDEN = "hidden"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class KeyMark:
    """A key that was seen. Its mark is a keyed hash that is worth nothing outside this process.

    A key that the device hides (`*****`) or encrypts with a master key (type 6) has no mark and compares with nothing.
    """

    form: KeyForm
    _mark: bytes | None = field(default=None, repr=False)
    scope: str = ""
    """The evidence bundle whose stand-in it is: it compares within that bundle only."""

    @property
    def comparable(self) -> bool:
        """Whether this key can be compared with another of this run."""
        return self._mark is not None

    def same_as(self, other: KeyMark) -> bool | None:
        """Whether both are the same key; None where that cannot be told."""
        if self._mark is None or other._mark is None or self.scope != other.scope:
            return None
        return self._mark == other._mark
