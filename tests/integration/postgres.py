"""A PostgreSQL server of the Debian package, for as long as a test needs it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "poller", "s3cret@of/the:lab"
_WAIT = 60   # seconds for a server to start, at most


def programs() -> Path | None:
    """The folder of the newest server's programs, None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


class Server:
    """A server on a loopback port, with a user that must give a password. It refuses to run as root."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._owner = "postgres" if os.geteuid() == 0 else None
        self._running: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if self._owner is not None:
            account = pwd.getpwnam(self._owner)
            for path in (folder, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}",
             "--encoding=UTF8", "--no-locale", "--no-sync"],
            check=True, capture_output=True, user=self._owner, cwd=folder, env={})

    def start(self) -> None:
        """Start it, and wait until it answers."""
        deadline = time.monotonic() + _WAIT
        while time.monotonic() < deadline:
            if self._running is None or self._running.poll() is not None:   # it waits for the processes of a killed one
                with (self._folder / "log").open("ab") as log:
                    self._running = subprocess.Popen(
                        [self._programs / "postgres", "-D", self._folder / "data", "-p", str(self.port), "-k",
                         self._folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
                        stdout=log, stderr=log, user=self._owner, cwd=self._folder, env={})
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError((self._folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill it and all its processes, as a power cut would."""
        if self._running is None:
            return
        processes = [self._running.pid, *_children(self._running.pid)]
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._running.wait()
        self._running = None

    def url(self, database: str) -> str:
        """The URL of a database, with the password as a URL has it."""
        secret = PASSWORD.replace("@", "%40").replace("/", "%2F").replace(":", "%3A")
        return f"postgresql://{USER}:{secret}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a database that is empty."""
        name = f"test{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


@contextmanager
def running_server() -> Iterator[Server]:
    """A server that runs, and is gone with its files afterwards."""
    found = programs()
    assert found is not None, "`make integration` installs postgresql"
    folder = Path(tempfile.mkdtemp(prefix="vpn-check-pg-"))   # pytest's folders are closed to other users
    try:
        server = Server(folder, found)
        try:
            server.start()
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found
