"""Mock devices that others wrote: FakeNOS plays an IOS router and an ASA, and vpn-check logs in and reads them.

FakeNOS echoes, prompts and refuses in its own way. Its crypto answers are those of the lab's scenarios.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.live import collect
from vpn_check.lab.scenario import load
from vpn_check.model.device import Credentials, Device, PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.conftest import Answer

PROGRAM = """
import json, sys
from fakenos import FakeNOS
with FakeNOS(inventory=json.loads(sys.argv[1])):
    print("ready", flush=True)
    sys.stdin.read()
"""
PLAYED = {"r1": ("cisco_ios", "esp-blocked-ios", "r1"), "fw1": ("cisco_asa", "healthy-asa-ikev1", "asa1")}
PASSWORD, ENABLE = "own-password-3", "any-secret-4"


def outputs(name: str) -> Mapping[str, str]:
    _, scenario, device = PLAYED[name]
    return next(each.outputs for each in load(scenario).devices if each.name == device)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def fakes() -> Iterator[dict[str, int]]:
    """The ports of both devices."""
    ports = {name: free_port() for name in PLAYED}
    hosts: dict[str, Any] = {}
    for name, (platform, _, _) in PLAYED.items():
        commands = {command: {"output": text, "help": "crypto"} for command, text in outputs(name).items()}
        hosts[name] = {"port": ports[name], "platform": platform, "username": "ops", "password": PASSWORD,
                       "nos": {"plugin": platform, "configuration": {"commands": commands}}}
    with subprocess.Popen([sys.executable, "-c", PROGRAM, json.dumps({"hosts": hosts})], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield ports
        process.communicate(timeout=20)
    assert process.returncode == 0


@pytest.mark.parametrize("name", PLAYED)
@pytest.mark.parametrize("known", [True, False])
def test_each_answer_is_read_whole(name: str, known: bool, fakes: dict[str, int], tmp_path: Path) -> None:  # noqa: FBT001
    platform = PlatformName.ASA if name == "fw1" else PlatformName.IOS if known else PlatformName.IOSXE
    device = Device(name=name, host="127.0.0.1", port=fakes[name], platform=platform if known else None,
                    known_hosts=str(tmp_path / "known_hosts"))
    credentials = Credentials(username="ops", password=PASSWORD, enable_secret=ENABLE, use_agent=False)

    transcript = collect(device, credentials, host_keys=HostKeys(accept_new=True))

    assert transcript.platform is platform
    answers = {output.command: output for output in transcript.outputs}
    for command, text in outputs(name).items():
        assert (answers[command].problem, answers[command].text.splitlines()) == (None, text.splitlines())


@pytest.mark.parametrize(("name", "code", "cause"), [("r1", 2, "traffic.no-return"), ("fw1", 0, "healthy")])
def test_the_command_says_what_is_wrong_with_it(name: str, code: int, cause: str, fakes: dict[str, int], tmp_path: Path,
                                                vpn_check: Callable[..., Answer]) -> None:
    inventory = tmp_path / "inventory.yaml"
    inventory.write_text(
        "defaults: {username: ops, known_hosts: known_hosts, credential: own}\n"
        "credentials: {own: {password_env: OWN_PASSWORD, enable_secret_env: OWN_ENABLE}}\n"
        "devices:\n" + "".join(f"  {name}: {{host: 127.0.0.1, port: {port}}}\n" for name, port in fakes.items()))

    answer = vpn_check(name, "--inventory", inventory, "--json", "--settle", "0", "--accept-new-host-key",
                       env={"OWN_PASSWORD": PASSWORD, "OWN_ENABLE": ENABLE})

    assert answer.code == code
    assert answer.device["verdict"]["cause"] == cause
    assert answer.device["unparsed"] == []
    assert not [secret for secret in (PASSWORD, ENABLE) if secret in answer.out + answer.err]
