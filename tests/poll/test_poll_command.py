"""`vpn-check poll` and `vpn-check history` through the door, over real SSH to a world that changes between polls."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

import jsonschema
import pytest
import yaml
from tests.poll.script import START, Event, Kind
from tests.poll.world import World

from vpn_check.cli.schema import KINDS, schema_of
from vpn_check.lab.server import Lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Answer

BEGIN = START + timedelta(hours=10)
"""A Monday morning, when office traffic runs as well."""
MINUTE = timedelta(minutes=1)


class Site:
    """A lab that plays a world, and the command that polls it."""

    def __init__(self, lab: Lab, world: World, inventory: Path, run: Callable[..., Answer]) -> None:
        self.lab = lab
        self.world = world
        self.inventory = inventory
        self.now = BEGIN
        self._run = run

    def command(self, *words: str | Path, **settings: Any) -> Answer:
        return self._run(*words, env={"VPN_CHECK_INVENTORY": str(self.inventory)}, **settings)

    def poll(self, *words: str | Path, minutes: float = 1) -> Answer:
        """Let the world move on, and poll it."""
        self.show(minutes)
        return self.command("poll", *words)

    def show(self, minutes: float) -> None:
        """Let the world move on."""
        self.now += MINUTE * minutes
        for name, outputs in self.world.at(self.now).items():
            self.lab.set_outputs(name, outputs)

    def history(self, *words: str) -> dict[str, Any]:
        document: dict[str, Any] = self.command("history", "--json", *words).document
        return document


@contextmanager
def site(tmp_path: Path, run: Callable[..., Answer], *script: Event, devices: tuple[str, ...] = ("ios1", "asa1"),
         tunnels: int = 3) -> Iterator[Site]:
    world = World(7, script, devices=devices, tunnels=tunnels)
    with Lab(world.lab_devices(BEGIN)) as lab:
        yield Site(lab, world, lab.write_inventory(tmp_path / "lab"), run)


def outage(kind: Kind, begin: float, end: float, device: str = "ios1", tunnel: int | None = 1) -> Event:
    """Something that happens, in minutes since the first look."""
    return Event(at=BEGIN + MINUTE * begin, until=BEGIN + MINUTE * end, kind=kind, device=device, tunnel=tunnel)


def test_a_fault_is_raised_by_the_second_poll_and_cleared_by_the_last_of_some_good_ones(
    vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 3.5)) as at:
        answers = [at.poll("--clear-after", "2") for _ in range(6)]

    # the fourth still counts packets that failed since the third: the fifth is the first good one
    assert [answer.code for answer in answers] == [0, 0, 2, 2, 2, 0]
    raised = [number for number, answer in enumerate(answers, 1) if "CRITICAL" in answer.out and "Since" in answer.out]
    assert raised == [3]
    assert [number for number, answer in enumerate(answers, 1) if "CLEARED" in answer.out] == [6]


def test_the_first_poll_of_all_says_what_is_wrong_at_once(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, -60, 60), tunnels=2) as at:
        answer = at.poll()

    assert answer.code == 2
    assert "ios1" in answer.out.splitlines()[0]


def test_what_had_changed_is_told_and_what_the_device_said_is_kept_without_its_secrets(
    vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, outage(Kind.CONFIG_CHANGED, 1.5, 60), tunnels=2) as at:
        configuration = at.world.at(at.now)["ios1"]["show running-config"]
        secret = next(line.split()[4] for line in configuration.splitlines() if line.startswith("crypto isakmp key 7"))
        at.poll()
        raised = at.poll("--raise-after", "1")
        document = at.command("history", "--json")
        alarm = document.document["alarms"][0]
        shown = at.command("history", "ios1", "--evidence", alarm["evidence"][:6])
        folder = tmp_path / "then"
        written = at.command("history", "--evidence", alarm["evidence"], "-o", folder)
        again = at.command("analyze", folder, "--platform", "ios")
    files = list((tmp_path / "home" / ".local" / "state").rglob("history.db*"))

    assert raised.code == 2
    assert [change["what"] for change in alarm["changed"]] == ["configuration"]
    removed, added = alarm["changed"][0]["before"], alarm["changed"][0]["after"]
    assert removed != added
    assert added.splitlines()[0] in raised.out.replace("\n        ", " ")
    assert "show running-config" in shown.out
    assert "show logging" in shown.out
    assert written.code == 0
    assert again.code == 2
    assert secret not in raised.out + document.out + shown.out
    assert not any(secret.encode() in path.read_bytes() for path in (*files, *folder.iterdir()))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_device_that_does_not_answer_is_unknown_and_never_healthy(vpn_check: Callable[..., Answer],
                                                                   tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, tunnels=2) as at:
        at.poll()
        at.lab.down("ios1")
        answers = [at.poll("--timeout", "1") for _ in range(2)]
        told = at.history("ios1")

    assert [answer.code for answer in answers] == [3, 3]
    assert [("UNKNOWN" in answer.out) for answer in answers] == [False, True]
    assert [alarm["kind"] for alarm in told["alarms"]] == ["device"]
    for tunnel in told["tunnels"]:
        assert tunnel["sum"]["unknown"] == 2
        assert tunnel["sum"]["healthy"] == 1


def test_an_empty_table_of_tunnels_that_were_there_is_not_all_ok(vpn_check: Callable[..., Answer],
                                                                tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, devices=("asa1",), tunnels=2) as at:
        document = yaml.safe_load(at.inventory.read_text())
        document["devices"]["asa1"]["expected"] = "up"
        at.inventory.write_text(yaml.safe_dump(document))
        at.poll()
        empty = {**at.world.at(at.now)["asa1"], "show crypto ipsec sa": "\nThere are no ipsec sas\n",
                 "show crypto isakmp sa": "\nThere are no IKEv1 SAs\n\nThere are no IKEv2 SAs\n",
                 "show crypto ikev2 sa": "\nThere are no IKEv2 SAs\n"}
        at.lab.set_outputs("asa1", empty)
        answers = [at.command("poll") for _ in range(2)]

    assert answers[1].code == 2
    assert "There are no ipsec sas" in answers[1].out


def test_the_plugin_line_has_its_numbers_and_the_code_of_its_word(vpn_check: Callable[..., Answer],
                                                                 tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 60), tunnels=2) as at:
        good = at.poll("--nagios")
        peer = at.world.machines["asa1"].tunnels[1].peer
        bad = at.poll("--nagios", "--raise-after", "1")
        other = at.command("poll", "--nagios", "--peer", peer)

    assert (good.code, good.out.split(" - ")[0]) == (0, "VPN OK")
    assert "tunnels_up=4" in good.out.split(" | ")[1]
    assert (bad.code, bad.out.split(" - ")[0]) == (2, "VPN CRITICAL")
    assert (other.code, other.out.split(" - ")[0]) == (0, "VPN OK")


def test_a_monitoring_system_may_ask_how_it_stands_without_a_poll(vpn_check: Callable[..., Answer],
                                                                 tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 60), tunnels=2) as at:
        before = at.command("poll", "--last", "--nagios")
        at.poll("--quiet")
        polled = at.poll("--nagios", "--raise-after", "1")
        sessions = at.lab.sessions("ios1")
        last = at.command("poll", "--last", "--nagios")
        bad, good = at.world.machines["ios1"].tunnels[1].peer, at.world.machines["asa1"].tunnels[1].peer
        peers = [at.command("poll", "--last", "--nagios", "--peer", peer).code for peer in (bad, good, "192.0.2.77")]
        time.sleep(1.1)
        stale = at.command("poll", "--last", "--nagios", "--max-age", "1s")
        after = at.lab.sessions("ios1")

    assert (before.code, before.out.split(" - ")[0]) == (3, "VPN UNKNOWN")
    assert (polled.code, last.code) == (2, 2)
    assert last.out.split(" | ")[0] == polled.out.split(" | ")[0]
    assert peers == [2, 0, 3]
    assert "UNKNOWN: ios1: last answered at" in stale.out
    assert "UNKNOWN: asa1: last answered at" in stale.out
    assert after == sessions


def test_documents_and_metrics_are_whole(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    metrics = tmp_path / "vpn.prom"
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 60), tunnels=2) as at:
        documents = [at.poll("--json", "--metrics-file", metrics, "--raise-after", "1").document for _ in range(2)]
        told = at.history()
        points = at.command("history", "ios1", "--csv").out

    for document in documents:
        jsonschema.validate(document, schema_of(KINDS["poll"]))
    jsonschema.validate(told, schema_of(KINDS["history"]))
    assert [document["status"] for document in documents] == ["healthy", "critical"]
    assert len(list(csv.DictReader(io.StringIO(points)))) == 2 * 2
    assert 'vpn_check_tunnel_up{device="ios1"' in metrics.read_text()
    assert stat.S_IMODE(metrics.stat().st_mode) == 0o644


def test_a_refused_password_is_given_once_however_often_it_is_polled(vpn_check: Callable[..., Answer],
                                                                    tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, devices=("ios1",), tunnels=1) as at:
        at.poll()
        before = at.lab.auth_attempts("ios1")
        at.lab.set_password("ios1", "another")
        answers = [at.command("poll") for _ in range(3)]
        tried = at.lab.auth_attempts("ios1") - before
        at.lab.set_password("ios1", "mended-by-hand")
        secret = next(path for path in at.inventory.parent.rglob("*") if path.is_file() and "lab-password" in
                      path.read_text(errors="replace") and path.suffix != ".yaml")
        secret.write_text("mended-by-hand\n")
        mended = at.command("poll")

    assert tried == 1
    assert {answer.code for answer in answers} == {3}
    assert "not tried" in answers[2].out + answers[2].err + json.dumps(answers[2].out)
    assert at.lab.auth_attempts("ios1") - before == 2
    assert "1 of 1" in mended.out


def test_nothing_is_raised_in_a_maintenance_window(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 60), tunnels=2) as at:
        document = yaml.safe_load(at.inventory.read_text())
        document["defaults"] = {**(document.get("defaults") or {}), "maintenance": ["daily 00:00-24:00"]}
        at.inventory.write_text(yaml.safe_dump(document))
        answers = [at.poll("--raise-after", "1") for _ in range(2)]

    assert {answer.code for answer in answers} == {0}


def test_a_window_that_is_none_is_refused_with_what_is_allowed(vpn_check: Callable[..., Answer],
                                                              tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text("devices:\n  r1:\n    maintenance: sometimes\n")

    answer = vpn_check("poll", "--inventory", path)

    assert answer.code == 3
    assert "line 3" in answer.err
    assert "Sun 02:00-04:00" in answer.err


def test_a_poll_that_cannot_be_kept_is_unknown_for_no_second_one_will_ever_confirm_it(
    vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 60), tunnels=2) as at:
        at.poll()
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (33_000, limits[1]))   # as on a full disk
            answers = [at.poll("--nagios") for _ in range(3)]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert {answer.code for answer in answers} == {3}
    assert {answer.out.split(" - ")[0] for answer in answers} == {"VPN UNKNOWN"}
    assert all("cannot be written" in answer.out and "are lost" in answer.out for answer in answers)


def test_of_a_whole_fleet_only_what_is_not_well_is_told(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    names = tuple(f"ios{number}" for number in range(1, 12))
    with site(tmp_path, vpn_check, outage(Kind.REFUSED, -60, 60, "ios7"), devices=names, tunnels=2) as at:
        at.poll()
        fleet = at.command("history")
        one = at.command("history", "ios7")

    assert fleet.code == 2
    assert "21 of 22 tunnels of 11 devices are healthy" in fleet.out
    told = [line for line in fleet.out.splitlines() if line.startswith("ios")]
    assert len(told) == 1
    assert told[0] in one.out, one.err
    assert "states" not in fleet.out


class Inbox(BaseHTTPRequestHandler):
    """A service that is told of alarms."""

    got: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def test_people_are_told_when_something_is_raised_and_when_it_is_cleared_and_of_nothing_else(
    vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    Inbox.got.clear()
    server = HTTPServer(("127.0.0.1", 0), Inbox)
    Thread(target=server.serve_forever, daemon=True).start()
    file = tmp_path / "notify"
    file.write_text(f"json://user:t0ken@127.0.0.1:{server.server_port}/vpn\n")
    file.chmod(0o600)
    try:
        with site(tmp_path, vpn_check, outage(Kind.REFUSED, 1.5, 2.5), tunnels=2) as at:
            quick = ("--raise-after", "1", "--clear-after", "1", "--notify-file", file)
            answers = [at.poll(*quick) for _ in range(5)]
    finally:
        server.shutdown()
        server.server_close()

    assert [message["type"] for message in Inbox.got] == ["failure", "success"]
    assert "show crypto" in Inbox.got[0]["message"]
    assert not any("t0ken" in answer.out + answer.err for answer in answers)


def service(at: Site, home: Path, *words: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
    clean |= {"HOME": str(home), "VPN_CHECK_INVENTORY": str(at.inventory), "PYTHONUNBUFFERED": "1"}
    home.mkdir(exist_ok=True)
    return subprocess.Popen([sys.executable, "-m", "vpn_check", "poll", "--every", "1", *words], env=clean, cwd=home,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_line(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    end = time.monotonic() + 30
    while time.monotonic() < end:
        line = process.stdout.readline()
        if words in line or not line:
            return line
    raise AssertionError(f"{words!r} was not said")


def test_the_service_polls_by_itself_stops_when_told_and_lets_no_second_one_write(vpn_check: Callable[..., Answer],
                                                                                 tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, tunnels=1) as at:
        running = service(at, tmp_path / "home")
        try:
            lines = [wait_for_line(running, "healthy") for _ in range(3)]
            second = at.command("poll")
            running.send_signal(signal.SIGTERM)
            code = running.wait(20)
        finally:
            running.kill()
            running.communicate()
        after = at.command("poll")

    assert all("2 of 2 devices answered" in line for line in lines)
    assert second.code == 3
    assert f"process {running.pid}" in second.err
    assert code == 0
    assert after.code == 0


def test_a_service_reads_an_inventory_that_was_changed_and_keeps_the_old_one_where_it_is_broken(
    vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, tunnels=1) as at:
        whole = at.inventory.read_text()
        running = service(at, tmp_path / "home")
        try:
            wait_for_line(running, "2 of 2 devices answered")
            at.inventory.write_text("devices: [")
            wait_for_line(running, "2 of 2 devices answered")
            document = yaml.safe_load(whole)
            del document["devices"]["asa1"]
            at.inventory.write_text(yaml.safe_dump(document))
            less = wait_for_line(running, "1 of 1 device answered")
            running.send_signal(signal.SIGTERM)
            running.wait(20)
        finally:
            running.kill()
            _, said = running.communicate()

    assert less
    assert "The inventory as it was read before goes on." in said
    assert "The inventory was read again: 1 devices." in said


def test_a_service_waits_for_a_database_that_is_not_there_yet_and_a_single_poll_does_not(
    vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    place = "postgresql://poller:hush-hush@127.0.0.1:1/polls"
    with site(tmp_path, vpn_check, devices=("ios1",), tunnels=1) as at:
        once = at.command("poll", "--history", place)
        running = service(at, tmp_path / "home", "--history", place)
        try:
            assert running.stderr is not None
            said = running.stderr.readline()
            assert running.poll() is None
            running.send_signal(signal.SIGTERM)
            code = running.wait(20)
        finally:
            running.kill()
            running.communicate()

    assert once.code == 3
    assert "Waiting for it." in said
    assert code == 0
    assert "hush-hush" not in once.err + said


@pytest.mark.parametrize(("words", "told"), [
    (("poll", "--nagios", "--json"), "leave out"),
    (("poll", "--every", "60", "--json"), "leave out"),
    (("poll", "--peer", "192.0.2.1"), "--nagios"),
    (("history",), "Poll first"),
    (("history", "--since", "yesterday"), "no duration"),
    (("poll", "nowhere"), "not in"),
    (("poll",), "no inventory"),
])
def test_what_cannot_be_is_said_with_the_way_out(vpn_check: Callable[..., Answer], words: tuple[str, ...],
                                                told: str) -> None:
    answer = vpn_check(*words)

    assert answer.code == 3
    assert told in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_a_history_that_is_none_is_not_touched(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with site(tmp_path, vpn_check, devices=("ios1",), tunnels=1) as at:
        path = tmp_path / "notes.txt"
        path.write_text("what I wanted to remember\n" * 100)
        answer = at.command("poll", "--history", path)

    assert answer.code == 3
    assert path.read_text() == "what I wanted to remember\n" * 100
    assert str(path) in answer.err


@pytest.mark.parametrize("command", [("poll",), ("poll", "--last"), ("history",)])
def test_a_database_in_the_words_of_libpq_becomes_no_file_that_is_called_by_its_password(
    vpn_check: Callable[..., Answer], tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "inventory.yaml").write_text("devices:\n  r1:\n    host: 127.0.0.1\n    port: 1\n")
    answer = vpn_check(*command, env={"VPN_CHECK_HISTORY": "host=db dbname=polls password=hush-hush",
                                      "VPN_CHECK_INVENTORY": str(tmp_path / "inventory.yaml")})

    assert answer.code == 3
    assert "postgresql://" in answer.err
    assert "hush-hush" not in answer.out + answer.err
    assert not [path for path in tmp_path.rglob("*") if "hush-hush" in path.name]


LOOKED = """
import atexit, runpy, sys
heavy = ('sqlalchemy', 'alembic', 'netmiko', 'apprise')
atexit.register(lambda: print([name for name in heavy if name in sys.modules]))
sys.argv = ['vpn-check', 'poll', '--help']
runpy.run_module('vpn_check', run_name='__main__')
"""


def test_the_help_of_polls_loads_no_database(vpn_check: Callable[..., Answer]) -> None:
    done = subprocess.run([sys.executable, "-c", LOOKED], capture_output=True, text=True, check=False)

    assert done.stdout.rstrip().endswith("[]")
    assert vpn_check("history", "--help").code == 0
