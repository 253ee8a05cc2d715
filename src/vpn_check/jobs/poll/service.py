"""Cycle after cycle: one at a time, a little apart from round minutes, until told to stop."""

from __future__ import annotations

import _thread
import random
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vpn_check.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_JITTER = 0.1
"""Of the interval: how much later than its turn a cycle may begin, so that jump hosts do not all poll at once."""
_GRACE = 10.0
"""Seconds that devices on their way have to answer when the service is told to stop."""


def serve(cycle: Callable[[], bool], *, every: float, stop: threading.Event, said: Callable[[str], None],
          chance: random.Random | None = None) -> bool:
    """Run cycles until told to stop.

    A cycle that takes longer than the interval is told, and the next begins when it is over: cycles never overlap and
    never pile up.

    Args:
        cycle: polls once; True: something has changed for which the caller has to begin anew.
        every: seconds from the begin of a cycle to that of the next.
        stop: ends the service when set.
        said: is told what the reader of the log should know.
        chance: of the jitter.

    Returns:
        Whether the caller has to begin anew; False: it was told to stop.
    """
    chance = chance or random.Random()  # noqa: S311  to spread load, not to keep a secret
    turn = time.monotonic()
    while not stop.wait(max(turn + chance.uniform(0, _JITTER * every) - time.monotonic(), 0.0)):
        begun = time.monotonic()
        try:
            if cycle():
                return True
        except HistoryError as error:
            said(f"{error} Nothing was polled; the next cycle tries again.")
        took = time.monotonic() - begun
        if took > every:
            said(f"The cycle took {took:.0f} s, longer than the interval of {every:g} s: poll less often, or with more "
                 "--workers.")
        turn = max(turn + every, time.monotonic() - _JITTER * every)
    return False


@contextmanager
def told_by_signals(stop: threading.Event, anew: threading.Event, *, grace: float = _GRACE) -> Iterator[None]:
    """Ctrl-C and SIGTERM let what is on its way finish; after a while, or at the second signal, it is abandoned.

    SIGHUP sets `anew`: the inventory is to be read again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timers: list[threading.Timer] = []

    def end(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        timer = threading.Timer(grace, _thread.interrupt_main)
        timer.daemon = True
        timers.append(timer)
        timer.start()
        _set(stop)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda _number, _frame: _set(anew))
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _set(event: threading.Event) -> None:
    """Set an event from a signal's handler, which may have come while the event's lock was held."""
    threading.Thread(target=event.set, daemon=True).start()
