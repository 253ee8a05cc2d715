"""What the administrator of the other end must have configured, as it follows from this end."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing that the other end must have. `note` says what to beware of; `known` False: it must be asked for."""

    parameter: str
    value: str
    note: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSheet:
    """The sheet for one tunnel. `here` is our device, `peer` theirs as we know it."""

    here: str
    peer: str
    tunnel: str
    demands: tuple[Demand, ...]
