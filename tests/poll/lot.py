"""Faults drawn by lot: what may happen to a fleet in a month."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.poll.script import START, Event, Kind
from tests.poll.world import HUB

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOMENTS = {Kind.RECREATED, Kind.CLEARED, Kind.IKE_REKEYED}


def drawn(seed: int, days: int, devices: Sequence[str]) -> tuple[Event, ...]:
    """Outages by lot, a few a day and never two of one tunnel at the same time, and what is none, in between."""
    dice = random.Random(seed)
    events: list[Event] = []
    for day in range(days):
        midnight = START + timedelta(days=day)
        for hour in range(1, 22, 4):
            at = midnight + timedelta(hours=hour, minutes=5 * dice.randrange(36) + dice.uniform(0.2, 3.8))
            lasts = timedelta(minutes=dice.uniform(15, 50))
            kind, device = dice.choice([*Kind, Kind.UNREACHABLE, Kind.CONFIG_CHANGED]), dice.choice(devices)
            if kind is Kind.HUB_DOWN:
                events.append(Event(kind=kind, peer=HUB, at=at, until=at + lasts))
            elif kind in _MOMENTS:
                events.append(Event(kind=kind, device=device, at=at))
            elif kind is Kind.RELOADED:
                events.append(Event(kind=kind, device=device, at=at, until=at + timedelta(minutes=4)))
            elif kind in {Kind.ISP_DOWN, Kind.DEVICE_DOWN}:
                events.append(Event(kind=kind, device=device, at=at, until=at + lasts))
            else:
                lasts = timedelta(minutes=60) if kind is Kind.FLAPPING else lasts
                events.append(Event(kind=kind, device=device, tunnel=dice.choice((0, 1, 4)), at=at, until=at + lasts))
    return tuple(events)
