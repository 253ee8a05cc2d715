"""Writes what a poll of one device leaves behind: within one transaction, and once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select

from vpn_check.history import alarms, document
from vpn_check.history.block import SLOTS, pack
from vpn_check.history.put import insert, upsert
from vpn_check.history.schema import (
    POLL,
    baseline,
    block,
    change,
    cycle,
    device,
    evidence,
    memory,
    poll,
    stamp,
    tunnel,
)
from vpn_check.model.observation import TunnelId

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sqlalchemy.engine import Connection

    from vpn_check.model.alarm import Change
    from vpn_check.model.pollrecord import Baseline, Kept, PollRecord
    from vpn_check.model.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Whether the poll was new, and the number of its cycle, which holds once the transaction is committed."""

    new: bool
    cycle: int


def write(connection: Connection, record: PollRecord, *, known_cycle: int | None, later: int,
          length: timedelta) -> Written:
    """Write a poll, unless it is there already.

    Args:
        connection: in a transaction that writes.
        record: what to write.
        known_cycle: the number of its cycle where that is known.
        later: microseconds to add to the time of its tallies, where another poll has the same.
        length: how long the poll took.
    """
    seen, kept = record.observation, record.memory
    device_id, answered_at = _device(connection, record, length)
    number = known_cycle if known_cycle is not None else _cycle(connection, record.cycle, seen.at)
    fault = seen.fault
    added = connection.execute(insert(connection, poll), {
        "cycle_id": number, "device_id": device_id, "at": seen.at, "status": str(seen.status),
        "seconds": seen.seconds, "fault_step": fault and fault.step, "fault_code": fault and fault.code,
        "fault_message": fault and fault.message,
    }, execution_options={"preserve_rowcount": True})   # not counted for an INSERT otherwise
    if not added.rowcount:
        return Written(new=False, cycle=number)
    slots = _tunnels(connection, device_id, answered_at, record)
    upsert(connection, memory, [{"device_id": device_id, "data": document.pack(kept)}])
    _blocks(connection, device_id, stamp(seen.at) + later, slots, record.tallies)
    _rest(connection, device_id, record)
    return Written(new=True, cycle=number)


def _device(connection: Connection, record: PollRecord, length: timedelta) -> tuple[int, datetime | None]:
    """The device's number, and when it had answered before; its row says how it is now."""
    seen, kept = record.observation, record.memory
    state = {"site": kept.site, "status": str(kept.status), "since": kept.since, "polled_at": seen.at + length,
             "answered_at": kept.answered_at}
    row = connection.execute(_FIND_DEVICE, {"called": kept.device}).one_or_none()
    if row is None:
        connection.execute(insert(connection, device), {"name": kept.device, **state})
        row = connection.execute(_FIND_DEVICE, {"called": kept.device}).one()
    state["polled_at"] = max(row.polled_at, state["polled_at"])
    connection.execute(_CHANGE_DEVICE, {"number": row.id, **state})
    return row.id, row.answered_at


_FIND_DEVICE = select(device).where(device.c.name == bindparam("called")).with_for_update()
_CHANGE_DEVICE = device.update().where(device.c.id == bindparam("number"))


def _cycle(connection: Connection, name: str, at: datetime) -> int:
    connection.execute(insert(connection, cycle), {"name": name, "at": at})
    number: int = connection.execute(select(cycle.c.id).where(cycle.c.name == name)).scalar_one()
    return number


class _State(NamedTuple):
    """What a tunnel's row says beside its key and place."""

    name: str
    peer: str | None
    interface: str | None
    local_ident: str | None
    remote_ident: str | None
    status: str
    cause: str
    since: datetime
    present: bool
    seen_at: datetime | None
    left_at: datetime | None


_ROWS = select(tunnel.c.slot, tunnel.c.key, *(tunnel.c[name] for name in _State._fields)).where(
    tunnel.c.device_id == bindparam("number"))
_CHANGE_ROW = tunnel.update().where(tunnel.c.device_id == bindparam("number"), tunnel.c.slot == bindparam("place"))


def _tunnels(connection: Connection, device_id: int, answered_at: datetime | None,
             record: PollRecord) -> dict[tuple[str, ...], int]:
    """Bring the rows of the device's tunnels up to date, touching only those that change; the slots by key."""
    wanted = {key: (json.dumps(key), state) for key, state in _states(record).items()}
    kept = {one.id.key for one in record.memory.tunnels}
    rows = {row[1]: (row[0], _State(*row[2:]))
            for row in connection.execute(_ROWS, {"number": device_id})}
    taken = {slot for slot, _ in rows.values()}
    free = (slot for slot in count() if slot not in taken)
    slots: dict[tuple[str, ...], int] = {}
    added, changed = [], []
    for key, (text, state) in wanted.items():
        if text not in rows:
            slots[key] = next(free)
            added.append({"device_id": device_id, "slot": slots[key], "key": text, **state._asdict()})
            continue
        slots[key], before = rows[text]
        if key not in kept:   # its last poll: it keeps its name, and has left
            continue
        del rows[text]
        if before != state:
            changed.append({"number": device_id, "place": slots[key], **state._asdict()})
    for slot, before in rows.values():
        if before.left_at is None:
            left = before._replace(left_at=record.observation.at, present=False,
                                   seen_at=answered_at if before.present else before.seen_at)
            changed.append({"number": device_id, "place": slot, **left._asdict()})
    if added:
        connection.execute(tunnel.insert(), added)
    if changed:
        connection.execute(_CHANGE_ROW, changed)
    return slots


def _states(record: PollRecord) -> dict[tuple[str, ...], _State]:
    kept = record.memory
    states = {}
    for one in kept.tunnels:
        present = one.seen_at is not None and one.seen_at == kept.answered_at
        states[one.id.key] = _state(one.id, str(one.status), one.cause, one.since)._replace(
            present=present, seen_at=None if present else one.seen_at)
    strange = [key for key in record.tallies if key not in states]
    if strange:   # tallies of a tunnel that nothing is remembered of: named by what was seen, or by its key
        ids = {one.id.key: one.id for one in record.observation.tunnels}
        for key in strange:
            named = ids.get(key) or TunnelId(key=key, name=" ".join(key))
            states[key] = _state(named, "unknown", record.tallies[key].cause, record.observation.at)
    return states


def _state(named: TunnelId, status: str, cause: str, since: datetime) -> _State:
    return _State(named.name, named.peer, named.interface, named.local_ident, named.remote_ident, status, cause, since,
                  present=False, seen_at=None, left_at=None)


_ADD_BLOCK = block.insert()


def _blocks(connection: Connection, device_id: int, at: int, slots: Mapping[tuple[str, ...], int],
            tallies: Mapping[tuple[str, ...], Tally]) -> None:
    chunks: dict[int, dict[int, Tally]] = {}
    for key, tally in tallies.items():
        if tally.polls:
            chunk, place = divmod(slots[key], SLOTS)
            chunks.setdefault(chunk, {})[place] = tally
    if chunks:
        connection.execute(_ADD_BLOCK, [
            {"device_id": device_id, "chunk": chunk, "span": POLL, "at": at, "data": pack(places)}
            for chunk, places in chunks.items()])


def _rest(connection: Connection, device_id: int, record: PollRecord) -> None:
    if record.changes:
        connection.execute(change.insert(), [_change(device_id, one) for one in record.changes])
    alarms.save(connection, record.alarms)
    if record.evidence is not None:
        upsert(connection, evidence, [_evidence(record.evidence)])
    if record.baseline is not None:
        upsert(connection, baseline, [_baseline(device_id, record.baseline)])


def _change(device_id: int, one: Change) -> dict[str, Any]:
    return {"device_id": device_id, "key": None if one.tunnel is None else json.dumps(one.tunnel), "name": one.name,
            "at": one.at, "before": str(one.before), "after": str(one.after), "cause": one.cause,
            "summary": one.summary}


def _evidence(kept: Kept) -> dict[str, Any]:
    return {"id": kept.id, "device": kept.device, "at": kept.at, "why": kept.why, "data": document.pack(kept)}


def _baseline(device_id: int, kept: Baseline) -> dict[str, Any]:
    return {"device_id": device_id, "at": kept.at, "data": document.pack(kept)}

