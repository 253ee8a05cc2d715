"""Lab devices with debugs, and `vpn-check debug` as a user runs it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.lab.debugging import Debugging
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PEER = "198.51.100.7"
OTHER = "198.51.100.99"
PASSWORD = "tumbleweed-41"
ENABLE = "greenhouse-77"
ASA_9 = "Cisco Adaptive Security Appliance Software Version 9.16(4)\nasa1 up 3 days 2 hours\n"
ASA_8_2 = "Cisco Adaptive Security Appliance Software Version 8.2(5)\nasa1 up 3 days 2 hours\n"
PIX_6 = "Cisco PIX Firewall Version 6.3(5)\npix1 up 3 days 2 hours\n"
IKEV1 = {PlatformName.ASA: "ikev1", PlatformName.PIX: "isakmp"}

IOS_REFUSAL = f"""\
ISAKMP (0): received packet from {PEER} dport 500 sport 500 Global (N) NEW SA
ISAKMP:(0): processing SA payload. message ID = 0
ISAKMP:(0):found peer pre-shared key matching {PEER}
ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy
ISAKMP:      encryption AES-CBC
ISAKMP:      keylength of 128
ISAKMP:      hash SHA
ISAKMP:      default group 5
ISAKMP:      auth pre-share
ISAKMP:(0):Diffie-Hellman group offered does not match policy!
ISAKMP:(0):atts are not acceptable. Next payload is 0
ISAKMP:(0):no offers accepted!
ISAKMP:(0): phase 1 SA policy not acceptable! (local 192.0.2.1 remote {PEER})
"""
ASA_REFUSAL = f"""\
[IKEv1]: IP = {PEER}, IKE_DECODE RECEIVED Message (msgid=0) with payloads : HDR + SA (1) + NONE (0) total length : 144
[IKEv1]: Group = {PEER}, IP = {PEER}, Received encrypted Oakley Main Mode packet with invalid payloads, MessID = 0
[IKEv1]: Group = {PEER}, IP = {PEER}, ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.
"""
REFUSAL = {PlatformName.IOS: IOS_REFUSAL, PlatformName.IOSXE: IOS_REFUSAL, PlatformName.ASA: ASA_REFUSAL,
           PlatformName.PIX: ASA_REFUSAL}
CAUSE = {PlatformName.IOS: "ike.policy-mismatch", PlatformName.IOSXE: "ike.policy-mismatch",
         PlatformName.ASA: "ike.psk-mismatch", PlatformName.PIX: "ike.psk-mismatch"}
ROUTERS = (PlatformName.IOS, PlatformName.IOSXE)


@dataclass
class Result:
    """What a run of the command gave back."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.out)
        return body


@dataclass
class Desk:
    """A running lab, its inventory, and a user with a state folder of his own."""

    lab: Lab
    folder: Path
    inventory: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def journals(self) -> list[Path]:
        return sorted((self.state / "debug").glob("*.json"))

    def environ(self, **more: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith(("VPN_CHECK_", "SSH_", "XDG_"))}
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return clean | {"HOME": str(home), "COLUMNS": "140", "VPN_CHECK_STATE": str(self.state),
                        "VPN_CHECK_INVENTORY": str(self.inventory), **more}

    def start(self, *words: str | Path, **more: str) -> subprocess.Popen[str]:
        """Begin a command and do not wait for it."""
        process = subprocess.Popen([sys.executable, "-m", "vpn_check", *map(str, words)], env=self.environ(**more),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.started.append(process)
        return process

    def run(self, *words: str | Path, stdin: str | None = None, timeout: float = 60, **more: str) -> Result:
        done = subprocess.run([sys.executable, "-m", "vpn_check", *map(str, words)], env=self.environ(**more),
                              input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def debug(self, *words: str | Path, device: str = "r1", peer: str = PEER, timeout: float = 60) -> Result:
        """`vpn-check debug` with its answer as JSON."""
        return self.run("debug", device, "--peer", peer, "--yes", "--json", *words, timeout=timeout)

    def ours_on(self, name: str = "r1", *, foreign: tuple[str, ...] = ()) -> list[str]:
        """The debugs and conditions that are on by the device's own state, those of others aside."""
        held = self.lab.debugs(name)
        return [what for what in (*held.on(), *held.conditions) if what not in foreign]

    def switched(self, name: str = "r1") -> list[str]:
        """What was switched so far, in order, as the device saw it."""
        return [f"{'+' if change.on else '-'}{change.what}" for change in self.lab.debugs(name).changes
                if change.session]

    def typed(self, name: str = "r1") -> list[str]:
        return [line for _, _, line in self.lab.typed(name)]


def until(done: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait for something to be so; whether it was in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.05)
    return done()


def device(platform: PlatformName = PlatformName.IOS, *, name: str = "r1", outputs: dict[str, str] | None = None,
           play: dict[str, Any] | None = None, **options: Any) -> LabDevice:
    """A device that refuses the peer's negotiation again and again."""
    debugging = Debugging(**{"negotiation": REFUSAL[platform], "peer": PEER, "every": 0.2, **(play or {})})
    held = {"show version": ASA_9} if platform is PlatformName.ASA else {}
    return LabDevice(name=name, platform=platform, hostname="edge-1", password=PASSWORD, debugging=debugging,
                     outputs={"show crypto isakmp sa": "", **held, **(outputs or {})}, **options)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Start devices and sit down before them."""
    desks: list[Desk] = []

    def begin(*devices: LabDevice) -> Desk:
        lab = Lab(devices or [device()])
        lab.__enter__()
        desks.append(Desk(lab, tmp_path, lab.write_inventory(tmp_path / "lab")))
        return desks[-1]

    yield begin
    for each in desks:
        for process in each.started:
            process.kill()
            process.communicate()
        each.lab.__exit__(None, None, None)
