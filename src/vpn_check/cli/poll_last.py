"""`vpn-check poll --last`: it loads nothing of SSH, for a monitoring system may ask it every minute for each peer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from vpn_check.cli.history_options import place_of
from vpn_check.cli.poll_answer import Wishes, answer, metrics, now
from vpn_check.errors import UsageError
from vpn_check.history.store import History
from vpn_check.jobs.poll.last import last_known
from vpn_check.model.maintenance import Windows

_TAKEN_AWAY = timedelta(days=7)


def last(wishes: Wishes, max_age: timedelta) -> int:
    """Say how it stands, and poll nothing."""
    place = place_of(wishes.place)
    if "://" not in place and not Path(place).exists():
        raise UsageError(f"There is no history at {place}.", hint="Poll first, or name another one with --history.")
    named = bool(wishes.devices or wishes.groups or wishes.tags)
    with History.open(place) as history:
        newest = history.last_poll()   # what nobody has polled for a week before it is most likely taken away
        since = newest - _TAKEN_AWAY if newest is not None else None
        devices = wishes.chosen()[0] if named else ()
        names = [device.name for device in devices] if named else list(history.devices(since))
        maintained = {device.name for device in devices if Windows.parse(device.maintenance).covers(now())}
        report = last_known(history, names, now(), max_age, maintained=maintained)
    metrics(wishes, report)
    return answer(wishes, report)
