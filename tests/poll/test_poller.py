"""Cycles of polls in which something goes wrong that no device can help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.poll.script import START

from vpn_check.alarms.hold import HoldDown
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.history.store import History
from vpn_check.jobs.check import Run
from vpn_check.jobs.poll.poller import Policy, Poller
from vpn_check.jobs.poll.remembered import Remembered
from vpn_check.model.device import Credentials, Device
from vpn_check.model.finding import Status

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
