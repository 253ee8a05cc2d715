"""`lab up`: the inventory it writes, how it ends, and what it says when it cannot start."""

from __future__ import annotations

import signal
import socket
import stat
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
import yaml

from vpn_check.errors import UsageError
from vpn_check.jobs.lab import lab_up, running_lab
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import pathlib, sys
from vpn_check.jobs.lab import lab_up
sys.exit(lab_up(["esp-blocked-ios"], folder=pathlib.Path(sys.argv[1]), out=lambda line: print(line, flush=True)))
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_lab_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path / "lab")], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if line.startswith("Ctrl-C"):
                break
        inventory = yaml.safe_load((tmp_path / "lab" / "inventory.yaml").read_text(encoding="utf-8"))
        port = inventory["devices"]["r1"]["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=2) as open_connection:
            assert open_connection.recv(4) == b"SSH-"
            process.send_signal(number)
            assert process.wait(timeout=2) == 0
        assert process.stdout.read() == "The lab is closed.\n"
        assert process.stderr.read() == ""
    assert not listens(port)


def test_an_event_ends_the_lab_and_the_words_say_what_to_type(tmp_path: Path) -> None:
    stop, said = threading.Event(), list[str]()

    def out(line: str) -> None:
        said.append(line)
        if line.startswith("Ctrl-C"):
            stop.set()

    assert lab_up(["healthy-pix", "healthy-pix-no-digest"], folder=tmp_path, out=out, stop=stop) == 0
    assert f"  vpn-check --inventory {tmp_path / 'inventory.yaml'} healthy-pix-pix1" in said
    inventory = yaml.safe_load((tmp_path / "inventory.yaml").read_text(encoding="utf-8"))
    assert [*inventory["devices"]] == ["healthy-pix-pix1", "healthy-pix-pix2", "healthy-pix-no-digest-pix1",
                                       "healthy-pix-no-digest-pix2"]
    assert inventory["devices"]["healthy-pix-pix1"]["groups"] == ["healthy-pix"]


def test_all_scenarios_run_together() -> None:
    with running_lab() as lab:
        assert "esp-blocked-ios-r1" in lab.names
        assert len({lab.port(name) for name in lab.names}) == len(lab.names)


def test_the_inventory_holds_what_a_client_needs_and_no_secret(tmp_path: Path) -> None:
    devices = [
        LabDevice(name="plain", platform=PlatformName.IOS, hostname="P", outputs={}, groups=("g",)),
        LabDevice(name="low", platform=PlatformName.ASA, hostname="L", outputs={}, enable_secret="s3cret-enable"),
        LabDevice(name="own", platform=PlatformName.PIX, hostname="O", outputs={}, username="o", password="s3cret-own"),
        LabDevice(name="old", platform=PlatformName.IOS, hostname="X", outputs={}, fault="legacy_kex"),
    ]
    folder = tmp_path / "new" / "lab"
    with Lab(devices) as lab:
        path = lab.write_inventory(folder)
        assert lab.write_inventory(folder) == path
        text = path.read_text(encoding="utf-8")
        inventory = yaml.safe_load(text)
        ports = {name: lab.port(name) for name in lab.names}
        known = (folder / "known_hosts").read_text(encoding="utf-8").splitlines()
        assert known == [lab.host_key_line(name) for name in lab.names]
    assert path == folder / "inventory.yaml"
    assert inventory["defaults"] == {"username": "lab", "known_hosts": "known_hosts", "credential": "lab"}
    assert inventory["credentials"] == {
        "lab": {"password_env": "VPN_CHECK_LAB_PASSWORD", "password_file": "lab-password"},
        "lab-enable": {"password_env": "VPN_CHECK_LAB_PASSWORD", "password_file": "lab-password",
                       "enable_secret_file": "lab-enable"},
        "lab-own": {"password_file": "lab-own-password"},
    }
    assert inventory["devices"] == {
        "plain": {"host": "127.0.0.1", "port": ports["plain"], "platform": "ios", "groups": ["g"]},
        "low": {"host": "127.0.0.1", "port": ports["low"], "platform": "asa", "credential": "lab-enable"},
        "own": {"host": "127.0.0.1", "port": ports["own"], "platform": "pix", "username": "o", "credential": "lab-own"},
        "old": {"host": "127.0.0.1", "port": ports["old"], "platform": "ios", "legacy": True},
    }
    assert "s3cret" not in text
    secrets = {"lab-password": "lab-password", "lab-enable": "s3cret-enable", "lab-own-password": "s3cret-own"}
    for file, secret in secrets.items():
        assert (folder / file).read_text(encoding="utf-8").strip() == secret
        assert stat.S_IMODE((folder / file).stat().st_mode) == 0o600


def test_the_ports_asked_for_are_used_and_a_taken_one_is_named() -> None:
    with running_lab(["healthy-ios"]) as first:
        taken = first.port("r1")
        with pytest.raises(UsageError, match=rf"Port {taken} cannot be used for r1"), \
                running_lab(["no-answer-ios"], base_port=taken):
            pass
    with running_lab(["no-answer-ios"], base_port=taken) as second:
        assert second.port("r1") == taken


def test_the_lab_keeps_to_loopback() -> None:
    with pytest.raises(UsageError, match="loopback only"):
        Lab([], host="192.0.2.1")


def test_without_asyncssh_the_hint_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"pip install 'vpn-check\[lab\]'"):
        lab_up(["healthy-ios"], folder=tmp_path, out=print)


def test_a_folder_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written to"):
        lab_up(["healthy-ios"], folder=tmp_path / "file", out=print)


def test_looking_at_the_list_imports_no_ssh() -> None:
    program = "import sys; from vpn_check.jobs import lab; lab.lab_list(); sys.exit('asyncssh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
