"""The journal is whole or not there, tells what to undo, and holds no secret."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.debug.conftest import PEER, Desk, device

from vpn_check.collect.jump import Gateway
from vpn_check.collect.limits import Limits
from vpn_check.errors import InputError, UsageError
from vpn_check.jobs.debug import wire
from vpn_check.jobs.debug.checks import Before
from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.jobs.debug.guard import Guard
from vpn_check.jobs.debug.journal import Journal, from_document, new_journal, to_document
from vpn_check.jobs.debug.plan import make_plan
from vpn_check.jobs.debug.where import journal_folder, open_journals
from vpn_check.model.debug import DebugConditions, DebugList, LogLevels
from vpn_check.model.device import Credentials, Device, PlatformName, Transport
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable


def journal(platform: PlatformName = PlatformName.IOS, release: tuple[int, int] | None = (15, 7)) -> Journal:
    router = Device(name="edge/router 1", host="192.0.2.1", platform=platform, jump=("bastion",),
                    known_hosts="known_hosts")
    plan = make_plan(PLATFORMS[platform].debug_forms(release), PEER, (), level=127, before=DebugList(),
                     conditions=DebugConditions())
    before = Before(load=None, debugs=DebugList(), conditions=DebugConditions(), levels=LogLevels(), persistent=False)
    return new_journal(router, plan, inventory=None, release=release, before=before, session=None,
                       started_at="2026-01-31T12:00:00+00:00")


@pytest.mark.parametrize("platform", PlatformName)
def test_it_comes_back_as_it_was_written(platform: PlatformName, tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path / "state" / "debug")
    held = journal(platform)
    folder.write(held)
    assert folder.names() == (held.name,)
    assert folder.read(held.name) == held
    assert stat.S_IMODE(folder.file(held.name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert Path(str(held.device.known_hosts)).is_absolute()
    assert "/" not in held.name
    assert " " not in held.name
    folder.close(held.name)
    assert folder.names() == ()
    assert list(folder.path.iterdir()) == []


def test_a_device_reached_by_telnet_is_reached_by_telnet_again(tmp_path: Path) -> None:
    held = journal(PlatformName.PIX, (6, 3))
    folder = JournalFolder(tmp_path)
    folder.write(replace(held, device=replace(held.device, transport=Transport.TELNET)))
    assert folder.read(held.name).device.transport is Transport.TELNET
    assert folder.read(held.name).device.platform is PlatformName.PIX


def test_it_names_what_is_ours_to_switch_off() -> None:
    held = journal(PlatformName.ASA, (9, 16))
    assert held.off == ("no debug crypto ikev1", "no debug crypto ikev2 protocol", "no debug crypto ikev2 platform",
                        "no debug crypto ipsec", f"no debug crypto condition peer {PEER}")
    assert [switch.off for switch in held.switches] == [*held.debugs_off]


def test_half_a_journal_is_never_seen(tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    held = journal()
    folder.write(held)
    stop = threading.Event()

    def rewrite() -> None:
        tries = 0
        while not stop.is_set():
            tries += 1
            folder.write(replace(held, tries=tries, last="x" * 50_000))

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for _ in range(200):
            assert folder.read(held.name).peer == PEER
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 99}', '{"version": 1, "name": "x"}'])
def test_a_journal_that_cannot_be_read_is_said_and_kept(text: str, tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    folder.file("x").write_text(text)
    with pytest.raises(InputError) as caught:
        folder.read("x")
    assert "look at the device" in str(caught.value)
    assert folder.file("x").exists()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="VPN_CHECK_STATE"):
        JournalFolder(tmp_path / "file" / "debug").prepare()
    with pytest.raises(UsageError, match="nothing was switched"):
        JournalFolder(tmp_path / "file" / "debug").write(journal())


def test_only_one_holds_a_journal(tmp_path: Path) -> None:
    folder = JournalFolder(tmp_path)
    assert folder.holder("x") is None
    with folder.held("x") as first, folder.held("x") as second:
        assert (first, second) == (True, False)
        assert folder.holder("x") == os.getpid()
    assert folder.holder("x") is None


def test_where_the_journals_are() -> None:
    assert journal_folder({"VPN_CHECK_STATE": "/a", "XDG_STATE_HOME": "/b", "HOME": "/c"}) == "/a/debug"
    assert journal_folder({"XDG_STATE_HOME": "/b", "HOME": "/c"}) == "/b/vpn-check/debug"
    assert journal_folder({"HOME": "/c"}) == "/c/.local/state/vpn-check/debug"
    assert open_journals("/nowhere/at/all") == []


def test_a_task_passes_whole_through_the_wire() -> None:
    here, there = socket.socketpair()
    task = wire.Task(
        journal=journal(), limits=Limits(idle=3), deadline=7.5, environ={"HOME": "/h"},
        credentials=Credentials(username="u", password="p\u00e4ss", enable_secret="e", use_agent=False),
        gateways={"bastion": Gateway(device=Device(name="bastion", host="192.0.2.9"),
                                     credentials=Credentials(username="b"))})
    with here, there:
        wire.send_task(here, task)
        got = wire.receive_task(there)
        here.close()
        assert wire.receive_word(there) == b""
    assert got is not None
    assert replace(got, gateways=task.gateways) == task
    assert got.gateways["bastion"].credentials == Credentials(username="b")
    assert from_document(json.loads(json.dumps(to_document(task.journal)))) == task.journal


def test_a_sender_that_ends_first_leaves_nothing_to_do() -> None:
    here, there = socket.socketpair()
    here.sendall(b"\x00\x00")
    here.close()
    with there:
        assert wire.receive_task(there) is None


def test_a_main_line_that_hangs_is_told_to_stop_and_then_overruled(tmp_path: Path) -> None:
    here, there = socket.socketpair()
    task = wire.Task(journal=journal(), credentials=Credentials(username="u"), limits=Limits(), deadline=0.2)
    guard = Guard(JournalFolder(tmp_path), task, grace=0.3)
    with here, there:
        began = time.monotonic()
        assert guard.watch(there, began + task.deadline)
        assert 0.45 < time.monotonic() - began < 5
        assert here.recv(16) == wire.STOP


@pytest.mark.parametrize(("word", "undo"), [(wire.DONE, False), (wire.YOURS, True), (b"", True)])
def test_what_the_guard_makes_of_the_end(word: bytes, *, undo: bool, tmp_path: Path) -> None:
    here, there = socket.socketpair()
    task = wire.Task(journal=journal(), credentials=Credentials(username="u"), limits=Limits(), deadline=60)
    guard = Guard(JournalFolder(tmp_path), task)
    with there:
        with here:
            here.sendall(word)
        assert guard.watch(there, time.monotonic() + 60) is undo


def test_a_warning_costs_one_look_where_there_is_nothing(desk: Callable[..., Desk]) -> None:
    at = desk(device())
    assert at.run("schema").err == ""
    (at.state / "debug").mkdir(parents=True)
    (at.state / "debug" / "broken.json").write_text("{")
    answer = at.run("schema")
    assert answer.code == 0
    assert "broken.json" in answer.err
    assert at.run("debug-off").code == 4
