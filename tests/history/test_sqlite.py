"""The history in a SQLite file: all that every history does, and what can be wrong with a file."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from tests.history.contract import HEALTHY, Contract
from tests.history.polls import START, poll

from vpn_check.errors import HistoryError, HistoryUnavailable
from vpn_check.history.keep import Keep
from vpn_check.history.schema import REVISIONS, VERSION_TABLE, tables
from vpn_check.history.store import History

TOP = Path(__file__).parent.parent.parent
OPEN = "import sys; from vpn_check.history.store import History; History.open(sys.argv[1]).close()"


class TestSqlite(Contract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        return str(tmp_path / "deep" / "history.db")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def filled(place: Path, polls: int = 3) -> None:
    with History.open(str(place)) as history:
        for minute in range(polls):
            assert history.record(poll("r1", minute, {1: HEALTHY}))


def fill(history: History, minutes: list[int]) -> None:
    """Record until that fails; the minutes that were recorded are added to the list."""
    while history.record(poll("r1", len(minutes), {1: HEALTHY})):
        minutes.append(len(minutes))


def polls_in(place: Path) -> int:
    with History.open(str(place)) as history:
        answer = history.ask(devices=None, peer=None, since=START, until=START + timedelta(days=9))
        return sum(tunnel.sum.polls for tunnel in answer.tunnels)


def test_only_its_owner_may_read_the_file_and_what_is_made_beside_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        place = tmp_path / "new" / "history.db"
        with History.open(str(place)) as history:
            history.record(poll("r1", 0, {1: HEALTHY}))
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["history.db", "history.db-wal", "history.db-shm"], 0o600)
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["hostname r1\n" * 200, "x"])
def test_a_file_that_is_no_database_is_left_as_it_is(place: Path, text: str) -> None:
    place.write_text(text)
    with pytest.raises(HistoryError, match=r"no history of vpn-check.*Name another file"):
        History.open(str(place))
    assert place.read_text() == text


def test_a_database_of_something_else_is_left_as_it_is(place: Path) -> None:
    with closing(sqlite3.connect(place)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(HistoryError, match=r"something else.*Name another file"):
        History.open(str(place))
    with closing(sqlite3.connect(place)) as other:
        assert [name for name, in other.execute("SELECT name FROM sqlite_master")] == ["bookmarks"]


def test_a_history_of_a_newer_release_is_left_as_it_is(place: Path) -> None:
    filled(place)
    with closing(sqlite3.connect(place, isolation_level=None)) as newer:
        newer.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608  a constant
    with pytest.raises(HistoryError, match=r"newer release.*9999.*Use that release"):
        History.open(str(place))
    with closing(sqlite3.connect(place, isolation_level=None)) as newer:
        newer.execute(f"UPDATE {VERSION_TABLE} SET version_num = '{REVISIONS[-1]}'")  # noqa: S608  a constant
    assert polls_in(place) == 3


def test_a_damaged_file_is_named(place: Path) -> None:
    filled(place, 200)
    body = bytearray(place.read_bytes())
    body[8192:] = b"\xff" * (len(body) - 8192)
    place.write_bytes(body)
    with pytest.raises(HistoryError, match=str(place)):
        polls_in(place)


@pytest.mark.parametrize("name", ["/proc/vpn-check/history.db", "/dev/null/history.db", "/"])
def test_a_place_where_nothing_can_be_written_is_named(name: str) -> None:
    with pytest.raises(HistoryError, match=name):
        History.open(name)


@pytest.mark.parametrize(("url", "hint"), [
    ("mysql://poller:s3cret@host/x", "Give a file"),
    ("postgresql://poller:s3cret@host:s3cret/x", "postgresql://user@host"),
    ("postgresql://poller:s3cret@127.0.0.1:1/x", "whether the server runs"),
    ("postgresql://127.0.0.1:1/x?user=poller&password=s3cret", "whether the server runs"),
    ("://s3cret", "postgresql://user@host"),
])
def test_no_message_about_a_url_says_its_password(url: str, hint: str) -> None:
    with pytest.raises(HistoryError, match=hint) as told:
        History.open(url)
    error: BaseException | None = told.value
    while error is not None:
        assert "s3cret" not in f"{error} {error!r} {error.args}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_a_full_disk_leaves_what_was_recorded_and_recording_goes_on(place: Path) -> None:
    filled(place)
    limit = place.stat().st_size + 20_000
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    recorded = [0, 1, 2]
    with History.open(str(place)) as history:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
            with pytest.raises(HistoryUnavailable, match=r"disk.*Make room"):
                fill(history, recorded)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        assert history.record(poll("r1", len(recorded), {1: HEALTHY}))
    assert polls_in(place) == len(recorded) + 1


def test_one_reads_while_another_writes(place: Path) -> None:
    filled(place)
    with closing(sqlite3.connect(place, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM block")
        assert polls_in(place) == 3
        with History.open(str(place), patience=0.2) as history:
            with pytest.raises(HistoryUnavailable, match="another process"):
                history.record(poll("r1", 3, {1: HEALTHY}))
            writer.execute("ROLLBACK")
            assert history.record(poll("r1", 3, {1: HEALTHY}))


def test_processes_that_make_the_file_at_the_same_moment_all_succeed(place: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", OPEN, str(place)], stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in started] == [b""] * 4
    filled(place)
    assert polls_in(place) == 3


def test_a_file_that_is_up_to_date_is_opened_without_alembic(place: Path) -> None:
    filled(place)
    done = subprocess.run([sys.executable, "-c", f"{OPEN}; print('alembic' in sys.modules)", str(place)],
                          capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_migrations_lead_to_the_tables_that_the_program_uses(place: Path) -> None:
    filled(place)
    engine = create_engine(f"sqlite:///{place}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, tables) == []
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", "vpn_check.history:migrations")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([step.revision for step in steps])) == REVISIONS


def test_a_shorter_time_for_hours_than_for_polls_is_an_error() -> None:
    with pytest.raises(HistoryError, match="no longer than hours"):
        Keep(polls=timedelta(days=3), hours=timedelta(days=2))


def test_a_file_that_is_deleted_while_it_is_open_is_made_anew_and_nothing_goes_into_the_deleted_one(
    place: Path) -> None:
    with History.open(str(place)) as history:
        history.record(poll("r1", 0, {1: HEALTHY}))
        for path in place.parent.glob("history.db*"):
            path.unlink()
        assert history.devices() == ()
        assert history.record(poll("r1", 1, {1: HEALTHY}))

    assert polls_in(place) == 1
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_for_a_while_may_be_written_later(place: Path) -> None:
    filled(place)
    with History.open(str(place)) as history:
        with history._engine.connect() as connection:  # noqa: SLF001  as a file system that is mounted anew, read-only
            connection.exec_driver_sql("PRAGMA query_only = 1")
        with pytest.raises(HistoryUnavailable, match="readonly"):
            history.record(poll("r1", 7, {1: HEALTHY}))
        with history._engine.connect() as connection:  # noqa: SLF001  and again, to be written
            connection.exec_driver_sql("PRAGMA query_only = 0")
        assert history.record(poll("r1", 7, {1: HEALTHY}))
