"""Start-up is a feature of a tool that runs every minute: what is not needed is not imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import vpn_check
from vpn_check.resources import data_path

SOURCE = Path(__file__).parent.parent / "source"
HEAVY = (
    "netmiko",
    "paramiko",
    "asyncssh",
    "keyring",
    "tenacity",
    "cryptography",
    "rich",
    "ntc_templates",
    "sqlalchemy",
)
PROBE = """
import sys
from vpn_check.cli.main import run
try:
    run(sys.argv[1:])
except SystemExit:
    pass
print("LOADED", *sorted(name for name in sys.modules if "." not in name))
"""


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("check", "--help"),
        ("lab", "--help"),
        ("debug", "--help"),
        ("debug-off", "--help"),
        ("doctor", "--help"),
        ("mtu", "--help"),
        ("analyze", str(SOURCE / "S3.txt")),
        ("analyze", str(SOURCE / "S20.txt")),
        ("parse", str(SOURCE / "S3.txt")),
        ("audit", "--help"),
        ("audit", str(SOURCE / "config" / "S34.cfg")),
        ("explain", "ike.psk-mismatch"),
        ("explain", "713061"),
        ("catalogue",),
        ("catalogue", "--json"),
        ("collect", "--help"),
        ("collect", "--from", str(SOURCE / "S3.txt"), "-o", "/nonexistent/case.zip"),
    ],
    ids=lambda arguments: " ".join(Path(word).name for word in arguments),
)
def test_what_is_not_needed_is_not_imported(arguments: tuple[str, ...]) -> None:
    assert loaded(*arguments) & set(HEAVY) == set()


def test_without_a_configuration_nothing_of_the_audit_is_imported() -> None:
    probe = PROBE.replace('if "." not in name', 'if name.startswith("vpn_check.")')
    command = [sys.executable, "-c", probe, "analyze", str(SOURCE / "S3.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = done.stdout.splitlines()[-1].split()
    assert "vpn_check.parse.assemble" in names
    rooms = ("vpn_check.config", "vpn_check.model.config.", "vpn_check.diagnose.checks")
    assert [name for name in names if name.startswith(rooms)] == []


def test_a_case_of_captured_texts_loads_no_ssh(tmp_path: Path) -> None:
    seen = loaded("collect", "--from", str(SOURCE / "S3.txt"), "-o", str(tmp_path / "case.zip"))
    assert (tmp_path / "case.zip").exists()
    assert seen & set(HEAVY) == set()
    assert "passlib" not in seen


def test_no_other_command_pays_for_the_case() -> None:
    assert loaded("analyze", str(SOURCE / "S3.txt")) & {"netconan", "zipfile"} == set()


def test_help_reads_no_template_and_no_yaml() -> None:
    assert loaded("--help") & {"textfsm", "yaml", "json"} == set()


def test_the_data_come_with_the_package() -> None:
    for name in ("templates", "mocks", "inventory.example.yaml"):
        assert data_path(name).exists()
    if os.environ.get("VPN_CHECK_EXPECT_WHEEL"):
        installed = Path(vpn_check.__file__).parent
        assert "site-packages" in installed.parts
        assert data_path("templates", "ios", "show_crypto_ipsec_sa.textfsm").is_relative_to(installed)
