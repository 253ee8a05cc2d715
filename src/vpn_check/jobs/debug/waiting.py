"""While debugs are on: the load, the guard, what is caught, who interrupts; until there is a reason to switch off."""

from __future__ import annotations

import time
from queue import Empty
from typing import TYPE_CHECKING

from vpn_check.jobs.debug.checks import read_load
from vpn_check.model.debugging import Waiver

if TYPE_CHECKING:
    from queue import SimpleQueue

    from vpn_check.collect.live import LiveSession
    from vpn_check.jobs.debug.caught import CauseWatch
    from vpn_check.jobs.debug.keeper import Keeper
    from vpn_check.jobs.debug.request import Request
    from vpn_check.model.debug import CpuLoad
    from vpn_check.platforms.debugging import DebugForms

_LOOK = 0.25   # seconds between two looks at the guard
_SENTENCES = {
    "full": ("bytes", "as much was caught as is kept"),
    "closed": ("session", "the device ended the session that shows the debugs"),
    "guard": ("guard", "the guard process has ended"),
    "asked": ("asked", "`vpn-check debug-off` asked for it"),
}


class Waiting:
    """Waits for the end.

    Args:
        request: how long, and up to which load.
        first: the session that looks at the load.
        forms: how the device says its load.
        keeper: the guard, which may have gone, or ask to stop.
        events: `full`, `closed` and signals.
        loads: each reading is added.
    """

    def __init__(self, request: Request, first: LiveSession, forms: DebugForms, keeper: Keeper,
                 events: SimpleQueue[str], loads: list[CpuLoad]) -> None:
        self._request = request
        self._first = first
        self._forms = forms
        self._keeper = keeper
        self._events = events
        self._loads = loads

    def until_the_end(self, causes: CauseWatch | None) -> tuple[str, str]:
        """Why to switch off: the word of `Outcome.ended`, and a sentence.

        Args:
            causes: says when the cause is caught; None: that is no reason.
        """
        request = self._request
        end = time.monotonic() + request.seconds
        poll = time.monotonic()
        while (now := time.monotonic()) < end:
            if now >= poll:
                poll = now + request.every
                stop = self._load()
                if stop is not None:
                    return stop
            asked = self._keeper.asks_to_stop()
            if asked:
                return _SENTENCES[asked]
            if causes is not None and causes.caught():
                return "cause", "the cause is caught"
            try:
                event = self._events.get(timeout=max(0.0, min(_LOOK, poll - time.monotonic(), end - time.monotonic())))
            except Empty:
                continue
            return _SENTENCES.get(event, ("interrupted", f"interrupted ({event.removeprefix('signal ')})"))
        return "duration", f"the {request.seconds:g} s are over"

    def _load(self) -> tuple[str, str] | None:
        session, limit = self._first.session, self._request.cpu_limit
        load = read_load(session, self._forms, self._first.platform) if session.open else None
        if load is None:
            if Waiver.CPU in self._request.waived and session.open:
                return None
            return "no-load", "the device no longer says its load"
        self._loads.append(load)
        if load.worst < limit:
            return None
        return "cpu", (f"the load has passed the limit of {limit} %: {load.five_seconds} % over 5 s, "
                       f"{load.one_minute} % over 1 min")
