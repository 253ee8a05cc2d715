"""Places where tunnels meet, and whether what meets there fails as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.model.alarm import Alarm, AlarmKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from vpn_check.alarms.fleet import Case, Fleet

LEAST_DEVICES = 2
"""So many devices, or devices of a site, must agree."""
LEAST_TUNNELS, LEAST_PEERS = 3, 2
"""A device with fewer tunnels, or peers, does not tell its uplink's fault from its peers'."""


@dataclass(frozen=True, slots=True)
class End:
    """An address that tunnels lead to (PEER), a device whose they are (UPLINK), or a site."""

    kind: AlarmKind
    subject: str

    @classmethod
    def of(cls, root: Alarm) -> End:
        """The place that a root is about."""
        return cls(root.kind, root.subject)

    def touches(self, case: Case, fleet: Fleet) -> bool:
        """Whether the case may come from this place."""
        if self.kind is AlarmKind.SITE:
            return case.key is None and fleet.devices[case.device].site == self.subject
        if self.kind is AlarmKind.PEER:
            return case.peer == self.subject or case.device == fleet.owner.get(self.subject)
        return case.device == self.subject or case.peer in fleet.addresses(self.subject)

    def works(self, fleet: Fleet, cases: Sequence[Case]) -> bool:
        """Whether anything that meets here is well; then the place itself is not what fails."""
        if self.kind is AlarmKind.SITE:
            return any(memory.site == self.subject and name not in fleet.silent
                       for name, memory in fleet.devices.items())
        if self.kind is AlarmKind.UPLINK:
            return fleet.good_of(self.subject)
        if fleet.good_to(frozenset({self.subject})):
            return True
        owner = fleet.owner.get(self.subject)
        # the owner may not have noticed yet that those who fail are gone
        far = frozenset(address for case in cases for address in fleet.addresses(case.device))
        return owner is not None and owner not in fleet.silent and fleet.good_of(owner, beside=far)

    def enough(self, cases: Sequence[Case]) -> bool:
        """Whether so many fail that the place explains them better than each its own fault."""
        if self.kind is AlarmKind.SITE:
            return len({case.device for case in cases}) >= LEAST_DEVICES
        if self.kind is AlarmKind.UPLINK:
            own = [case for case in cases if case.device == self.subject and case.key is not None]
            return len(own) >= LEAST_TUNNELS and len({case.peer for case in own}) >= LEAST_PEERS
        return len({case.device for case in cases if case.peer == self.subject}) >= LEAST_DEVICES


def ends(cases: Iterable[Case], fleet: Fleet, *, also: Iterable[Alarm] = ()) -> dict[End, list[Case]]:
    """The places that the cases touch, and which cases each of them touches.

    An address of a device is a place only where a case leads to it, or one of the roots `also` is about it.
    """
    found: dict[End, list[Case]] = {}
    owned: dict[str, list[str]] = {}
    for address, device in fleet.owner.items():
        owned.setdefault(device, []).append(address)
    cases = list(cases)
    led_to = {case.peer for case in cases} | {root.subject for root in also if root.kind is AlarmKind.PEER}
    for case in cases:
        places = {End(AlarmKind.UPLINK, case.device)}
        places |= {End(AlarmKind.PEER, address) for address in owned.get(case.device, ()) if address in led_to}
        if case.peer is not None:
            places.add(End(AlarmKind.PEER, case.peer))
            if case.peer in fleet.owner:
                places.add(End(AlarmKind.UPLINK, fleet.owner[case.peer]))
        site = fleet.devices[case.device].site
        if case.key is None and site is not None:
            places.add(End(AlarmKind.SITE, site))
        for place in places:
            found.setdefault(place, []).append(case)
    return found


def at_once(cases: Sequence[Case], within: timedelta) -> list[Case]:
    """Most of them that began within such a span of time."""
    ordered = sorted(cases, key=lambda case: (case.began, case.device, case.key or ()))
    best, low = (0, 0), 0
    for high, case in enumerate(ordered):
        while case.began - ordered[low].began > within:
            low += 1
        if high + 1 - low > best[1] - best[0]:
            best = (low, high + 1)
    return ordered[best[0] : best[1]]
