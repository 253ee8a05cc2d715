"""The work of `vpn-check poll`: one cycle and its answer, or cycle after cycle."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpn_check.cli.history_options import place_of
from vpn_check.cli.poll_answer import Wishes, answer, log, metrics, now, text
from vpn_check.cli.progress import Progress, shown_on_terminal
from vpn_check.cli.reach import reach, warn
from vpn_check.errors import HistoryUnavailable, VpnCheckError
from vpn_check.history.store import History
from vpn_check.jobs.poll.fingerprint import local_key, state_folder
from vpn_check.jobs.poll.lock import only_one
from vpn_check.jobs.poll.poller import Policy, Poller
from vpn_check.jobs.poll.remembered import Remembered
from vpn_check.jobs.poll.service import serve, told_by_signals
from vpn_check.model.maintenance import Windows

if TYPE_CHECKING:
    from vpn_check.alarms.hold import HoldDown
    from vpn_check.history.keep import Keep
    from vpn_check.inventory import Inventory
    from vpn_check.model.device import Device
    from vpn_check.notify.send import Notifier


_LEAST_WITHIN = 900.0   # seconds
_AGAIN = 5.0   # seconds
_LOST = "This poll ends and its results are lost: the next one cannot tell what is new by them."


def polling(wishes: Wishes, *, hold: HoldDown, keep: Keep, **settings: Any) -> int:  # noqa: ANN401  handed to `reach`
    """Poll once, or until told to stop; returns the exit code."""
    chosen = wishes.chosen()
    notifier = _notifier(wishes.notify_file)
    place, folder = place_of(wishes.place), state_folder(os.environ)
    stop, anew = threading.Event(), threading.Event()
    warn(chosen[0], quiet=wishes.quiet)
    with only_one(place, folder), ExitStack() as stack:
        if wishes.every is not None:
            stack.enter_context(told_by_signals(stop, anew))
        history = _opened(place, stop, waits=wishes.every is not None)
        if history is None:
            return 0
        remembered = Remembered(stack.enter_context(history))
        while True:
            devices, held = chosen
            policy = Policy(hold=hold, keep=keep, windows=_windows(devices),
                            within=timedelta(seconds=max(3 * (wishes.every or 0), _LEAST_WITHIN)))
            with reach(held, peers=(), **settings) as run:
                poller = Poller(devices, run, remembered, policy=policy, clock=now, key=local_key(folder),
                                workers=wishes.workers, notifier=notifier, stop=stop)
                if wishes.every is None:
                    return _once(wishes, poller, remembered)
                inventory = _Watched(held, anew)
                if not serve(lambda: _turn(wishes, poller, inventory), every=wishes.every, stop=stop, said=log):  # noqa: B023  run before the loop goes on
                    return 0
            anew.clear()   # before it is read: what is asked for from now on is asked for again
            chosen = _again(wishes, chosen)


def _opened(place: str, stop: threading.Event, *, waits: bool) -> History | None:
    """The history. A service waits for a database that is not there yet; None where it was told to stop meanwhile."""
    told = False
    while not stop.is_set():
        try:
            return History.open(place)
        except HistoryUnavailable as error:
            if not waits:
                raise
            if not told:
                log(f"{error} Waiting for it.")
                told = True
            stop.wait(_AGAIN)
    return None


def _once(wishes: Wishes, poller: Poller, remembered: Remembered) -> int:
    progress = Progress(len(poller.devices), shown=shown_on_terminal(quiet=wishes.quiet or wishes.nagios))
    with progress:
        report = poller.cycle(lambda poll: progress.finished(poll.observation.device, poll.observation.status))
    if remembered.waits:
        report = replace(report, kept=False, troubles=(*report.troubles, _LOST))
    metrics(wishes, report)
    return answer(wishes, report)


def _turn(wishes: Wishes, poller: Poller, inventory: _Watched) -> bool:
    """One cycle of the service; True where the inventory is another one now."""
    from vpn_check.report.poll_text import cycle_line, worth_telling  # noqa: PLC0415  the service's log

    report = poller.cycle()
    metrics(wishes, report)
    if not wishes.quiet:
        if worth_telling(report):
            text(wishes, report)
        click.echo(cycle_line(report))
        sys.stdout.flush()
    return inventory.changed()


def _notifier(file: Path | None) -> Notifier | None:
    if file is None:
        return None
    from vpn_check.notify.send import Notifier  # noqa: PLC0415  only who wants to be told pays for it
    from vpn_check.notify.urls import read_urls  # noqa: PLC0415  same

    return Notifier(read_urls(file))


def _windows(devices: tuple[Device, ...]) -> dict[str, Windows]:
    return {device.name: Windows.parse(device.maintenance) for device in devices if device.maintenance}


class _Watched:
    """An inventory file, and whether it has been written since, or somebody asked for it to be read again."""

    def __init__(self, held: Inventory | None, anew: threading.Event) -> None:
        self._anew = anew
        self._path = held.path if held is not None else None
        self._stamp: tuple[int, int] | None = None
        self._stamp = self._now()

    def changed(self) -> bool:
        """Whether it is to be read again."""
        return self._anew.is_set() or self._now() != self._stamp

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat() if isinstance(self._path, Path) else None
        except OSError:   # being replaced, or gone: what was read goes on
            return self._stamp
        return (found.st_mtime_ns, found.st_size) if found is not None else None


def _again(wishes: Wishes, before: tuple[tuple[Device, ...], Inventory | None]
           ) -> tuple[tuple[Device, ...], Inventory | None]:
    """The devices of the inventory as it is now; of the one before where the new one cannot be used."""
    try:
        found = wishes.chosen()
        _windows(found[0])
    except VpnCheckError as error:
        log(f"{error} The inventory as it was read before goes on.")
        return before
    log(f"The inventory was read again: {len(found[0])} devices.")
    return found
