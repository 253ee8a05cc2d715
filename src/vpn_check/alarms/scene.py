"""What all tunnels of one poll have in common, and the word of the poll on one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vpn_check.alarms.hold import HoldDown
    from vpn_check.model.observation import DeviceObservation


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One poll of one device.

    `last`: the last poll that told anything. `restart`: when the device started anew since. `expected`: peers that
    should be up; `all_expected`: every one. `up_peers`: peers with a flow that is up; `listed_peers`: with any flow.
    `resting`: addresses of devices that are worked on. `emptied`: how many tunnels were busy a poll ago and are all
    gone at once; 0 where any is up.
    """

    seen: DeviceObservation
    hold: HoldDown
    last: datetime | None
    restart: datetime | None
    expected: frozenset[str]
    all_expected: bool
    up_peers: frozenset[str | None]
    listed_peers: frozenset[str | None]
    first: bool
    maintenance: bool
    resting: frozenset[str]
    emptied: int

    @property
    def at(self) -> datetime:
        """When the poll was."""
        return self.seen.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a poll says of a tunnel.

    `letter` as in `TunnelMemory.recent`. `seen`: how the poll is counted, whether it is judged or not. `began`: when it
    began, if before this poll. `lasted`: it was so through the whole span since the poll before. `well`: it was seen up
    and working. `gone`: it is to be taken as no longer there.
    """

    letter: str
    seen: Status
    cause: str = ""
    finding: Mapping[str, Any] | None = None
    began: datetime | None = None
    lasted: bool = False
    well: bool = False
    gone: bool = False

    @property
    def bad(self) -> bool:
        """Whether it counts as a bad poll."""
        return self.letter in "wc"


WELL = Sight(letter=".", seen=Status.HEALTHY, well=True)
IDLE = Sight(letter=".", seen=Status.HEALTHY)
NOT_TOLD = Sight(letter="?", seen=Status.UNKNOWN)
