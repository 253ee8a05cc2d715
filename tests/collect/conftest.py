"""Devices of the lab, and all that is needed to log in to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import Credentials, Device, PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vpn_check.model.transcript import Transcript

QUICK = Limits(connect=1, banner=1, negotiate=1, authenticate=1, login=1, enable=1, idle=1, total=5)
PASSWORD = "correct-horse-7"
ENABLE = "battery-staple-9"

VERSION = {
    PlatformName.IOS: "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.2(4)M6\nuptime 1 week\n",
    PlatformName.IOSXE: "Cisco IOS XE Software, Version 17.09.04a\nCisco IOS Software [Cupertino], ISR Software\n",
    PlatformName.ASA: "Cisco Adaptive Security Appliance Software Version 9.8(4)\nasa up 3 days\n",
    PlatformName.PIX: "Cisco PIX Security Appliance Software Version 7.2(4)\npix up 3 days\n",
}
LONG = "interface: GigabitEthernet0/0\n" + "".join(
    f"   #pkts encaps: {number}, #pkts encrypt: {number}\n\n" for number in range(60)) + "  last line\n"


def outputs(platform: PlatformName) -> dict[str, str]:
    """An answer of every kind: short, empty, with blank lines and indents, longer than a page."""
    return {
        "show version": VERSION[platform],
        "show crypto isakmp sa": "dst             src             state\n192.0.2.1       192.0.2.2       QM_IDLE\n\n",
        "show crypto ikev2 sa": "",
        "show crypto ipsec sa": LONG,
        "show crypto engine connections active": "\n   ID  Type\n    1  IKE\n",
    }


@dataclass
class Bench:
    """A running lab and a user of it."""

    lab: Lab
    folder: Path
    devices: dict[str, LabDevice]
    announced: list[str] = field(default_factory=list)

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    def trust(self, name: str = "r1") -> None:
        with self.known_hosts.open("a") as file:
            file.write(self.lab.host_key_line(name) + "\n")

    def device(self, name: str = "r1", **changes: Any) -> Device:
        mocked = self.devices[name]
        device = Device(name=name, host="127.0.0.1", port=self.lab.port(name), platform=mocked.platform,
                        transport=mocked.transport, known_hosts=str(self.known_hosts))
        return replace(device, **changes)

    def credentials(self, name: str = "r1", **changes: Any) -> Credentials:
        mocked = self.devices[name]
        return replace(Credentials(username=mocked.username, password=mocked.password,
                                   enable_secret=mocked.enable_secret, use_agent=False), **changes)

    def collect(self, name: str = "r1", *, credentials: Credentials | None = None, limits: Limits = QUICK,
                host_keys: HostKeys | None = None, **changes: Any) -> Transcript:
        return collect(self.device(name, **changes), credentials or self.credentials(name), limits=limits,
                       host_keys=host_keys or HostKeys(), on_command=self.announced.append)



@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Start a device, r1 unless named otherwise, with its host key trusted."""
    labs: list[Lab] = []

    def start(platform: PlatformName = PlatformName.IOS, *, trusted: bool = True, count: int = 1,
              **options: Any) -> Bench:
        options = {"outputs": outputs(platform), "password": PASSWORD, "hostname": "edge-1", **options}
        mocked = [LabDevice(name=f"r{number + 1}", platform=platform, **options) for number in range(count)]
        return begin(mocked, trusted=trusted)

    def begin(mocked: list[LabDevice], *, trusted: bool = True) -> Bench:
        lab = Lab(mocked)
        lab.__enter__()
        labs.append(lab)
        bench = Bench(lab, tmp_path, {device.name: device for device in mocked})
        if trusted:
            for device in mocked:
                bench.trust(device.name)
        return bench

    start.devices = begin  # type: ignore[attr-defined]
    yield start
    for lab in labs:
        lab.__exit__(None, None, None)
