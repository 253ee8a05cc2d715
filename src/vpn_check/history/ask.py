"""What a history knows of some tunnels over a span of time."""

from __future__ import annotations

import json
from itertools import groupby, pairwise
from statistics import median_low
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, func, select

from vpn_check.history import alarms
from vpn_check.history.block import SLOTS, Places, Sum
from vpn_check.history.put import portions
from vpn_check.history.schema import DAY, HOUR, POLL, block, change, device, moment, stamp, tunnel
from vpn_check.model.alarm import Alarm, AlarmKind, Change
from vpn_check.model.finding import Status
from vpn_check.model.observation import TunnelId
from vpn_check.model.pollreport import HistoryAnswer, Point, TunnelHistory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

STEPS = (POLL, 300, HOUR, 6 * HOUR, DAY)
"""What a point may cover, in seconds; 0: one poll."""
POINTS = 2_200
"""For one tunnel, at most: 90 days of hours are not too many."""
ALL_POINTS = 30_000
"""For one answer, as far as days are coarse enough."""
_SECOND = 1_000_000
_SAMPLE = 32   # chunks that are looked at to find the step


class _Row(NamedTuple):
    """A tunnel as its table has it."""

    device: str
    device_id: int
    slot: int
    id: TunnelId
    status: Status
    cause: str
    since: datetime
    seen_at: datetime | None
    left_at: datetime | None


class _Span(NamedTuple):
    """From when until when, as stamps."""

    since: int
    until: int

    def blocks(self, span: int) -> tuple[int, int]:
        """The first and last stamp of blocks of this span that touch it."""
        return self.since - max(0, span * _SECOND - 1), self.until


def ask(connection: Connection, *, devices: Sequence[str] | None, peer: str | None, since: datetime, until: datetime,
        overview: bool) -> HistoryAnswer:
    """Answer; `History.ask` says what."""
    rows = list(_rows(connection, devices, peer))
    step, tunnels = (0, [_told(row) for row in rows]) if overview else _points(
        connection, rows, _Span(stamp(since), stamp(until)))
    return HistoryAnswer(
        since=since, until=until, step=step, tunnels=tuple(tunnels), overview=overview,
        alarms=_alarms(connection, devices, peer, rows, (since, until)),
        changes=_changes(connection, devices, peer, rows, (since, until)))


def _points(connection: Connection, rows: Sequence[_Row], span: _Span) -> tuple[int, list[TunnelHistory]]:
    """The tunnels with their points, and how many seconds each point covers."""
    chunks = [(key, list(group)) for key, group in
              groupby(rows, key=lambda row: (row.device_id, row.slot // SLOTS))]
    step = _step(connection, [key for key, _ in chunks], len(rows), span)
    tunnels: list[TunnelHistory] = []
    apart: list[int] = []
    for (device_id, chunk), members in chunks:
        found = _found(connection, device_id, chunk, span)
        if step == POLL and not apart:
            apart = [after - before for (before, _), (after, _) in pairwise(found)]
        series = _series(found, [row.slot % SLOTS for row in members], step)
        tunnels += [_told(row, points) for row, points in zip(members, series, strict=True)]
    return step or (round(median_low(apart) / _SECOND) if apart else 0), tunnels


def _told(row: _Row, points: Iterable[Point] = ()) -> TunnelHistory:
    return TunnelHistory(device=row.device, id=row.id, status=row.status, cause=row.cause, since=row.since,
                         seen_at=row.seen_at, left_at=row.left_at, points=tuple(points))


def _rows(connection: Connection, devices: Sequence[str] | None, peer: str | None) -> Iterator[_Row]:
    """The tunnels meant, by device and slot."""
    query = select(device.c.name, device.c.answered_at, tunnel).join_from(
        device, tunnel, tunnel.c.device_id == device.c.id)
    if peer is not None:
        query = query.where(tunnel.c.peer == peer)
    query = query.order_by(device.c.name, tunnel.c.slot)
    for names in portions(devices):
        for row in connection.execute(query if names is None else query.where(device.c.name.in_(names))):
            name, answered_at, device_id, slot, key, *words, status, cause, since, present, seen_at, left_at = row
            title, its_peer, interface, local_ident, remote_ident = words
            yield _Row(name, device_id, slot,
                       TunnelId(key=tuple(json.loads(key)), name=title, peer=its_peer, interface=interface,
                                local_ident=local_ident, remote_ident=remote_ident),
                       Status(status), cause, since, answered_at if present else seen_at, left_at)


def _step(connection: Connection, chunks: Sequence[tuple[int, int]], tunnels: int, span: _Span) -> int:
    """The finest step that the blocks still give and that does not make too many points."""
    counts: dict[int, int] = {}
    for device_id, chunk in chunks[::max(1, len(chunks) // _SAMPLE)]:
        for size in (POLL, HOUR, DAY):
            first, last = span.blocks(size)
            number = connection.execute(_COUNT, {"device_id": device_id, "chunk": chunk, "span": size, "first": first,
                                                 "last": last}).scalar_one()
            counts[size] = max(number, counts.get(size, 0))
    coarsest = max((size for size, number in counts.items() if number), default=POLL)
    blocks = sum(counts.values())
    for step in STEPS:
        points = min(blocks, (span.until - span.since) // (step * _SECOND) + 2) if step else blocks
        if step >= coarsest and points <= POINTS and points * tunnels <= ALL_POINTS:
            return step
    return DAY


def _where(statement: Any) -> Any:  # noqa: ANN401  a select of some columns
    return statement.where(
        block.c.device_id == bindparam("device_id"), block.c.chunk == bindparam("chunk"),
        block.c.span == bindparam("span"), block.c.at.between(bindparam("first"), bindparam("last")))


_COUNT = _where(select(func.count()).select_from(block))
_FIND = _where(select(block.c.at, block.c.data))


def _found(connection: Connection, device_id: int, chunk: int, span: _Span) -> list[tuple[int, bytes]]:
    """The blocks of a chunk that touch the span, in order of time."""
    found: list[tuple[int, bytes]] = []
    for size in (DAY, HOUR, POLL):
        first, last = span.blocks(size)
        rows = connection.execute(_FIND, {"device_id": device_id, "chunk": chunk, "span": size, "first": first,
                                          "last": last})
        found += [(at, data) for at, data in rows]
    found.sort(key=lambda item: item[0])
    return found


def _series(found: list[tuple[int, bytes]], places: list[int], step: int) -> list[list[Point]]:
    """The points of each place."""
    only = places[0] if len(places) == 1 else None
    wanted = [0] if only is not None else places
    series: list[list[Point]] = [[] for _ in wanted]
    for at, whole in _wholes(found, only, step * _SECOND):
        tallies = whole.tallies()
        when = moment(at)
        for points, place in zip(series, wanted, strict=True):
            if place < len(tallies) and (tally := tallies[place]) is not None:
                points.append(Point(at=when, tally=tally))
    return series


def _wholes(found: list[tuple[int, bytes]], only: int | None, step: int) -> Iterator[tuple[int, Places | Sum]]:
    """The blocks as they are, or, with a step (in microseconds), their sums."""
    if not step:
        yield from ((at, Places.of(data, only)) for at, data in found)
        return
    for number, group in groupby(found, key=lambda item: item[0] // step):
        whole = Sum()
        for _, data in group:
            whole.add(Places.of(data, only))
        yield number * step, whole


def _alarms(connection: Connection, devices: Sequence[str] | None, peer: str | None, rows: Sequence[_Row],
            span: tuple[datetime, datetime]) -> tuple[Alarm, ...]:
    """Those about the tunnels and devices meant, and those under which these are rolled up."""
    found = alarms.touching(connection, *span)
    if devices is None and peer is None:
        return tuple(found)
    names = {row.device for row in rows} if peer is not None else set(devices or ())
    tunnels = {(row.device, row.id.key) for row in rows}
    peers = {row.id.peer for row in rows if row.id.peer is not None}

    def meant(one: Alarm) -> bool:
        if one.tunnel is not None:
            return one.device in names and (peer is None or (one.device, one.tunnel) in tunnels)
        if one.kind is AlarmKind.PEER:
            return one.peer in peers
        return one.device in names

    direct = {one.id for one in found if meant(one)}
    roots = {one.root for one in found if one.id in direct}
    return tuple(one for one in found if one.id in direct or one.id in roots)


def _changes(connection: Connection, devices: Sequence[str] | None, peer: str | None, rows: Sequence[_Row],
             span: tuple[datetime, datetime]) -> tuple[Change, ...]:
    """Those of the tunnels and devices meant."""
    names = sorted({row.device for row in rows}) if peer is not None else devices
    tunnels = {(row.device, row.id.key) for row in rows}
    query = (select(device.c.name.label("device"), change)
             .join_from(change, device, change.c.device_id == device.c.id)
             .where(change.c.at.between(*span)))
    found: list[tuple[datetime, int, Change]] = []
    for some in portions(names):
        for row in connection.execute(query if some is None else query.where(device.c.name.in_(some))):
            key = None if row.key is None else tuple(json.loads(row.key))
            if peer is None or key is None or (row.device, key) in tunnels:
                found.append((row.at, row.id, Change(
                    device=row.device, tunnel=key, name=row.name, at=row.at, before=Status(row.before),
                    after=Status(row.after), cause=row.cause, summary=row.summary)))
    return tuple(one for _, _, one in sorted(found, key=lambda item: item[:2]))
