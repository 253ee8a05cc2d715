"""What a log tells: findings, what came up, and who spoke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import Evidence, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """Something that came up: phase "1" is an IKE SA, "2" are IPsec SAs. SPIs only where one message names both.

    `established` False: an offer was accepted, and the log does not show what became of it. `over`: what came up is
    gone again at the end of the log, and nothing came after it. `time` as printed.
    """

    phase: str
    peer: str | None
    summary: str
    evidence: tuple[Evidence, ...]
    inbound_spi: str | None = None
    outbound_spi: str | None = None
    established: bool = True
    over: bool = False
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReading:
    """The judgement on all log lines of a device. `peers` in the order in which the log names them."""

    findings: tuple[Finding, ...] = ()
    successes: tuple[Success, ...] = ()
    peers: tuple[str, ...] = ()
