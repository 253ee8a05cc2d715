"""Add rows, or change those that are there: in the words of either database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Insert, Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.engine import Connection


def _into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415  one of the two is needed, and each takes its time
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  same
    return postgresql.insert(table)


@cache
def _insert(dialect: str, table: Table) -> Insert:
    return _into(dialect, table).on_conflict_do_nothing()


@cache
def _upsert(dialect: str, table: Table, left: tuple[str, ...]) -> Insert:
    statement = _into(dialect, table)
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: statement.excluded[column.name] for column in table.columns
              if column.name not in (*keys, *left)})


def insert(connection: Connection, table: Table) -> Insert:
    """The statement that adds a row, or leaves the one that is there."""
    return _insert(connection.dialect.name, table)


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]], *, left: tuple[str, ...] = ()) -> None:
    """Add the rows, or change those that are there, in all columns but those that are `left` as they are."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, left), rows)


def portions(names: Sequence[str] | None, size: int = 500) -> Iterator[Sequence[str] | None]:
    """The names in portions that a statement may hold; None, which is all, as it is."""
    if names is None:
        yield None
        return
    for begin in range(0, len(names), size):
        yield names[begin:begin + size]
