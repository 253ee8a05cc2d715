"""Alarms in their table: the noun whole, as a document, and beside it what is searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import or_, select, update

from vpn_check.history import document
from vpn_check.history.put import upsert
from vpn_check.history.schema import alarm
from vpn_check.model.alarm import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.engine import Connection

Told = Literal["raised", "cleared"]


def save(connection: Connection, alarms: Iterable[Alarm]) -> None:
    """Add them, or change those that are there; what people were told of them stays as it is."""
    upsert(connection, alarm, [_row(one) for one in alarms], left=("told_raised", "told_cleared"))


def open_alarms(connection: Connection) -> tuple[Alarm, ...]:
    """Those that are not cleared, the oldest first."""
    rows = connection.execute(select(alarm.c.data).where(alarm.c.cleared_at.is_(None))
                              .order_by(alarm.c.began, alarm.c.id))
    return tuple(document.unpack(Alarm, data) for data in rows.scalars())


def unsent(connection: Connection) -> tuple[tuple[Alarm, Told], ...]:
    """What people are still to be told, in the order that it happened; not of those that have a root."""
    rows = connection.execute(
        select(alarm.c.data, alarm.c.told_raised)
        .where(alarm.c.root.is_(None), alarm.c.told_cleared.is_(False),
               or_(alarm.c.told_raised.is_(False), alarm.c.cleared_at.is_not(None))))
    due: list[tuple[datetime, int, Alarm, Told]] = []
    for data, told_raised in rows:
        one = document.unpack(Alarm, data)
        if not told_raised:
            due.append((one.raised_at, 0, one, "raised"))
        if one.cleared_at is not None:
            due.append((one.cleared_at, 1, one, "cleared"))
    due.sort(key=lambda item: (item[0], item[1], item[2].id))
    return tuple((one, what) for _, _, one, what in due)


def sent(connection: Connection, id: str, what: Told) -> None:  # noqa: A002  the alarm's own word
    """Remember that people were told."""
    column = alarm.c.told_raised if what == "raised" else alarm.c.told_cleared
    connection.execute(update(alarm).where(alarm.c.id == id).values({column: True}))


def touching(connection: Connection, since: datetime, until: datetime) -> list[Alarm]:
    """Those that were open at some moment of the span, in the order that they began."""
    rows = connection.execute(
        select(alarm.c.data)
        .where(alarm.c.began <= until, or_(alarm.c.cleared_at.is_(None), alarm.c.cleared_at >= since))
        .order_by(alarm.c.began, alarm.c.id))
    return [document.unpack(Alarm, data) for data in rows.scalars()]


def _row(one: Alarm) -> dict[str, Any]:
    return {"id": one.id, "kind": str(one.kind), "subject": one.subject, "device": one.device, "peer": one.peer,
            "status": str(one.status), "cause": one.cause, "summary": one.summary, "began": one.began,
            "raised_at": one.raised_at, "cleared_at": one.cleared_at, "root": one.root, "evidence": one.evidence,
            "told_raised": False, "told_cleared": False, "data": document.pack(one)}
