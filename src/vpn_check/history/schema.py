"""The tables of a history. Whoever asks with SQL finds the present state in `device`, `tunnel` and `alarm`.

What each poll adds goes where few pages of the database are touched: a row for each device poll (`poll`), and one for
its tallies (`block`), side by side with those of the polls before. Each poll of a tunnel stands in exactly one block:
of span 0 as it was made, or, later, within the sum of its hour or day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

REVISIONS = ("0001",)
"""Every state that the tables have been in, the newest last: what the migrations lead to."""
VERSION_TABLE = "vpn_check_version"
POLL, HOUR, DAY = 0, 3600, 86400
"""The spans of blocks, in seconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp(moment: datetime) -> int:
    """Microseconds since 1970 in UTC: how blocks say when."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(stamp: int) -> datetime:
    """The time of a stamp."""
    return _EPOCH + stamp * _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware time; UTC without saying so in SQLite, where it is text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the database takes it."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the program has it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of a device: without what a database does not take (NUL, halves of characters)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  alike in all
        """The text as every database takes it."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "").encode("utf-8", "replace").decode()


tables = MetaData()


def _table(name: str, *parts: Any, compact: bool = False) -> Table:  # noqa: ANN401  columns and constraints
    return Table(name, tables, *parts, sqlite_with_rowid=not compact)


device = _table(
    "device",
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("site", Words),
    Column("status", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("polled_at", Moment, nullable=False),   # the end of its newest poll
    Column("answered_at", Moment),
)
memory = _table(
    "memory",
    Column("device_id", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
tunnel = _table(
    "tunnel",
    Column("device_id", Integer, primary_key=True, autoincrement=False),
    Column("slot", Integer, primary_key=True, autoincrement=False),   # its place: chunk 64 * chunk + place
    Column("key", Text, nullable=False),   # JSON
    Column("name", Words, nullable=False),
    Column("peer", Words),
    Column("interface", Words),
    Column("local_ident", Words),
    Column("remote_ident", Words),
    Column("status", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("present", Boolean, nullable=False),   # seen in the last answer of its device: then `seen_at` is that time
    Column("seen_at", Moment),
    Column("left_at", Moment),   # when it was dropped from what is known of the device
    UniqueConstraint("device_id", "key", name="tunnel_key"),
    Index("tunnel_peer", "peer"),
)
cycle = _table(
    "cycle",
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("at", Moment, nullable=False),   # of its first poll that was written
    Index("cycle_at", "at"),
)
poll = _table(
    "poll",
    Column("cycle_id", Integer, primary_key=True, autoincrement=False),
    Column("device_id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("fault_step", Text),
    Column("fault_code", Text),
    Column("fault_message", Words),
    compact=True,
)
block = _table(
    "block",
    Column("device_id", Integer, primary_key=True, autoincrement=False),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("span", Integer, primary_key=True, autoincrement=False),   # seconds; 0: one poll
    Column("at", BigInteger, primary_key=True, autoincrement=False),   # microseconds since 1970: the poll, or the begin
    Column("data", LargeBinary, nullable=False),
    compact=True,
)
alarm = _table(
    "alarm",
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Words, nullable=False),
    Column("device", Text),
    Column("peer", Words),
    Column("status", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("summary", Words, nullable=False),
    Column("began", Moment, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("cleared_at", Moment),
    Column("root", Text),
    Column("evidence", Text),
    Column("told_raised", Boolean, nullable=False),
    Column("told_cleared", Boolean, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("alarm_cleared_at", "cleared_at"),
    Index("alarm_told", "told_cleared", "told_raised"),
)
change = _table(
    "change",
    Column("id", Integer, primary_key=True),
    Column("device_id", Integer, nullable=False),
    Column("key", Text),   # JSON; of the tunnel
    Column("name", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("summary", Words, nullable=False),
    Index("change_device", "device_id", "at"),
)
evidence = _table(
    "evidence",
    Column("id", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("why", Words, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("evidence_at", "at"),
)
baseline = _table(
    "baseline",
    Column("device_id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
refusal = _table(
    "refusal",
    Column("print", Text, primary_key=True),
    Column("device", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("next_try", Moment),
)
upkeep = _table(
    "upkeep",   # how far tidying has come
    Column("what", Text, primary_key=True),
    Column("upto", Moment, nullable=False),
)
