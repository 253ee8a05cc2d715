"""`--watch`: one log-in, a line for what comes up, and an end when the verdict has changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.diagnose.test_two_looks import look

from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conftest import Answer

ROW = ("dst             src             state          conn-id status\n"
       "203.0.113.2     192.0.2.1       {state}     {id} ACTIVE\n")
DOWN = {
    "show crypto isakmp sa": ROW.format(state="MM_NO_STATE", id="     0"),
    "show crypto ipsec sa": look(0, 0, send=5).split("     inbound esp sas")[0].replace("0x5C2F9A11(1546623505)",
                                                                                       "0x0(0)"),
}


class Changing(dict[str, str]):
    """What a device answers; changed from outside while it runs."""


def up(packets: int) -> Mapping[str, str]:
    return {"show crypto isakmp sa": ROW.format(state="QM_IDLE    ", id="  1001"),
            "show crypto ipsec sa": look(packets, packets, send=5, left=3000 - packets)}


def started(inventory: Path, home: Path, *options: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VPN_CHECK_", "SSH_"))}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "vpn_check", "r1", "--inventory", str(inventory), "--watch", "1", "--settle", "0",
         *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean | {"HOME": str(home)})


def wait_for(lab: Lab, looks: int, child: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 30
    while lab.commands("r1").count("show crypto ipsec sa") < looks and child.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_fix_is_seen_and_ends_the_watch(tmp_path: Path) -> None:
    outputs = Changing(DOWN)
    with Lab([LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=outputs)]) as lab:
        child = started(lab.write_inventory(tmp_path / "lab"), tmp_path)
        wait_for(lab, 2, child)
        for step in range(8):
            outputs.update(up(40 * (step + 1)))
            wait_for(lab, 3 + step, child)
            if child.poll() is not None:
                break
        out, err = child.communicate(timeout=20)
        attempts, sessions = lab.auth_attempts("r1"), lab.sessions("r1")

    assert child.returncode == 0, err
    assert out.startswith("CRITICAL  r1")
    assert "IKE with 203.0.113.2 is up" in out
    assert "IPsec SAs with 203.0.113.2 are up" in out
    assert "the verdict has changed" in out
    assert "HEALTHY  r1" in out
    assert (attempts, sessions) == (1, 1)


def test_a_refused_log_in_ends_the_watch_at_once(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    with Lab([LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=DOWN)]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        (tmp_path / "lab" / "lab-password").write_text("wrong\n")
        answer = vpn_check("r1", "--inventory", inventory, "--watch", "1")

        assert answer.code == 3
        assert lab.auth_attempts("r1") == 1


def test_a_watch_is_of_one_device_and_text(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    devices = [LabDevice(name=name, platform=PlatformName.IOS, hostname="R1", outputs=DOWN) for name in ("r1", "r2")]
    with Lab(devices) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        for words in (("r1", "r2"), ("r1", "--json")):
            answer = vpn_check(*words, "--inventory", inventory, "--watch", "1")

            assert answer.code == 3
            assert "one device" in answer.err
