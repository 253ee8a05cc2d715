"""`vpn-check collect` over real SSH: the bundle of two ends, of refusals, of interrupts, and of kills."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.lab.scenario import load
from vpn_check.lab.server import Lab, LabDevice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Answer

KEY, COMMUNITY = "Planted-Key-4711-xY", "Planted-Community-12"
QUICK = ("--interval", "0.3", "--timeout", "5")
CONFIG = (
    "crypto isakmp policy 10\n encr aes\n authentication pre-share\n group 14\n"
    f"crypto isakmp key {KEY} address 203.0.113.2\n"
)
LOG = (
    "*Mar  3 10:00:00.123: %SYS-5-CONFIG_I: Configured from console by ops on vty0 (192.0.2.200)\n"
    f"*Mar  3 10:00:04.000: somebody pasted {KEY} and {COMMUNITY}\n"
)


@contextmanager
def bench(folder: Path, **changes: dict[str, Any]) -> Iterator[tuple[Lab, Path]]:
    """The pair whose ESP is blocked, with a configuration and a log, and its inventory."""
    devices: list[LabDevice] = []
    for device in load("esp-blocked-ios").devices:
        outputs = {**device.outputs, "show running-config": CONFIG, "show logging": LOG,
                   "show snmp": f"snmp-server community {COMMUNITY} RO\n"}  # fmt: skip
        known = {name: getattr(device, name) for name in ("name", "platform", "hostname")}
        devices.append(LabDevice(**known, outputs=outputs, **changes.get(device.name, {})))
    with Lab(devices) as lab:
        yield lab, lab.write_inventory(folder)


def contents(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_both_ends_in_one_bundle(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    bundle = tmp_path / "case.zip"
    with bench(tmp_path) as (lab, inventory):
        answer = vpn_check("collect", "--inventory", inventory, "r1", "r2", "-o", bundle, *QUICK)
        live = vpn_check("check", "--inventory", inventory, "r1", "r2", "--json", "--interval", "0.3", "--timeout", "5")
        for name in ("r1", "r2"):
            assert all(line.startswith(("show ", "terminal length 0", "exit")) for line in lab.commands(name))
    assert answer.code == 0, answer.err
    files = contents(bundle)
    manifest = json.loads(files["MANIFEST.json"])
    assert [device["name"] for device in manifest["devices"]] == ["r1", "r2"]
    seen = "\n".join((*files, *files.values(), answer.out, answer.err))
    assert KEY not in seen
    assert {"device": "r1", "command": "show crypto map", "why": "unsupported"} in manifest["gaps"]
    counters = [output for output in manifest["devices"][0]["outputs"] if output["command"] == "show crypto ipsec sa"]
    assert len(counters) == 2
    assert counters[0]["received_at"] < counters[1]["received_at"]
    again = vpn_check("analyze", bundle, "--json").document
    for before, after in zip(live.document["devices"], again["devices"], strict=True):
        assert (after["name"], after["status"]) == (before["name"], before["status"])
        assert after["verdict"]["cause"] == before["verdict"]["cause"]
    assert 'class="chart"' in files["report.html"]
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "case" in path.name) == ["case.zip"]
    assert "r1: done" in answer.err


def test_every_scenario_of_the_lab_gives_the_same_verdict_from_its_bundle(
    tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    from vpn_check.jobs.lab import running_lab  # noqa: PLC0415  for this test alone

    with running_lab(["wrong-key-ios-pix", "healthy-iosxe-vti", "recv-errors-asa", "no-answer-ios"]) as lab:
        inventory = lab.write_inventory(tmp_path)
        names = lab.names
        live = vpn_check("check", "--inventory", inventory, *names, "--json", "--interval", "1", "--timeout", "5")
        answer = vpn_check("collect", "--inventory", inventory, *names, "-o", tmp_path / "case.zip",
                           "--interval", "10", "--timeout", "5", "--redact-addresses", timeout=120)  # fmt: skip
    assert answer.code == 0, answer.err
    again = vpn_check("analyze", tmp_path / "case.zip", "--json").document

    def said(document: dict[str, Any]) -> list[Any]:
        return [(found["status"], found["verdict"]["cause"]) for found in document["devices"]]

    assert said(again) == said(live.document)


def test_a_device_that_is_not_reached_is_in_the_bundle_as_a_fault(
    tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    with bench(tmp_path, r2={"fault": "vty_full"}) as (_, inventory):
        answer = vpn_check(
            "collect", "--inventory", inventory, "r1", "r2", "-o", tmp_path / "case.zip", *QUICK, "--json"
        )
    assert answer.code == 1
    first, second = answer.document["devices"]
    assert (first["errors"], second["status"], second["texts"]) == ([], "unknown", 0)
    assert second["errors"][0]["message"].startswith("r2")


def test_nobody_answers_no_bundle(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    with bench(tmp_path, r1={"fault": "vty_full"}) as (_, inventory):
        answer = vpn_check("collect", "--inventory", inventory, "r1", "-o", tmp_path / "case.zip", *QUICK)
    assert answer.code == 3
    assert "no bundle is written" in answer.err
    assert [path.name for path in tmp_path.iterdir() if "case" in path.name] == []


def test_a_path_that_is_taken_is_said_before_a_device_is_asked(
    tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    (tmp_path / "case.zip").write_text("old")
    with bench(tmp_path) as (lab, inventory):
        answer = vpn_check("collect", "--inventory", inventory, "r1", "-o", tmp_path / "case.zip", *QUICK)
        assert (answer.code, lab.sessions("r1")) == (3, 0)
    assert (tmp_path / "case.zip").read_text() == "old"


def started(folder: Path, inventory: Path, bundle: Path, *arguments: str) -> subprocess.Popen[bytes]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
    command = [sys.executable, "-m", "vpn_check", "collect", "--inventory", inventory, "r1", "r2", "-o", bundle,
               "--timeout", "30", *arguments]  # fmt: skip
    words = [*map(str, command)]
    return subprocess.Popen(words, env=clean | {"HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_valid_partial_bundle(
    number: signal.Signals, tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    bundle = tmp_path / "case.zip"
    with bench(tmp_path) as (_, inventory):
        run = started(tmp_path, inventory, bundle, "--interval", "60")
        wait_for(lambda: len(list((tmp_path / "case.zip.partial").rglob("show_logging.txt"))) == 2)
        run.send_signal(number)
        out, err = run.communicate(timeout=40)
    assert run.returncode == 130, err
    assert b"PARTIAL" in out
    files = contents(bundle)
    manifest = json.loads(files["MANIFEST.json"])
    assert manifest["partial"]
    assert "not whole" in files["report.html"]
    assert "not whole" in files["report.md"]
    assert KEY not in "\n".join(files.values())
    answer = vpn_check("analyze", bundle, "--json")
    assert answer.device["verdict"]["cause"] == "traffic.no-return"
    assert [fault["step"] for fault in answer.device["errors"]] == ["interrupted"]
    assert not (tmp_path / "case.zip.partial").exists()


def whatever_is_left_is_valid(folder: Path, vpn_check: Callable[..., Answer]) -> str:
    """What a kill left: nothing, a folder that can be read, or a whole bundle."""
    bundle, partial = folder / "case.zip", folder / "case.zip.partial"
    for path in (bundle, partial):
        if not path.exists() or (path is partial and not (path / "MANIFEST.json").exists()):
            continue
        answer = vpn_check("analyze", path, "--json")
        assert "Traceback" not in answer.err
        messages = [fault["message"] for device in answer.document["devices"] for fault in device["errors"]]
        assert not any("checksum" in message or "missing" in message for message in messages), messages
        whole = path is bundle
        texts = contents(bundle).values() if whole else (f.read_text() for f in partial.rglob("*") if f.is_file())
        assert KEY not in "\n".join(texts)
        if path is partial:
            assert json.loads((partial / "MANIFEST.json").read_text())["partial"]
    return "bundle" if bundle.exists() else "partial" if (partial / "MANIFEST.json").exists() else "nothing"


def killed_at(moment: float, folder: Path, inventory: Path, vpn_check: Callable[..., Answer]) -> str:
    run = started(folder, inventory, folder / "case.zip", "--interval", "0.3", "--quiet")
    time.sleep(moment)
    run.kill()
    run.communicate(timeout=20)
    return whatever_is_left_is_valid(folder, vpn_check)


def test_a_kill_leaves_a_folder_that_is_read_and_made_into_a_bundle(
    tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    partial = tmp_path / "case.zip.partial"
    with bench(tmp_path) as (_, inventory):
        run = started(tmp_path, inventory, tmp_path / "case.zip", "--interval", "60")
        wait_for(lambda: len(list(partial.rglob("show_logging.txt"))) == 2)
        time.sleep(0.5)
        run.kill()
        run.communicate(timeout=20)
        assert whatever_is_left_is_valid(tmp_path, vpn_check) == "partial"
        assert stat.S_IMODE(partial.stat().st_mode) == 0o700
        refused = vpn_check("collect", "--inventory", inventory, "r1", "-o", tmp_path / "case.zip", *QUICK)
    assert refused.code == 3
    assert f"--from {partial}" in refused.err
    answer = vpn_check("collect", "--from", partial, "-o", tmp_path / "case.zip")
    assert answer.code == 1
    device = vpn_check("analyze", tmp_path / "case.zip", "--json").device
    assert device["verdict"]["cause"] == "traffic.no-return"
    assert device["errors"][0]["step"] == "interrupted"


@pytest.mark.parametrize("moment", [0.9, 1.6, 2.4])
def test_a_kill_at_some_moment_leaves_nothing_broken(
    moment: float, tmp_path: Path, vpn_check: Callable[..., Answer]
) -> None:
    with bench(tmp_path) as (_, inventory):
        killed_at(moment, tmp_path, inventory, vpn_check)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_sixty_kills_at_random_moments_leave_nothing_broken(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    chance = random.Random(20)
    left: list[str] = []
    with bench(tmp_path) as (_, inventory):
        for number in range(60):
            folder = tmp_path / str(number)
            folder.mkdir()
            left.append(killed_at(chance.uniform(0.5, 3.5), folder, inventory, vpn_check))
            shutil.rmtree(folder)
    assert {"partial", "bundle"} <= set(left), left
