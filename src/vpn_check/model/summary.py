"""What a device sums up of a peer: `show crypto session`, `show dmvpn`, `show vpn-sessiondb`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.sa import Address, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerSummary:
    """One peer as a summary shows it. `sent` and `received` are packets or bytes through the tunnel, None if unsaid.

    `inner` is the address that a remote-access client was given; None for a site.
    """

    peer: Address
    state: str
    interface: str | None = None
    sent: int | None = None
    received: int | None = None
    lost: int | None = None
    unit: str = "packets"
    inner: Address | None = None
    where: Where
