"""What can go wrong on the way: one clear line, what to do next, exit 3, and the other devices unharmed."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Answer

FAST = ("--settle", "0", "--timeout", "3")
OUTPUTS = {
    path.stem.replace("_", " "): path.read_text() for path in data_path("mocks", "healthy-ios", "r1").glob("*.txt")
}
FAULTS = {
    "hang_cmd": "timed out",
    "hang_login": "no prompt",
    "hang_banner": "banner",
    "auth_hang": "log-in was not answered",
    "pw_change": "password",
    "close_mid": "closed",
}


@pytest.fixture
def broken_lab(tmp_path: Path) -> Iterator[tuple[Lab, Path]]:
    def device(name: str, fault: str | None = None) -> LabDevice:
        return LabDevice(name=name, platform=PlatformName.IOS, hostname=name, outputs=OUTPUTS, fault=fault)

    with Lab([device("good"), *(device(fault.replace("_", "-"), fault) for fault in (*FAULTS, "invalid"))]) as lab:
        yield lab, lab.write_inventory(tmp_path / "lab")


def one_line(answer: Answer, device: str) -> str:
    lines = [line for line in answer.err.splitlines() if device in line]
    assert len(lines) == 1, answer.err
    assert "Traceback" not in answer.err
    return lines[0]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_clear_line_and_the_other_device_is_unharmed(
    fault: str, broken_lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    _, inventory = broken_lab
    name = fault.replace("_", "-")
    answer = vpn_check(name, "good", "--inventory", inventory, "--json", *FAST)
    devices = {device["name"]: device for device in answer.document["devices"]}
    assert answer.code == 3
    assert devices["good"]["status"] == "healthy"
    assert devices[name]["status"] == "unknown"
    told = " ".join(error["message"] for error in devices[name]["errors"])
    assert FAULTS[fault] in told.lower()


def test_refused_commands_are_unknown_never_no_tunnels(
    broken_lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    _, inventory = broken_lab
    answer = vpn_check("invalid", "--inventory", inventory, "--json", *FAST)
    assert answer.code == 3
    assert answer.device["status"] == "unknown"
    assert {gap["source"] for gap in answer.device["gaps"]} >= {"show crypto isakmp sa", "show crypto ipsec sa"}
    assert [error["step"] for error in answer.device["errors"]] == ["command"]
    assert "show crypto ipsec sa" in one_line(answer, "invalid")


def test_wrong_password(broken_lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    _, inventory = broken_lab
    answer = vpn_check("good", "--inventory", inventory, "--quiet", *FAST, env={"VPN_CHECK_LAB_PASSWORD": "wrong"})
    assert answer.code == 3
    assert "refused" in one_line(answer, "good")


def test_unknown_host_name(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("router.invalid", "--quiet", *FAST, env={"VPN_CHECK_PASSWORD": "x"})
    assert answer.code == 3
    assert "router.invalid" in one_line(answer, "router.invalid")


def test_closed_port(vpn_check: Callable[..., Answer]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    answer = vpn_check(f"127.0.0.1:{port}", "--quiet", *FAST, env={"VPN_CHECK_PASSWORD": "x"})
    assert answer.code == 3
    assert "refuses connections" in one_line(answer, "127.0.0.1")


def test_unknown_and_changed_host_keys(broken_lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]) -> None:
    lab, inventory = broken_lab
    known = inventory.parent / "known_hosts"
    kept = known.read_text()
    known.write_text("")
    unknown = vpn_check("good", "--inventory", inventory, "--quiet", *FAST)
    assert unknown.code == 3
    assert "SHA256:" in one_line(unknown, "good")
    assert "--accept-new-host-key" in one_line(unknown, "good")
    accepted = vpn_check("good", "--inventory", inventory, "--quiet", "--accept-new-host-key", *FAST)
    assert accepted.code == 0
    assert vpn_check("good", "--inventory", inventory, "--quiet", *FAST).code == 0
    known.write_text(kept)
    lab.rotate_host_key("good")
    before = lab.auth_attempts("good")
    changed = vpn_check("good", "--inventory", inventory, "--quiet", "--accept-new-host-key", *FAST)
    assert changed.code == 3
    assert "changed" in one_line(changed, "good").lower()
    assert lab.auth_attempts("good") == before


def test_a_device_that_hangs_ends_at_its_deadline(
    broken_lab: tuple[Lab, Path], vpn_check: Callable[..., Answer]
) -> None:
    _, inventory = broken_lab
    begun = time.monotonic()
    assert vpn_check("hang-login", "--inventory", inventory, "--quiet", *FAST).code == 3
    assert time.monotonic() - begun < 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("devices: [", "line"),
        ("devices: {r1: {platform: iosx}}", "iosxe"),
        ("devices: {r1: {hots: x}}", "host"),
        ("devices: {r1: {}, r1: {}}", "r1"),
        ("credentials: {c: {password: hunter2}}\ndevices: {}", "password_env"),
        ("- a\n- b\n", "inventory"),
    ],
)
def test_a_broken_inventory(text: str, says: str, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(text)
    answer = vpn_check("r1", "--inventory", path)
    assert answer.code == 3
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert says in answer.err
    assert "hunter2" not in answer.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("analyse", "x"), "vpn-check analyze"),
        (("router9",), "not in"),
        (("history", "a"), "There is no history at"),
        (("analyze", "/nowhere/at-all.txt"), "no such file"),
        (("analyze",), "PATH"),
        (("analyze", "--platform", "nxos", "-"), "nxos"),
        (("--nonsense", "r1"), "nonsense"),
        (("parse", "--command", "show spanning-tree", "-"), "not a command that is parsed"),
        (("check",), "No device"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], says: str, vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check(*words, stdin="x\n")
    assert answer.code == 3
    assert says in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert answer.out == ""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (bytes(range(256)) * 40, "not text"),
        (b"hello, world\n", "Nothing in this text"),
    ],
)
def test_unusable_text(data: bytes, says: str, tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    path = tmp_path / "capture.txt"
    path.write_bytes(data)
    for answer in (vpn_check("analyze", path, "--json"), vpn_check("analyze", "-", "--json", stdin=data)):
        assert answer.code == 3
        assert answer.document["status"] == "unknown"
        assert says in answer.device["errors"][0]["message"]


def test_an_unreadable_file(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    path = tmp_path / "r1"
    path.mkdir()
    secret = path / "show_crypto_ipsec_sa.txt"
    secret.symlink_to(tmp_path / "gone")
    answer = vpn_check("analyze", secret, "--json")
    assert answer.code == 3
    if os.geteuid() != 0:  # root reads everything
        secret.unlink()
        secret.write_text("x")
        secret.chmod(0)
        assert "cannot be read" in vpn_check("analyze", secret, "--json").device["errors"][0]["message"]


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path, vpn_check: Callable[..., Answer]) -> None:
    good = tmp_path / "show_crypto_ipsec_sa.txt"
    good.write_text(OUTPUTS["show crypto ipsec sa"])
    bad = tmp_path / "core.bin"
    bad.write_bytes(bytes(range(256)))
    answer = vpn_check("analyze", good, bad, "--json")
    assert answer.code == 3
    assert answer.device["verdict"]["cause"] == "healthy" or answer.device["tunnels"]
    assert "core.bin" in answer.device["errors"][0]["message"]
