"""Records polls as fast as it can, in a child for each line on standard input, until that child is killed.

Run as `python -m tests.history.writer PLACE`; it prints the number of each child, and "done" when the child is gone.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from tests.history.polls import START, poll

from vpn_check.history.keep import Keep
from vpn_check.history.store import History
from vpn_check.model.tally import Tally

if TYPE_CHECKING:
    from vpn_check.model.pollrecord import PollRecord

APART = 10
"""Minutes between two polls."""
DEVICES = {"hub": 130, "spoke": 3}
KEEP = Keep(polls=timedelta(hours=4), hours=timedelta(days=2), days=timedelta(days=4000))


def tally(number: int, tunnel: int) -> Tally:
    """What poll `number` counts of a tunnel: no two polls count the same."""
    return Tally(healthy=1, counted=1, encaps=number * 1000 + tunnel, decaps=number % 7)


def record(device: str, number: int) -> PollRecord:
    """Poll `number` of a device."""
    return poll(device, number * APART, {tunnel: tally(number, tunnel) for tunnel in range(DEVICES[device])})


def last(history: History, device: str) -> int:
    """The number of the last poll that the device's memory knows of; -1 where there is none."""
    known = history.memories([device]).get(device)
    if known is None or known.answered_at is None:
        return -1
    return (known.answered_at - START) // timedelta(minutes=APART)


def work(place: str) -> None:
    """Go on where the memory ends, having first repeated the last poll, and tidy now and then."""
    with History.open(place) as history:
        begin = min(last(history, device) for device in DEVICES)
        for device in DEVICES:
            newest = last(history, device)
            if newest >= 0 and history.record(record(device, newest)):
                sys.exit(f"poll {newest} of {device} was remembered and not there")
        for number in count(begin + 1):
            for device in DEVICES:
                history.record(record(device, number))
            if number % 5 == 0:
                history.tidy(START + number * timedelta(minutes=APART), KEEP)


def main() -> None:
    """A child for each line."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work(sys.argv[1])
        print(child, flush=True)  # noqa: T201  how it speaks to the test
        _, status = os.waitpid(child, 0)
        print("done" if os.WIFSIGNALED(status) else f"ended by itself: {status}", flush=True)  # noqa: T201  same


if __name__ == "__main__":
    main()
