"""Old polls become hours, old hours become days, and what is too old goes.

Each step is a transaction of its own that sums what it reads, writes the sum and deletes what it summed: whoever is
killed in between leaves every poll in exactly one block. How far it has come is remembered, so that a call with nothing
due costs one query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import bindparam, delete, func, select

from vpn_check.history import alarms, document
from vpn_check.history.block import SLOTS, Places, Sum, pack
from vpn_check.history.keep import Keep, Tidied
from vpn_check.history.put import portions, upsert
from vpn_check.history.schema import (
    DAY,
    HOUR,
    POLL,
    alarm,
    baseline,
    block,
    change,
    cycle,
    device,
    evidence,
    memory,
    moment,
    poll,
    stamp,
    tunnel,
    upkeep,
)
from vpn_check.model.alarm import Alarm

if TYPE_CHECKING:
    from sqlalchemy import Delete
    from sqlalchemy.engine import Connection

_Result = TypeVar("_Result")
Transaction = Callable[[Callable[["Connection"], _Result]], _Result]
"""Does work within one transaction that writes."""

_SECOND = 1_000_000
_UNPOLLED = timedelta(days=7)
"""A device that was not polled for so long is most likely not in the inventory any more."""
_AHEAD = timedelta(days=1)
_CYCLES = 200   # whose polls are deleted in one transaction
_WHERE = (block.c.device_id == bindparam("number"), block.c.chunk == bindparam("part"),
          block.c.span == bindparam("size"))
_OLD = select(block.c.at, block.c.data).where(*_WHERE, block.c.at < bindparam("before")).order_by(block.c.at)
_THERE = select(block.c.at, block.c.data).where(*_WHERE, block.c.at.between(bindparam("first"), bindparam("last")))
_FORGET = delete(block).where(*_WHERE, block.c.at < bindparam("before"))


def tidy(run: Transaction[int], done: dict[str, datetime], now: datetime, keep: Keep) -> Tidied:
    """Do what is due.

    Args:
        run: runs each step.
        done: up to when each kind of step has been done, as `progress` tells.
        now: the time.
        keep: for how long what is kept.
    """
    polls, hours = _floor(now - keep.polls, HOUR), _floor(now - keep.hours, DAY)
    days, collected = _floor(now - keep.days, DAY), _floor(now - keep.evidence, HOUR)
    rolled = {POLL: 0, HOUR: 0}
    deleted = 0
    for finer, coarser, before in ((POLL, HOUR, polls), (HOUR, DAY, hours)):
        if _due(done, str(finer), before):
            rolled[finer] = _roll_all(run, finer, coarser, before)
            if finer == POLL:
                deleted += _forget_polls(run, before)
            run(_progressed(str(finer), before))
    if _due(done, "evidence", collected):
        deleted += run(lambda connection: _forget_evidence(connection, collected))
        run(_progressed("evidence", collected))
    ended, unpolled = 0, _floor(now - _UNPOLLED, HOUR)
    if _due(done, "unpolled", unpolled):
        ended = run(lambda connection: _end_alarms(connection, unpolled, now))
        run(_progressed("unpolled", unpolled))
    if _due(done, "days", days):
        deleted += _forget_days(run, days)
        run(_progressed("days", days))
    return Tidied(polls_rolled=rolled[POLL], hours_rolled=rolled[HOUR], deleted=deleted,
                  ended=ended)


def progress(connection: Connection) -> dict[str, datetime]:
    """Up to when each kind of step has been done."""
    return {row.what: row.upto for row in connection.execute(select(upkeep))}


def _due(done: dict[str, datetime], what: str, before: datetime) -> bool:
    """Also where it was done for a time that is still to come: the clock had run ahead, and was put back."""
    return what not in done or not before <= done[what] <= before + _AHEAD


def _progressed(what: str, upto: datetime) -> Callable[[Connection], int]:
    def remember(connection: Connection) -> int:
        upsert(connection, upkeep, [{"what": what, "upto": upto}])
        return 0

    return remember


def _floor(time: datetime, span: int) -> datetime:
    size = span * _SECOND
    return moment(stamp(time) // size * size)


def _chunks(run: Transaction[int]) -> list[tuple[int, int]]:
    """Every block's device and chunk."""
    found: list[tuple[int, int]] = []

    def read(connection: Connection) -> int:
        tops = connection.execute(select(tunnel.c.device_id, func.max(tunnel.c.slot)).group_by(tunnel.c.device_id))
        found.extend((number, part) for number, top in tops for part in range(top // SLOTS + 1))
        return 0

    run(read)
    return found


def _roll_all(run: Transaction[int], finer: int, coarser: int, before: datetime) -> int:
    return sum(run(lambda connection, at=at: _roll(connection, at, (finer, coarser), stamp(before)))  # type: ignore[misc]  # bound at once
               for at in _chunks(run))


def _lock(connection: Connection, number: int) -> None:
    """Nobody else writes this device until the transaction ends."""
    connection.execute(select(device.c.id).where(device.c.id == number).with_for_update())


def _roll(connection: Connection, where: tuple[int, int], spans: tuple[int, int], before: int) -> int:
    """Sum the finer blocks of a chunk that are older into coarser ones; how many there were."""
    finer, coarser = spans
    chunk = {"number": where[0], "part": where[1]}
    _lock(connection, where[0])
    old = connection.execute(_OLD, {**chunk, "size": finer, "before": before}).all()
    if not old:
        return 0
    size = coarser * _SECOND
    first, last = old[0].at // size * size, old[-1].at // size * size
    there = {row.at: row.data for row in connection.execute(
        _THERE, {**chunk, "size": coarser, "first": first, "last": last})}
    rows = []
    for number, group in groupby(old, key=lambda row: row.at // size):
        at = number * size
        whole = Sum()
        if at in there:
            whole.add(Places.of(there[at]))
        for row in group:
            whole.add(Places.of(row.data))
        tallies = {place: tally for place, tally in enumerate(whole.tallies()) if tally is not None}
        rows.append({"device_id": where[0], "chunk": where[1], "span": coarser, "at": at, "data": pack(tallies)})
    upsert(connection, block, rows)
    connection.execute(_FORGET, {**chunk, "size": finer, "before": before})
    return len(old)


def _forget_polls(run: Transaction[int], before: datetime) -> int:
    """Delete the device polls of old cycles; the newest cycle stays, whatever its age."""
    def some(connection: Connection) -> int:
        newest = select(func.max(cycle.c.id)).scalar_subquery()
        old = list(connection.execute(select(cycle.c.id).where(cycle.c.at < before, cycle.c.id < newest)
                                      .limit(_CYCLES)).scalars())
        if not old:
            return 0
        count = connection.execute(delete(poll).where(poll.c.cycle_id.in_(old))).rowcount
        return count + connection.execute(delete(cycle).where(cycle.c.id.in_(old))).rowcount

    whole = 0
    while (count := run(some)):
        whole += count
    return whole


def _forget_evidence(connection: Connection, before: datetime) -> int:
    """Delete what was collected before, but for alarms that are open."""
    needed = select(alarm.c.evidence).where(alarm.c.cleared_at.is_(None), alarm.c.evidence.is_not(None))
    return connection.execute(delete(evidence).where(evidence.c.at < before, evidence.c.id.not_in(needed))).rowcount


def _end_alarms(connection: Connection, before: datetime, now: datetime) -> int:
    """End the alarms of devices that nobody has polled since: nothing else ever would.

    Their memory goes with the alarms, so that a device that is polled again is looked at as for the first time.
    """
    query = select(device.c.id, alarm.c.data).join_from(alarm, device, alarm.c.device == device.c.name)
    rows = connection.execute(query.where(alarm.c.cleared_at.is_(None), device.c.polled_at < before)).all()
    ended = [document.unpack(Alarm, row.data) for row in rows]
    alarms.save(connection, [replace(one, cleared_at=now, gone=True, summary=f"{one.summary} Ended: nobody has polled "
                                     f"{one.device} for a week.") for one in ended])
    for some in portions(sorted({row.id for row in rows})):
        connection.execute(delete(memory).where(memory.c.device_id.in_(some or ())))
    gone = select(device.c.id).where(device.c.polled_at < before)
    connection.execute(tunnel.update().where(tunnel.c.device_id.in_(gone), tunnel.c.left_at.is_(None))
                       .values(left_at=now))
    return len(ended)


def _forget_days(run: Transaction[int], before: datetime) -> int:
    """Delete days, alarms and changes that are too old, and tunnels and devices that have been gone for as long."""
    whole = 0
    for number, part in _chunks(run):
        whole += run(lambda connection, number=number, part=part: connection.execute(  # type: ignore[misc]  # bound at once
            _FORGET, {"number": number, "part": part, "size": DAY, "before": stamp(before)}).rowcount)
    gone = select(device.c.id).where(device.c.polled_at < before)

    def rows(connection: Connection) -> int:
        numbers = list(connection.execute(gone).scalars())
        statements: list[Delete] = [
            delete(alarm).where(alarm.c.cleared_at < before),
            delete(change).where(change.c.at < before),
            delete(tunnel).where(tunnel.c.left_at < before),
        ]
        for some in portions(numbers):
            statements += [delete(table).where(table.c.device_id.in_(some or ()))
                           for table in (block, memory, baseline, change, poll, tunnel)]
            statements.append(delete(device).where(device.c.id.in_(some or ())))
        return sum(connection.execute(statement).rowcount for statement in statements)

    return whole + run(rows)
