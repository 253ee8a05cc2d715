"""The history: what polls leave behind, in a SQLite file or a PostgreSQL database."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from vpn_check.errors import HistoryError, HistoryUnavailable
from vpn_check.history import alarms, document
from vpn_check.history.ask import ask
from vpn_check.history.migrate import bring_up_to_date, is_current
from vpn_check.history.place import Place
from vpn_check.history.put import portions
from vpn_check.history.record import write
from vpn_check.history.schema import baseline, device, evidence, memory, refusal
from vpn_check.history.tidy import progress, tidy
from vpn_check.model.memory import DeviceMemory
from vpn_check.model.pollrecord import Baseline, Kept
from vpn_check.model.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from types import TracebackType

    from sqlalchemy.engine import Connection, Engine

    from vpn_check.history.alarms import Told
    from vpn_check.history.keep import Keep, Tidied
    from vpn_check.model.alarm import Alarm
    from vpn_check.model.pollrecord import PollRecord
    from vpn_check.model.pollreport import HistoryAnswer

_Result = TypeVar("_Result")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0   # seconds between attempts to reach a server
_COLLISIONS = 8   # of polls of one device that have the very same time


class History:
    """A database of polls, open until it is closed. Used by one thread at a time.

    Every method raises `HistoryUnavailable` where the database could not be reached or written for `patience` seconds,
    and `HistoryError` where it cannot be used as it is; the same object works again when the cause is gone.
    """

    def __init__(self, place: Place, engine: Engine, patience: float) -> None:
        self._place = place
        self._engine = engine
        self._patience = patience
        self._cycle: tuple[str, int] | None = None

    def __repr__(self) -> str:
        return f"History({self._place.words!r})"

    @classmethod
    def open(cls, place: str, *, patience: float = 30.0) -> Self:
        """Open a history, making it where there is none and bringing it up to date where it is of an older release.

        Args:
            place: the path of a file (made with its folders, readable by its owner alone), or the URL of a database.
            patience: for how many seconds a later call waits for a server that is gone, or a file that is locked.

        Raises:
            HistoryError: it is something else, of a newer release, or may not be used; nothing was changed.
            HistoryUnavailable: the server cannot be reached; it was tried once.
        """
        where = Place(place)
        history = cls(where, where.engine(patience), patience)
        try:
            history._make_current()
        except BaseException:
            history.close()
            raise
        return history

    def _make_current(self) -> None:
        words = self._place.words
        if not self._run(lambda connection: is_current(connection, words), once=True):
            self._run(lambda connection: bring_up_to_date(connection, words), writes=True, once=True)

    def close(self) -> None:
        """Give the connection back."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def memories(self, devices: Iterable[str]) -> dict[str, DeviceMemory]:
        """What is remembered of each of these devices that was polled before."""
        names = sorted(set(devices))
        query = select(device.c.name, memory.c.data).join_from(device, memory, memory.c.device_id == device.c.id)

        def read(connection: Connection) -> dict[str, DeviceMemory]:
            return {name: document.unpack(DeviceMemory, data) for some in portions(names)
                    for name, data in connection.execute(query.where(device.c.name.in_(some or ())))}

        return self._run(read)

    def record(self, record: PollRecord) -> bool:
        """Write a poll of one device, in one piece; False, and nothing is changed, where it is there already.

        It may be repeated after a failure that leaves open whether it was written.
        """
        name = record.cycle
        length = timedelta(seconds=record.observation.seconds)
        for later in range(_COLLISIONS):
            known = self._cycle[1] if self._cycle is not None and self._cycle[0] == name else None
            try:
                written, doubtful = self._attempt(lambda connection, known=known, later=later: write(  # type: ignore[misc]  # bound at once
                    connection, record, known_cycle=known, later=later, length=length))
            except IntegrityError:   # another poll has this very time, or another process has just added the same rows
                continue
            self._cycle = (name, written.cycle)
            return written.new or doubtful
        raise HistoryError(f"The poll of {record.memory.device} at {record.observation.at} cannot be told from others.",
                           hint="Look at the clock of this machine.")

    def open_alarms(self) -> tuple[Alarm, ...]:
        """The alarms that are not cleared, the oldest first."""
        return self._run(alarms.open_alarms)

    def save_alarms(self, alarms_: Iterable[Alarm]) -> None:
        """Add alarms, or change those that are there, by their ids; all or none."""
        some = list(alarms_)
        self._run(lambda connection: alarms.save(connection, some), writes=True)

    def unsent(self) -> tuple[tuple[Alarm, Told], ...]:
        """What people are still to be told, in order; not of alarms that are rolled up under another."""
        return self._run(alarms.unsent)

    def sent(self, alarm: str, what: Told) -> None:
        """Remember that people were told."""
        self._run(lambda connection: alarms.sent(connection, alarm, what), writes=True)

    def baseline(self, device: str) -> Baseline | None:
        """The configuration of a device while all was well."""
        return self._run(lambda connection: _baseline(connection, device))

    def evidence(self, id: str) -> Kept | None:  # noqa: A002  the word of the noun
        """What was collected in full, by its id or by the beginning of it that is nobody else's."""
        return self._run(lambda connection: _evidence(connection, id))

    def kept(self, device: str | None, since: datetime) -> tuple[tuple[str, str, datetime, str], ...]:
        """Id, device, time and reason of everything that was collected in full, the newest last."""
        query = (select(evidence.c.id, evidence.c.device, evidence.c.at, evidence.c.why)
                 .where(evidence.c.at >= since).order_by(evidence.c.at, evidence.c.id))
        if device is not None:
            query = query.where(evidence.c.device == device)
        return self._run(lambda connection: tuple((row.id, row.device, row.at, row.why)
                                                  for row in connection.execute(query)))

    def refusals(self) -> tuple[Refusal, ...]:
        """The log-ins that devices refused."""
        query = select(refusal.c.print, refusal.c.device, refusal.c["count"], refusal.c.at,
                       refusal.c.next_try).order_by(refusal.c.device, refusal.c.print)
        return self._run(lambda connection: tuple(
            Refusal(print=mark, device=name, count=count, at=at, next_try=next_try)
            for mark, name, count, at, next_try in connection.execute(query)))

    def save_refusals(self, refusals: Iterable[Refusal]) -> None:
        """Put these in place of all that were there."""
        rows = [{"print": one.print, "device": one.device, "count": one.count, "at": one.at, "next_try": one.next_try}
                for one in refusals]

        def replace(connection: Connection) -> None:
            connection.execute(delete(refusal))
            if rows:
                connection.execute(refusal.insert(), rows)

        self._run(replace, writes=True)

    def last_poll(self) -> datetime | None:
        """The end of the newest poll."""
        return self._run(lambda connection: connection.execute(select(func.max(device.c.polled_at))).scalar())

    def devices(self, since: datetime | None = None) -> tuple[str, ...]:
        """The names of all devices that were polled, at all or since then."""
        query = select(device.c.name).order_by(device.c.name)
        if since is not None:
            query = query.where(device.c.polled_at >= since)
        return self._run(lambda connection: tuple(connection.execute(query).scalars()))

    def ask(self, *, devices: Iterable[str] | None, peer: str | None, since: datetime, until: datetime,
            overview: bool = False) -> HistoryAnswer:
        """What is known of tunnels from `since` to `until`.

        Every point covers `step` seconds of the answer, the finest that is still kept for the whole span and gives no
        more than about 2,000 points a tunnel and 30,000 in all; where points are single polls, `step` is the usual
        distance between two. Alarms and changes are those that touch the span, the newest last.

        Args:
            devices: whose; None for all.
            peer: only tunnels with this peer.
            since: the begin.
            until: the end.
            overview: leave the points out: those of a whole fleet take long, and nobody could read them.
        """
        names = None if devices is None else sorted(set(devices))
        return self._run(lambda connection: ask(connection, devices=names, peer=peer, since=since, until=until,
                                                 overview=overview))

    def tidy(self, now: datetime, keep: Keep) -> Tidied:
        """Let old polls become hours, old hours days, and delete what is too old; cheap where nothing is due.

        It may be killed at any moment and done again: no poll is ever counted twice.
        """
        done = self._run(progress)
        return tidy(lambda work: self._run(work, writes=True), done, now, keep)

    def _run(self, work: Callable[[Connection], _Result], *, writes: bool = False, once: bool = False) -> _Result:
        """Do work within one transaction; again where the server went away."""
        return self._attempt(work, writes=writes, once=once)[0]

    def _attempt(self, work: Callable[[Connection], _Result], *, writes: bool = True,
                 once: bool = False) -> tuple[_Result, bool]:
        """The result, and whether it may have been there before: an earlier attempt failed when it was to be kept."""
        if self._place.moved():   # what is written into a deleted file nobody would ever see
            self._engine.dispose()
            self._cycle = None
            self._engine = self._place.engine(self._patience)
            self._make_current()
        deadline = time.monotonic() + self._patience
        pause, doubtful, kept = _FIRST_PAUSE, False, False
        while True:
            doubtful = doubtful or kept
            try:
                with closing(self._engine.connect()) as connection:
                    connection.execution_options(writes=writes, **({} if writes else self._place.reading))
                    with connection.begin():
                        result = work(connection)
                        kept = True
                    return result, doubtful
            except IntegrityError:
                raise
            except DBAPIError as error:
                trouble = self._place.trouble(error)
                self._cycle = None
                if once or self._place.is_file or not isinstance(trouble, HistoryUnavailable) or (
                        time.monotonic() + pause > deadline):
                    raise trouble from error
                self._engine.dispose()
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _baseline(connection: Connection, name: str) -> Baseline | None:
    data = connection.execute(select(baseline.c.data).join_from(baseline, device, baseline.c.device_id == device.c.id)
                              .where(device.c.name == name)).scalar()
    return None if data is None else document.unpack(Baseline, data)


def _evidence(connection: Connection, id: str) -> Kept | None:  # noqa: A002  the word of the noun
    query = select(evidence.c.id, evidence.c.data).where(evidence.c.id.startswith(id, autoescape=True)).limit(2)
    rows = connection.execute(query).all() if id else []
    exact = [row for row in rows if row.id == id] or connection.execute(
        select(evidence.c.id, evidence.c.data).where(evidence.c.id == id)).all()
    found = exact or rows
    return document.unpack(Kept, found[0].data) if len(found) == 1 else None
