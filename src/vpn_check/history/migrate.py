"""The state of the tables: looked at cheaply at each start, brought up to date by alembic where it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from vpn_check.errors import HistoryError
from vpn_check.history.schema import REVISIONS, VERSION_TABLE, tables

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_LOCK = 7_626_021   # any number that nobody else uses for an advisory lock


def is_current(connection: Connection, words: str) -> bool:
    """Whether the tables are as this release has them; False where they must be made or brought up to date.

    Args:
        connection: in a transaction.
        words: how to call the database.

    Raises:
        HistoryError: it is of a newer release, or something else's.
    """
    if connection.dialect.name == "sqlite":
        names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        foreign = bool(names)
    else:
        names = set(inspect(connection).get_table_names())
        foreign = not names.isdisjoint(tables.tables)
    if VERSION_TABLE not in names:
        if foreign:
            raise HistoryError(f"{words} is a database of something else. It was not touched.",
                               hint="Name another file, or a database of its own.")
        return False
    revision = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608  a constant
    if revision not in REVISIONS:
        raise HistoryError(f"{words} is of a newer release of vpn-check (state {revision}). It was not touched.",
                           hint="Use that release, or name another place for the history.")
    return bool(revision == REVISIONS[-1])


def bring_up_to_date(connection: Connection, words: str) -> None:
    """Make or change the tables, all or nothing; waits for another process that is about to do the same.

    Args:
        connection: in a transaction that writes.
        words: how to call the database.

    Raises:
        HistoryError: as `is_current`.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if is_current(connection, words):
        return
    from alembic import command  # noqa: PLC0415  heavy, and needed once in the life of a database
    from alembic.config import Config  # noqa: PLC0415  same

    config = Config()
    config.set_main_option("script_location", "vpn_check.history:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
