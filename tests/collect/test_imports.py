"""What a command pays for that talks to no device."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", [
    "inventory", "collect", "collect.credentials", "collect.fleet", "collect.hostkeys", "collect.limits",
    "collect.session", "collect.sshconfig",
])
def test_ssh_is_loaded_only_by_what_connects(module: str) -> None:
    code = (f"import sys, vpn_check.{module}\n"
            "sys.exit(', '.join({'paramiko', 'netmiko', 'tenacity', 'keyring'} & {*sys.modules}) or 0)")

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (0, "")
