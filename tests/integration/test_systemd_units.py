"""systemd itself reads the units that are shipped."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from vpn_check.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.integration


def test_systemd_accepts_the_units_without_a_word(tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze") is not None, "`make integration` installs systemd"
    for unit in data_path("systemd").iterdir():
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(text.replace("/opt/vpn-check/bin/vpn-check", "/bin/true"))
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 3
    ran = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    mine = [line for line in (ran.stdout + ran.stderr).splitlines() if "vpn-check" in line]
    assert (ran.returncode, mine) == (0, [])


@pytest.mark.parametrize("name", ["vpn-check-poll.service", "vpn-check-poll-once.service"])
def test_systemd_finds_little_exposed(tmp_path: Path, name: str) -> None:
    text = data_path("systemd", name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace("/opt/vpn-check/bin/vpn-check", "/bin/true"))
    ran = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=30", str(tmp_path / name)],
                         capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:]
