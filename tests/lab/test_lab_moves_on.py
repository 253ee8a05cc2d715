"""A lab that changes while it runs: other answers, other faults, and the distance to its devices."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.live import collect
from vpn_check.collect.lockout import LockOut
from vpn_check.errors import DeviceError, UsageError
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import Credentials, Device, PlatformName, Transport
from vpn_check.model.transcript import Command

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = (Command(text="show crypto ipsec sa"), Command(text="show logging"))


class Client:
    """Asks one lab device, each time in a session of its own."""

    def __init__(self, lab: Lab, folder: Path, transport: Transport = Transport.SSH) -> None:
        known = folder / "known_hosts"
        known.write_text(lab.host_key_line("r1") + "\n")
        self._device = Device(name="r1", host="127.0.0.1", port=lab.port("r1"), platform=PlatformName.IOS,
                              known_hosts=str(known), transport=transport, timeout=5)
        self._credentials = Credentials(username="lab", password="lab-password", use_agent=False)

    def ask(self) -> list[str]:
        found = collect(self._device, self._credentials, host_keys=HostKeys(), lock_out=LockOut(), commands=QUESTIONS)
        return [output.text.strip() for output in found.outputs]


def router(outputs: dict[str, str], transport: Transport = Transport.SSH) -> LabDevice:
    return LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=outputs, transport=transport)


def test_a_running_device_gives_its_new_answers_to_the_next_client(tmp_path: Path) -> None:
    with Lab([router({"show crypto ipsec sa": "before\n", "show logging": "early\n"})]) as lab:
        client = Client(lab, tmp_path)
        first = client.ask()
        lab.set_outputs("r1", {"show crypto ipsec sa": "after\n", "show logging": "late\n"})
        second = client.ask()
    assert (first[0], second[0]) == ("before", "after")
    assert (first[1].split()[-1], second[1].split()[-1]) == ("early", "late")


def test_a_fault_comes_and_goes_while_the_device_runs(tmp_path: Path) -> None:
    with Lab([router({"show crypto ipsec sa": "text\n", "show logging": ""})]) as lab:
        client = Client(lab, tmp_path)
        lab.set_fault("r1", "close_early")
        with pytest.raises(DeviceError):
            client.ask()
        lab.set_fault("r1", None)
        assert client.ask()[0] == "text"
        with pytest.raises(UsageError):
            lab.set_fault("r1", "no such fault")


@pytest.mark.parametrize("transport", Transport)
def test_a_device_far_away_says_the_same_a_round_trip_later(tmp_path: Path, transport: Transport) -> None:
    long = "".join(f"line {number} {'x' * 70}\n" for number in range(3000))
    outputs = {"show crypto ipsec sa": long, "show logging": ""}
    took: list[float] = []
    for rtt in (0.0, 0.05):
        with Lab([router(outputs, transport)], rtt=rtt) as lab:
            begun = time.monotonic()
            assert Client(lab, tmp_path, transport).ask()[0] == long.strip()
            took.append(time.monotonic() - begun)
    assert 5 * 0.05 < took[1] - took[0] < 30 * 0.05   # log-in and commands are a dozen round trips
