"""Many devices at the same time. One device's failure is that device's outcome, never the fleet's end."""

from __future__ import annotations

import traceback
from collections import Counter, deque
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from vpn_check.collect.lockout import LockOut
from vpn_check.errors import DeviceError, VpnCheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["LockOut", "run"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOOK = 0.2   # seconds between two chances for an interrupt to be noticed


def run(items: Iterable[Item], work: Callable[[Item], Result], *, workers: int = 50,
        gates: Callable[[Item], Mapping[str, int]] = lambda _item: {},
        begun: Callable[[Item], None] = lambda _item: None) -> Iterator[tuple[Item, Result | VpnCheckError]]:
    """Do the work for each item in threads, and yield each outcome as it comes.

    The threads are daemons: an interrupt, or leaving the iteration, ends the run at once. What is on its way is
    abandoned, and nothing new is begun.

    Args:
        items: what to work on.
        work: is called with each item, in some thread.
        workers: how many at the same time. Beyond 100 threads hinder each other.
        gates: what an item passes through (a site, a bastion), and how many may be behind each at the same time. An
            item whose gate is full lets the others go first.
        begun: is told each item when work on it begins, in its thread.
    """
    waiting = _Waiting(items, gates)
    done: SimpleQueue[tuple[Item, Result | VpnCheckError]] = SimpleQueue()

    def serve() -> None:
        while (item := waiting.take()) is not None:
            begun(item[0])
            outcome = _outcome(work, item[0])
            waiting.leave(item[1])
            done.put((item[0], outcome))

    try:
        for number in range(min(max(workers, 1), waiting.count)):
            Thread(target=serve, name=f"vpn-check-{number}", daemon=True).start()
        for _ in range(waiting.count):
            yield _next(done)
    finally:
        waiting.stop()


class _Waiting(Generic[Item]):
    """The items nobody works on yet, handed out in order as far as their gates allow."""

    def __init__(self, items: Iterable[Item], gates: Callable[[Item], Mapping[str, int]]) -> None:
        self._items = deque((item, dict(gates(item))) for item in items)
        self.count = len(self._items)
        self._inside: Counter[str] = Counter()
        self._changed = Condition()

    def take(self) -> tuple[Item, dict[str, int]] | None:
        """The next item that may be begun, waited for; None where none is left."""
        with self._changed:
            while self._items:
                for at, (item, gates) in enumerate(self._items):
                    if all(self._inside[gate] < limit for gate, limit in gates.items()):
                        del self._items[at]
                        self._inside.update([*gates])
                        return item, gates
                self._changed.wait()
        return None

    def leave(self, gates: Iterable[str]) -> None:
        """Make room behind these gates."""
        if gates:
            with self._changed:
                self._inside.subtract([*gates])
                self._changed.notify_all()

    def stop(self) -> None:
        """Hand nothing out any more."""
        with self._changed:
            self._items.clear()
            self._changed.notify_all()


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
        frame = traceback.extract_tb(exc.__traceback__)[-1]
        error = DeviceError(f"{getattr(item, 'name', item)}: an unexpected {type(exc).__name__} inside vpn-check "
                            f"({Path(frame.filename).name}, line {frame.lineno}).",
                            hint="This is a defect of vpn-check: please report it with this line.")
        error.__cause__ = exc
        return error
