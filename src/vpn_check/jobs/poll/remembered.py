"""What a poller remembers: in the history, and in the process while the history's database is away."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, TypeVar

from vpn_check.errors import HistoryError, HistoryUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from vpn_check.history.keep import Keep
    from vpn_check.history.store import History
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.memory import DeviceMemory
    from vpn_check.model.pollrecord import Baseline, PollRecord
    from vpn_check.model.refusal import Refusal

What = Literal["raised", "cleared"]
Answer = TypeVar("Answer")

_MOST_WAITING = 20_000
"""Polls that are held in memory while the database is away: hours of a large fleet."""


class Remembered:
    """The memories and open alarms of a fleet between polls.

    A database that does not answer stops nothing: results wait in memory and are written, in order, when it is back.
    What did not work is told in `troubles`.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._memories: dict[str, DeviceMemory] = {}
        self._waiting: deque[PollRecord | tuple[Alarm, ...]] = deque()
        self._told: set[tuple[str, What]] = set()
        self._refusals: tuple[Refusal, ...] = ()
        self._refusals_wait = False
        self._away = False
        self.alarms: dict[str, Alarm] = {}
        self.troubles: list[str] = []

    def begin(self, devices: Iterable[str]) -> None:
        """Begin a cycle: read what is remembered of these devices.

        Raises:
            HistoryError: it cannot be read, and this process remembers nothing either.
        """
        self.troubles = []
        self._away = False
        self.alarms = {name: alarm for name, alarm in self.alarms.items() if alarm.cleared_at is None}
        try:
            self._drain()
            if self._refusals_wait:
                self._write_refusals()
            self._memories = self._history.memories(devices)
            self.alarms = {alarm.id: alarm for alarm in self._history.open_alarms()}
            self._learn_told()
        except HistoryError as error:
            if not self._memories:
                raise
            self._gone(error)

    def memory(self, device: str) -> DeviceMemory | None:
        """What is known of a device; None where it was never polled."""
        return self._memories.get(device)

    @property
    def waits(self) -> bool:
        """Whether anything could not be written yet: it is lost where this process ends now."""
        return bool(self._waiting)

    @property
    def memories(self) -> dict[str, DeviceMemory]:
        """What is known of all devices."""
        return self._memories

    def keep(self, record: PollRecord) -> None:
        """Keep a poll: in the history, whole or not at all."""
        self._memories[record.memory.device] = record.memory
        self.alarms |= {alarm.id: alarm for alarm in record.alarms}
        self._write(record)

    def save(self, alarms: tuple[Alarm, ...]) -> None:
        """Keep alarms as they are now."""
        self.alarms |= {alarm.id: alarm for alarm in alarms}
        if alarms:
            self._write(alarms)

    def baseline(self, device: str) -> Baseline | None:
        """The configuration of a device while all was well."""
        return self._ask(lambda: self._history.baseline(device), None)

    def refusals(self) -> tuple[Refusal, ...]:
        """Credentials that devices have refused; a password is not tried anew because the database is away."""
        if not self._refusals_wait:
            self._refusals = self._ask(self._history.refusals, self._refusals)
        return self._refusals

    def save_refusals(self, refusals: tuple[Refusal, ...]) -> None:
        """Remember which credentials devices have refused."""
        self._refusals, self._refusals_wait = refusals, True
        self._ask(self._write_refusals, None)

    def tidy(self, now: datetime, keep: Keep) -> None:
        """Sum up and delete what is old."""
        self._ask(lambda: self._history.tidy(now, keep), None)

    def untold(self) -> Iterator[tuple[Alarm, What]]:
        """What people have not been told of yet, whether or not the database is there."""
        waiting: tuple[tuple[Alarm, What], ...] = self._ask(self._history.unsent, ())
        if self._away:
            waiting = tuple((alarm, "cleared" if alarm.cleared_at else "raised") for alarm in self.alarms.values()
                            if alarm.root is None)
        for alarm, what in waiting:
            if (alarm.id, what) in self._told:
                self.told(alarm, what)   # said while the database was away, and not written down then
            else:
                yield alarm, what

    def told(self, alarm: Alarm, what: What) -> None:
        """People have been told."""
        self._told.add((alarm.id, what))
        if len(self._told) > _MOST_WAITING:
            self._told = {(alarm.id, what)}
        self._ask(lambda: self._history.sent(alarm.id, what), None)

    def _write_refusals(self) -> None:
        self._history.save_refusals(self._refusals)
        self._refusals_wait = False

    def _learn_told(self) -> None:
        """What people were told of by an earlier process they are not told again while the database is away."""
        mine: set[tuple[str, What]] = {(name, "raised") for name, alarm in self.alarms.items() if alarm.root is None}
        mine -= self._told
        if mine:
            self._told |= mine - {(alarm.id, what) for alarm, what in self._history.unsent()}

    def _write(self, piece: PollRecord | tuple[Alarm, ...]) -> None:
        self._waiting.append(piece)
        if not self._away:
            try:
                self._drain()
            except HistoryError as error:   # whatever it is, the devices that are still to be asked are not to blame
                self._gone(error)
        if len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft()
            self._say("The history has been away for too long: the oldest results that waited for it are lost.")

    def _drain(self) -> None:
        """Write what waits, in order; a poll that is there already is not written twice."""
        while self._waiting:
            piece = self._waiting[0]
            if isinstance(piece, tuple):
                self._history.save_alarms(piece)
            else:
                self._history.record(piece)
            self._waiting.popleft()

    def _ask(self, question: Callable[[], Answer], otherwise: Answer) -> Answer:
        if self._away:
            return otherwise
        try:
            return question()
        except HistoryUnavailable as error:
            self._gone(error)
        except HistoryError as error:
            self._say(str(error))
        return otherwise

    def _gone(self, error: HistoryError) -> None:
        self._away = True
        self._say(f"{error} Polling goes on; results wait in memory until it is back.")

    def _say(self, sentence: str) -> None:
        if sentence not in self.troubles:
            self.troubles.append(sentence)
