"""A fleet through the door: right results beside wrong devices, limits, progress, and an interrupt that reports."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Answer

OUTPUTS = {
    path.stem.replace("_", " "): path.read_text() for path in data_path("mocks", "healthy-ios", "r1").glob("*.txt")
}
CAUGHT = {
    "hang_cmd": ("command", "timed out"),
    "hang_login": ("timeout", "no prompt"),
    "hang_banner": ("connect", "banner"),
    "auth_hang": ("timeout", "log-in was not answered"),
    "pw_change": ("login-dialogue", "new password"),
    "wrong password": ("authenticate", "refused the log-in"),
    "legacy_kex": ("algorithms", "legacy: true"),
    "unknown key": ("host-key", "not known"),
    "closed port": ("connect", "refuses connections"),
}
"""Each way in which a device of the campaign is faulty: the step that must be named, and words of the sentence."""
LAUNCHER = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(child.pid, 0)
print(usage.ru_maxrss // 1024, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peer_of(name: str) -> str:
    """The peer of a device of the campaign, whose name ends with its number: no two have the same."""
    number = int(name[-3:])
    return f"198.18.{number // 250}.{number % 250 + 1}"


@contextmanager
def fleet(folder: Path, healthy: int, faults: list[str]) -> Iterator[tuple[Lab, Path, dict[str, str]]]:
    """So many healthy devices and these faulty ones, mixed; yields the fault of each faulty device by its name."""
    total = healthy + len(faults)
    places = {round(index * total / len(faults)) if faults else 0: fault for index, fault in enumerate(faults)}
    devices, bad = [], {}
    for number in range(total):
        name, fault = f"edge-{number:03}", places.get(number)
        if fault:
            bad[name] = fault
        outputs = {command: text.replace("203.0.113.2", peer_of(name)) for command, text in OUTPUTS.items()}
        devices.append(LabDevice(name=name, platform=PlatformName.IOS, hostname=name.upper(), outputs=outputs,
                                 fault=fault if fault and "_" in fault else None))
    with Lab(devices) as lab:
        inventory = lab.write_inventory(folder)
        _spoil(inventory, lab, bad)
        yield lab, inventory, bad


def _spoil(inventory: Path, lab: Lab, bad: dict[str, str]) -> None:
    """Faults that lie in the inventory and not in the device."""
    document = yaml.safe_load(inventory.read_text())
    (inventory.parent / "wrong").write_text("not-the-password\n")
    (inventory.parent / "wrong").chmod(0o600)
    for name, fault in bad.items():
        row = document["devices"][name]
        if fault == "wrong password":
            document["credentials"][f"of-{name}"] = {"username": "lab", "password_file": "wrong"}
            row |= {"credential": f"of-{name}"}
        elif fault == "closed port":
            row["port"] = 1
        elif fault == "legacy_kex":
            row.pop("legacy")
        elif fault == "unknown key":
            known = inventory.parent / "known_hosts"
            known.write_text(known.read_text().replace(lab.host_key_line(name) + "\n", ""))
    inventory.write_text(yaml.safe_dump(document, sort_keys=False))


def check_campaign(document: dict[str, Any], lab: Lab, bad: dict[str, str]) -> None:
    devices = {device["name"]: device for device in document["devices"]}
    assert list(devices) == list(lab.names)
    for name, device in devices.items():
        if name not in bad:
            assert device["status"] == "healthy", device
            assert {tunnel["peer"] for tunnel in device["tunnels"]} == {peer_of(name)}   # its own, nobody else's
            assert not device["errors"]
            continue
        step, words = CAUGHT[bad[name]]
        assert device["status"] == "unknown"
        assert [fault["step"] for fault in device["errors"]][:1] == [step], (bad[name], device["errors"])
        assert words in device["errors"][0]["message"]
    for name in lab.names:
        assert not any(line.startswith("conf") for line in lab.commands(name))


def campaign(tmp_path: Path, healthy: int, faults: list[str]) -> int:
    """Run a fleet and check each device's answer; returns the peak memory of the process, in MB."""
    with fleet(tmp_path / "lab", healthy, faults) as (lab, inventory, bad):
        command = [sys.executable, "-m", "vpn_check", "--inventory", str(inventory), *lab.names, "--json",
                   "--settle", "0", "--timeout", "8", "--workers", "50"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
        done = subprocess.run([sys.executable, "-c", LAUNCHER, *command], capture_output=True, text=True, check=False,
                              env=clean | {"HOME": str(tmp_path)}, timeout=300)
        assert done.returncode == 3, done.stderr
        check_campaign(json.loads(done.stdout), lab, bad)
        return int(done.stderr.splitlines()[-1])


def test_a_mixed_fleet_has_the_right_result_for_each_device(tmp_path: Path) -> None:
    campaign(tmp_path, 30, list(CAUGHT))


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_five_hundred_devices_of_which_a_twentieth_is_faulty(tmp_path: Path) -> None:
    names = list(CAUGHT)

    peak = campaign(tmp_path, 475, [names[number % len(names)] for number in range(25)])

    assert peak < 200


def test_a_device_ends_at_its_deadline_and_says_what_is_missing(vpn_check: Callable[..., Answer],
                                                                tmp_path: Path) -> None:
    device = LabDevice(name="r1", platform=PlatformName.IOS, hostname="r1", outputs=OUTPUTS, fault="hang_cmd",
                       fault_command="show crypto ipsec sa")
    with Lab([device]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        begun = time.monotonic()
        answer = vpn_check("r1", "--inventory", inventory, "--deadline", "2", "--json", "--settle", "0")

        assert 1 < time.monotonic() - begun < 14   # an idle limit alone takes 15
        assert answer.code == 3
        assert "show crypto ipsec sa" in {gap["source"] for gap in answer.device["gaps"]}
        assert lab.sessions("r1") == 1


@pytest.mark.parametrize("form", ["text", "--json"])
def test_an_interrupt_ends_within_two_seconds_and_reports_what_was_done(form: str, tmp_path: Path) -> None:
    def device(name: str, fault: str | None) -> LabDevice:
        return LabDevice(name=name, platform=PlatformName.IOS, hostname=name, outputs=OUTPUTS, fault=fault)

    hung = [device(f"hung-{number}", "hang_cmd") for number in range(3)]
    with Lab([device("good", None), *hung, device("later", None)]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
        child = subprocess.Popen(
            [sys.executable, "-m", "vpn_check", "--inventory", str(inventory), "--workers", "4", "good", "hung-0",
             "hung-1", "hung-2", "later", *([form] if form != "text" else [])],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean | {"HOME": str(tmp_path)})
        while not all(lab.commands(f"hung-{n}") for n in range(3)) or "exit" not in lab.commands("later"):
            time.sleep(0.05)
        time.sleep(0.5)
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=10)

    assert time.monotonic() - begun < 2
    assert child.returncode == 130
    assert "Traceback" not in err
    if form == "text":
        assert re.search(r"^HEALTHY +good", out, re.MULTILINE)
        assert len(re.findall(r"interrupted: hung-\d: not finished", out)) == 3
        assert "5 devices: " in out
    else:
        statuses = Counter(device["status"] for device in json.loads(out)["devices"])
        assert statuses == {"healthy": 2, "unknown": 3}


def test_text_comes_as_soon_as_a_device_is_done(tmp_path: Path) -> None:
    def device(name: str, fault: str | None) -> LabDevice:
        return LabDevice(name=name, platform=PlatformName.IOS, hostname=name, outputs=OUTPUTS, fault=fault)

    with Lab([device("hung", "hang_cmd"), device("good", None)]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        child = subprocess.Popen([sys.executable, "-m", "vpn_check", "--inventory", str(inventory), "hung", "good"],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert child.stdout is not None
        first = child.stdout.readline()
        running = child.poll() is None
        child.kill()
        child.communicate()

    assert first.startswith("HEALTHY  good")
    assert running


@pytest.mark.parametrize(("options", "shown"), [((), True), (("--quiet",), False)])
def test_progress_is_for_a_terminal_that_is_not_told_to_be_quiet(options: tuple[str, ...], shown: bool,  # noqa: FBT001
                                                                 tmp_path: Path) -> None:
    device = LabDevice(name="r1", platform=PlatformName.IOS, hostname="r1", outputs=OUTPUTS, fault="slow", fault_arg=1)
    with Lab([device]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        ours, theirs = pty.openpty()
        child = subprocess.Popen([sys.executable, "-m", "vpn_check", "--inventory", str(inventory), "r1", *options],
                                 stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"})
        os.close(theirs)
        out, _ = child.communicate(timeout=30)
        seen = b""
        while select.select([ours], [], [], 0)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:   # the other end is closed
                break
        os.close(ours)

    assert (b"asking r1" in seen) is shown
    assert b"asking" not in out
    assert child.returncode == 0
