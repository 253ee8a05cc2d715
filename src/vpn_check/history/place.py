"""Where a history is kept: from a path or URL to an engine, and what its errors mean.

No password of a URL gets into a message.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from vpn_check.errors import HistoryError, HistoryUnavailable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.exc import DBAPIError

_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")
_PAGE = 8192   # bytes: a block of an hour fits into a quarter
_HEADER = b"SQLite format 3\0"
_LIFE = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
         "tcp_user_timeout": 30_000}
"""After how long a server that says nothing at all is given up: seconds, the last one milliseconds."""


class Place:
    """A database of polls: `url` to connect to, `words` to speak of it (never with a password).

    `reading`: options of a transaction that reads, so that all its queries see the same state.
    """

    def __init__(self, place: str) -> None:
        self.url = _url(place)
        self.is_file = self.url.get_backend_name() == "sqlite"
        self.reading: dict[str, Any] = {} if self.is_file else {"isolation_level": "REPEATABLE READ"}
        self._secrets = tuple(str(secret) for secret in (self.url.password, self.url.query.get("password")) if secret)
        if self.is_file:
            self.words = self.url.database or ""
            self._opened: tuple[int, int] | None = None
        else:
            host = self.url.host or self.url.query.get("host") or "localhost"
            self.words = f"{host}{f':{self.url.port}' if self.url.port else ''}/{self.url.database or ''}"

    def engine(self, patience: float) -> Engine:
        """An engine with one connection, whose transactions begin when they are told to.

        Raises:
            HistoryError: the file cannot be made, or the driver is not installed.
        """
        if self.is_file:
            return self._file_engine(patience)
        try:
            return create_engine(self.url, pool_size=1, max_overflow=0, hide_parameters=True,
                                 connect_args={**_LIFE, "application_name": "vpn-check"})
        except ImportError as error:
            raise HistoryError("PostgreSQL needs the driver psycopg, which is not installed.",
                               hint="Install it: pip install 'vpn-check[postgres]'.") from error

    def moved(self) -> bool:
        """Whether the file that the engine was made for was deleted, or another one put in its place."""
        return self.is_file and self._opened is not None and _identity(Path(self.words)) != self._opened

    def _file_engine(self, patience: float) -> Engine:
        path = Path(self.words)
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            with path.open("rb") as file:
                begin = file.read(len(_HEADER))
            self._opened = _identity(path)
        except OSError as error:
            raise HistoryError(f"{path} cannot be opened: {error.strerror}.",
                               hint="Name another place for the history.") from error
        if begin not in (b"", _HEADER):   # the library itself would write over a short text
            raise _file_trouble(self.words, "file is not a database")
        engine = create_engine(self.url, pool_size=1, max_overflow=0, hide_parameters=True,
                               connect_args={"check_same_thread": False, "timeout": patience})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def trouble(self, error: DBAPIError) -> HistoryError:
        """What a driver's error means: `HistoryUnavailable` where it may pass."""
        said = " ".join(str(error.orig).split())
        for secret in self._secrets:
            said = said.replace(secret, "***")
        if self.is_file:
            return _file_trouble(self.words, said)
        if any(word in said for word in ("authentication failed", "no password supplied", "no pg_hba.conf entry")):
            return HistoryError(f"The database {self.words} refuses the log-in: {said}.",
                                hint="Correct user and password of its URL, or PGPASSWORD, or ~/.pgpass.")
        if "does not exist" in said and "database" in said:
            return HistoryError(f"There is no database {self.words}: {said}.", hint="Make it: createdb.")
        if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
            return HistoryUnavailable(f"The database {self.words} cannot be reached or written: {said}.",
                                      hint="Look whether the server runs; nothing that was recorded is lost.")
        hint = ("The role needs the right to make tables and to write them." if "permission denied" in said
                else "Look at the log of the server.")
        return HistoryError(f"The database {self.words} refuses: {said}.", hint=hint)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _url(place: str) -> URL:
    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).expanduser().absolute()))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):   # its words would quote the password
        raise HistoryError("The URL of the history is not readable.",
                           hint="Write postgresql://user@host:port/database, and %40 for an @ in a password.") from None
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return URL.create("sqlite", database=str(Path(str(url.database)).absolute()))
    if url.drivername not in _POSTGRES:
        raise HistoryError(f"A history cannot be kept in {url.drivername}.",
                           hint="Give a file, or postgresql://user@host/database.")
    return url.set(drivername="postgresql+psycopg")


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  a driver's connection
    """Many read while one writes, and a transaction is one only where it is begun."""
    connection.isolation_level = None
    cursor = connection.cursor()
    deadline = time.monotonic() + cursor.execute("PRAGMA busy_timeout").fetchone()[0] / 1000
    while True:
        try:
            cursor.execute(f"PRAGMA page_size = {_PAGE}")
            cursor.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:   # two that make it at once: this one step does not wait by itself
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _file_trouble(path: str, said: str) -> HistoryError:
    if "locked" in said or "busy" in said:
        return HistoryUnavailable(f"{path} is being written by another process for too long.",
                                  hint="Look whether two polls of one history run at once; try again.")
    if "readonly" in said:
        return HistoryUnavailable(f"{path} cannot be written ({said}).",
                                  hint="Look at the permissions of the file and its folder, and how it is mounted.")
    if "full" in said or "disk I/O" in said:
        return HistoryUnavailable(f"{path} cannot be written: the disk is full, or fails ({said}).",
                                  hint="Make room; what was recorded is kept, and recording goes on by itself.")
    if "not a database" in said or "malformed" in said:
        return HistoryError(f"{path} is no history of vpn-check, or is damaged ({said}). It was not touched.",
                            hint="Name another file, or restore it from a copy.")
    return HistoryError(f"{path} cannot be used: {said}.", hint="Look at the permissions of the file and its folder.")
