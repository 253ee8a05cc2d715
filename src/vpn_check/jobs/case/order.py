"""What was asked for: where the bundle goes, and what is taken out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.parse.clean import display
from vpn_check.redact.redactor import Redactor, Wishes

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The user's wishes. `secrets` False: nothing is redacted at all."""

    out: Path
    secrets: bool = True
    wishes: Wishes = field(default_factory=Wishes)
    peers: tuple[str, ...] = ()

    def redactor(self) -> Redactor | None:
        """A redactor for one case; None where nothing is to be redacted."""
        return Redactor(self.wishes, tidy=display) if self.secrets else None

    @property
    def stand_ins(self) -> Path:
        """Where the stand-ins of addresses and names are written: beside the bundle, never in it."""
        return self.out.with_name(self.out.name.removesuffix(".zip") + ".stand-ins.json")
