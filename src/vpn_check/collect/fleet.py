"""Many devices at the same time. One device's failure is that device's outcome, never the fleet's end."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from vpn_check.collect.lockout import LockOut
from vpn_check.errors import DeviceError, VpnCheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["LockOut", "run"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOOK = 0.2   # seconds between two chances for an interrupt to be noticed


def run(items: Iterable[Item], work: Callable[[Item], Result], *,
        workers: int = 50) -> Iterator[tuple[Item, Result | VpnCheckError]]:
    """Do the work for each item in threads, and yield each outcome as it comes.

    The threads are daemons: an interrupt, or leaving the iteration, ends the run at once. What is on its way is
    abandoned, and nothing new is begun.

    Args:
        items: what to work on.
        work: is called with each item, in some thread.
        workers: how many at the same time. Beyond 100 threads hinder each other.
    """
    waiting: SimpleQueue[Item] = SimpleQueue()
    count = 0
    for item in items:
        waiting.put(item)
        count += 1
    done: SimpleQueue[tuple[Item, Result | VpnCheckError]] = SimpleQueue()
    stop = Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                item = waiting.get_nowait()
            except Empty:
                return
            done.put((item, _outcome(work, item)))

    try:
        for number in range(min(max(workers, 1), count)):
            Thread(target=serve, name=f"vpn-check-{number}", daemon=True).start()
        for _ in range(count):
            yield _next(done)
    finally:
        stop.set()


def _next(done: SimpleQueue[tuple[Item, Result | VpnCheckError]]) -> tuple[Item, Result | VpnCheckError]:
    while True:
        try:
            return done.get(timeout=_LOOK)
        except Empty:
            continue


def _outcome(work: Callable[[Item], Result], item: Item) -> Result | VpnCheckError:
    try:
        return work(item)
    except VpnCheckError as exc:
        return exc
    except Exception as exc:  # noqa: BLE001  the fleet's edge: a surprise with one device must not end the others
        error = DeviceError(f"{getattr(item, 'name', item)}: an unexpected {type(exc).__name__} inside vpn-check.",
                            hint="This is a defect of vpn-check; run this device alone with --debug and report it.")
        error.__cause__ = exc
        return error
