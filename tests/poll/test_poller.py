"""Cycles of polls in which something goes wrong that no device can help."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from tests.history.polls import START, alarm

from vpn_check.alarms.hold import HoldDown
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.history.store import History
from vpn_check.jobs.check import Run
from vpn_check.jobs.poll.poller import Policy, Poller
from vpn_check.jobs.poll.remembered import Remembered
from vpn_check.model.device import Credentials, Device
from vpn_check.model.finding import Status
from vpn_check.notify.send import Notifier
from vpn_check.notify.urls import Address

if TYPE_CHECKING:
    from pathlib import Path


def surprising(device: Device) -> Credentials:
    """What fails in a way that nobody thought of."""
    raise KeyError(device.name)


def test_a_device_that_surprises_the_program_is_not_known_and_does_not_vanish_from_the_cycle(tmp_path: Path) -> None:
    run = Run(credentials=surprising, host_keys=HostKeys(), settle=0.0)
    with History.open(str(tmp_path / "history.db")) as history:
        poller = Poller([Device(name="r1", host="127.0.0.1")], run, Remembered(history),
                        policy=Policy(hold=HoldDown()), clock=lambda: START, key=b"of this test")
        report = poller.cycle()

    assert report.status is Status.UNKNOWN
    assert [poll.observation.device for poll in report.polls] == ["r1"]
    assert "unexpected KeyError" in report.troubles[0]
    assert [alarm.device for alarm in report.raised] == ["r1"]


def test_an_alarm_of_a_device_that_is_not_polled_now_says_nothing_of_those_that_are(tmp_path: Path) -> None:
    run = Run(credentials=surprising, host_keys=HostKeys(), settle=0.0)
    reports = []
    with History.open(str(tmp_path / "history.db")) as history:
        for name in ("r1", "r2"):
            poller = Poller([Device(name=name, host="127.0.0.1")], run, Remembered(history),
                            policy=Policy(hold=HoldDown()), clock=lambda: START, key=b"of this test")
            reports.append(poller.cycle())

    assert [[alarm.device for alarm in report.open] for report in reports] == [["r1"], ["r2"]]


class Inbox(BaseHTTPRequestHandler):
    """A service that is to be told; `code` is its answer."""

    code: ClassVar[int] = 500
    asked: ClassVar[int] = 0

    def do_POST(self) -> None:
        Inbox.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(Inbox.code)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def test_a_service_that_takes_no_message_is_not_tried_with_hundreds_and_is_told_all_of_them_later(
    tmp_path: Path) -> None:
    run = Run(credentials=surprising, host_keys=HostKeys(), settle=0.0)
    server = HTTPServer(("127.0.0.1", 0), Inbox)
    Thread(target=server.serve_forever, daemon=True).start()
    asked = []
    with History.open(str(tmp_path / "history.db")) as history:
        history.save_alarms(alarm(f"a{number}", device=f"r{number}") for number in range(30))
        notifier = Notifier([Address(url=f"json://127.0.0.1:{server.server_port}/", line=1)])
        poller = Poller([], run, Remembered(history), policy=Policy(hold=HoldDown()), clock=lambda: START,
                        key=b"of this test", notifier=notifier)
        for code in (500, 200, 200):
            Inbox.code, Inbox.asked = code, 0
            poller.cycle()
            asked.append(Inbox.asked)
    server.shutdown()
    server.server_close()

    assert asked == [5, 30, 0]
