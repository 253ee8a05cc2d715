"""What was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.platforms.debugging import DEFAULT_LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from vpn_check.collect.jump import Gateway
    from vpn_check.collect.live import Access
    from vpn_check.model.debugging import Outcome, Waiver
    from vpn_check.model.device import Credentials, Device

CPU_LIMIT = 60
MOST_BYTES = 5_000_000
EVERY = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A guarded debug as asked for.

    Args:
        device, credentials, access: whom to log in to, with what, how.
        peer: whose negotiation; an address.
        seconds: how long the debugs are on at most; `most_bytes`: how much is kept before they are switched off.
        names: which debugs; none: the usual ones of the platform. `level`: of ASA and PIX.
        cpu_limit: per cent; at or above it nothing is switched on, or all is switched off. `every`: seconds between
            two looks.
        waived: preconditions that need not hold.
        force: debug also where the history names the cause. `until_cause`: stop when the cause is caught.
        confirm: is shown what will be sent, and decides.
        say: is told how it goes, a line each; it must not fail.
        keep: is given what was caught as soon as the debugs are off, before anything else is done with it.
        inventory: the place that the device's credential comes from.
        gateways: what is known of the bastions on the way, by the words that name them.
    """

    device: Device
    credentials: Credentials
    access: Access
    peer: str
    seconds: float
    most_bytes: int = MOST_BYTES
    names: tuple[str, ...] = ()
    level: int = DEFAULT_LEVEL
    cpu_limit: int = CPU_LIMIT
    every: float = EVERY
    waived: frozenset[Waiver] = frozenset()
    force: bool = False
    until_cause: bool = False
    confirm: Callable[[tuple[str, ...]], bool]
    say: Callable[[str], None]
    keep: Callable[[Outcome], None] = lambda _outcome: None
    inventory: Path | str | None = None
    gateways: Mapping[str, Gateway] = field(default_factory=dict)
