"""However the main process ends, the debugs end as well: the guard sees to it, unasked."""

from __future__ import annotations

import json
import os
import signal
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.debug.conftest import PASSWORD, PEER, PIX_6, Desk, device, until

from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.model.device import PlatformName, Transport

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

OSPF = "debug ip ospf adj"
LONG = ("--duration", "60")


def begun(at: Desk, *words: str) -> subprocess.Popen[str]:
    """A debug that is on."""
    process = at.start("debug", "r1", "--peer", PEER, "--yes", "--json", *LONG, *words)
    assert until(lambda: len(at.lab.debugs("r1").on()) >= 3 and bool(at.journals)), process.communicate(timeout=5)
    return process


def guard_of(at: Desk) -> int:
    """The process that holds the journal."""
    folder = JournalFolder(at.state / "debug")
    holder = folder.holder(folder.names()[0])
    assert holder
    return holder


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_killed_without_warning(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    at = desk(device(platform, play={"linger": 1.0}))
    process = begun(at)
    guard = guard_of(at)

    process.kill()

    assert until(lambda: at.ours_on() == [] and at.journals == [])
    assert until(lambda: not alive(guard))


def test_killed_over_telnet(desk: Callable[..., Desk]) -> None:
    at = desk(device(PlatformName.PIX, transport=Transport.TELNET, release="6.3(5)", outputs={"show version": PIX_6},
                     enable_secret="greenhouse-77", play={"linger": 0.5}))
    process = at.start("debug", "r1", "--peer", PEER, "--yes", "--json", *LONG, "--despite", "unfiltered")
    assert until(lambda: len(at.lab.debugs("r1").on()) >= 2 and bool(at.journals))
    process.kill()
    assert until(lambda: at.ours_on() == [] and at.journals == [])


def test_somebody_elses_debug_stays_on(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"foreign": (OSPF, "debug crypto engine")}))
    begun(at, "--despite", "debugs").kill()
    assert until(lambda: at.journals == [])
    assert at.lab.debugs("r1").on() == ("ip ospf adj", "engine")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_interrupted(number: signal.Signals, desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    process.send_signal(signal.SIGTSTP)   # does nothing
    process.send_signal(number)
    out, _ = process.communicate(timeout=20)
    body = json.loads(out)
    assert (process.returncode, body["ended"]) == (130, "interrupted")
    assert body["proof"]["off"]
    assert at.ours_on() == []
    assert at.journals == []


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_the_connections_are_cut(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    at = desk(device(platform, play={"linger": 1.0}))
    process = begun(at)
    time.sleep(1)
    at.lab.cut("r1")
    out, err = process.communicate(timeout=40)
    assert out, err
    assert json.loads(out)["ended"] in {"session", "no-load"}
    assert json.loads(out)["proof"]["off"]
    assert process.returncode == 2   # what was caught until then is diagnosed
    assert until(lambda: at.ours_on() == [] and at.journals == [])


def test_killed_and_the_device_cannot_be_reached_for_a_while(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    at.lab.down("r1")
    process.kill()
    process.wait()
    assert until(lambda: json.loads(at.journals[0].read_text())["tries"] >= 2)
    assert "r1" in json.loads(at.journals[0].read_text())["last"]
    assert at.ours_on() != []
    at.lab.up("r1")
    assert until(lambda: at.ours_on() == [] and at.journals == [])


def test_not_proved_off_ends_with_4_and_what_to_type(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at, "--timeout", "2")
    at.lab.down("r1")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4
    proof = json.loads(out)["proof"]
    assert proof["off"] is False
    assert proof["type_by_hand"] == ["no debug crypto isakmp", "no debug crypto ikev2", "no debug crypto ipsec",
                                     f"no debug crypto condition peer ipv4 {PEER}", "show debugging"]
    assert "NOT PROVED OFF" in err
    assert proof["journal"] == str(at.journals[0])
    later = at.run("schema")
    assert later.code == 0
    assert "debugs on r1 since" in later.err
    assert "vpn-check debug-off r1" in later.err
    again = at.debug("--duration", "1")
    assert (again.code, "debug-off r1" in again.err) == (3, True)   # no second debug on top of an open journal

    at.lab.up("r1")

    assert until(lambda: at.ours_on() == [] and at.journals == [])
    assert at.run("schema").err == ""


def test_a_refused_password_is_tried_once_and_then_it_is_left_to_people(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    guard = guard_of(at)
    at.lab.set_password("r1", "another-one-6")
    before = at.lab.auth_attempts("r1")
    process.kill()
    assert until(lambda: not alive(guard))
    assert at.lab.auth_attempts("r1") == before + 1
    assert json.loads(at.journals[0].read_text())["state"] == "refused"
    assert "nobody is switching it off" in at.run("schema").err

    assert at.run("debug-off", "r1").code == 4
    assert at.lab.auth_attempts("r1") == before + 2
    at.lab.set_password("r1", PASSWORD)
    undone = at.run("debug-off")
    assert (undone.code, at.ours_on(), at.journals) == (0, [], [])
    assert "all debugs of ours are off" in undone.out


def test_a_changed_host_key_sees_no_password(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    guard = guard_of(at)
    process.send_signal(signal.SIGSTOP)
    at.lab.rotate_host_key("r1")
    before = at.lab.auth_attempts("r1")
    process.kill()
    assert until(lambda: not alive(guard))
    assert at.lab.auth_attempts("r1") == before
    assert json.loads(at.journals[0].read_text())["state"] == "host key"


def test_debug_off_stops_a_debug_that_runs_elsewhere(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    undone = at.run("debug-off", "r1")
    out, _ = process.communicate(timeout=20)
    assert undone.code == 0
    assert json.loads(out)["ended"] == "asked"
    assert at.ours_on() == []


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_the_host_went_down_with_everything(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    at = desk(device(platform, play={"linger": 1.0}))
    process = begun(at)
    os.kill(guard_of(at), signal.SIGKILL)
    process.kill()
    process.wait()
    assert "nobody is switching it off" in at.run("schema").err
    undone = at.run("debug-off")
    assert (undone.code, at.ours_on(), at.journals) == (0, [], [])
    assert at.run("debug-off").code == 0
    assert at.run("debug-off", "r1").code == 3


def test_the_guard_is_killed_and_the_main_line_notices(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    os.kill(guard_of(at), signal.SIGKILL)
    out, _ = process.communicate(timeout=20)
    assert json.loads(out)["ended"] == "guard"
    assert json.loads(out)["proof"]["off"]
    assert (at.ours_on(), at.journals) == ([], [])


def test_no_secret_is_on_disk_in_the_environment_or_on_a_command_line(desk: Callable[..., Desk]) -> None:
    at = desk(device(enable_secret="greenhouse-77"))
    secrets = [word.encode() for word in (PASSWORD, "greenhouse-77")]
    process = at.start("debug", "r1", "--peer", PEER, "--yes", *LONG, VPN_CHECK_PASSWORD=PASSWORD)
    assert until(lambda: len(at.lab.debugs("r1").on()) >= 3)
    guard = guard_of(at)
    texts = [Path(f"/proc/{guard}/{name}").read_bytes() for name in ("cmdline", "environ")]
    texts += [path.read_bytes() for path in at.state.rglob("*") if path.is_file()]
    assert len(texts) >= 4
    assert not [secret for secret in secrets for text in texts if secret in text]
    assert stat.S_IMODE((at.state / "debug").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (at.state / "debug").iterdir()} == {0o600}
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def test_the_guard_stands_apart_from_the_terminal_and_the_main_line(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at)
    guard = guard_of(at)
    assert os.getsid(guard) == guard != os.getsid(process.pid)
    links = {file.name: str(file.readlink()) for file in Path(f"/proc/{guard}/fd").iterdir()}
    theirs = {str(Path(f"/proc/{process.pid}/fd/{number}").readlink()) for number in (1, 2)}
    assert not theirs & set(links.values())
    assert links["1"] == links["2"] == "/dev/null"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def test_a_question_about_the_last_condition_is_answered_when_the_debugs_are_off(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"asks": True}))
    body = at.debug("--duration", "0.3").document
    assert body["proof"]["off"]
    assert at.typed()[at.typed().index(f"no debug crypto condition peer ipv4 {PEER}") + 1] == "yes"
    assert at.ours_on() == []


def test_a_condition_that_somebodys_new_debug_leans_on_is_left(desk: Callable[..., Desk]) -> None:
    at = desk()
    process = begun(at, "--timeout", "3")
    at.lab.type_as_another("r1", "debug crypto engine")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    proof = json.loads(out)["proof"]
    assert (process.returncode, proof["off"]) == (4, False)
    assert "Crypto Engine" in proof["reason"]
    assert at.lab.debugs("r1").on() == ("engine",)
    assert at.lab.debugs("r1").conditions == [PEER]
    at.lab.type_as_another("r1", "no debug crypto engine")
    at.run("debug-off")
    assert until(lambda: at.ours_on() == [] and at.journals == [])
