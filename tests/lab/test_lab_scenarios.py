"""The scenarios: each loads, is played over SSH word for word, and its two ends fit together."""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import ExitStack
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import asyncssh
import pytest

from vpn_check.errors import UsageError
from vpn_check.jobs.lab import lab_list, running_lab
from vpn_check.lab.scenario import Scenario, lab_devices, load, load_folder, scenario_names
from vpn_check.model.device import PlatformName, Transport
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from vpn_check.lab.server import Lab, LabDevice

NAMES = scenario_names()
HEAD = "title: x\nstory: x\n"
OLD = {"kex_algs": ["diffie-hellman-group14-sha1"], "encryption_algs": ["aes128-cbc"], "mac_algs": ["hmac-sha1"]}
DOCUMENTATION = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
UNPAGED = {PlatformName.IOS: "terminal length 0", PlatformName.IOSXE: "terminal length 0",
           PlatformName.ASA: "terminal pager 0", PlatformName.PIX: "terminal pager 0"}


@pytest.fixture(scope="module", name="labs")
def running_labs() -> Iterator[Mapping[str, Lab]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(running_lab([name])) for name in NAMES}


def read_all(lab: Lab, device: LabDevice) -> dict[str, str]:
    """Log in, turn paging off, ask for every output; return what came between echo and prompt."""
    if device.transport is Transport.TELNET:
        return read_all_by_telnet(lab, device)
    prompt = f"{device.hostname}#{' ' if device.platform in (PlatformName.ASA, PlatformName.PIX) else ''}"

    async def session() -> dict[str, str]:
        async with (
            asyncssh.connect("127.0.0.1", lab.port(device.name), username=device.username, password=device.password,
                             known_hosts=asyncssh.import_known_hosts(lab.host_key_line(device.name)), config=None,
                             client_keys=None, **(OLD if device.legacy else {})) as connection,
            connection.create_process(term_type="vt100", encoding="utf-8") as process,
        ):
            if device.enable_secret:
                process.stdin.write(f"enable\r{device.enable_secret}\r")
            await process.stdout.readuntil(prompt)
            process.stdin.write(f"{UNPAGED[device.platform]}\r")
            await process.stdout.readuntil(f"\n{prompt}")
            answers = {}
            for command in device.outputs:
                process.stdin.write(f"{command}\r")
                await process.stdout.readuntil(f"{command}\r\n")
                text = ""
                while not text.endswith(prompt):
                    text += await process.stdout.read(65536)
                    if text.endswith(" --More-- "):
                        process.stdin.write(" ")
                answers[command] = re.sub(r" --More-- \x08+ +\x08+", "", text.removesuffix(prompt))
            return answers

    return asyncio.run(asyncio.wait_for(session(), 10))


def read_all_by_telnet(lab: Lab, device: LabDevice) -> dict[str, str]:
    """The same over telnet: a log-in by password alone, enable, every page turned."""
    answers = {}
    with socket.create_connection(("127.0.0.1", lab.port(device.name)), timeout=5) as line:
        def until(*ends: str, typed: str = "") -> str:
            line.sendall(typed.encode() + (b"" if typed in {"", " "} else b"\r\n"))
            text = ""
            while not text.endswith(ends):
                text += line.recv(4096).decode("latin-1")
            return text

        until("Password: ")
        until("> ", typed=device.password)
        until("Password: ", typed="enable")
        until("# ", typed=str(device.enable_secret))
        for command in device.outputs:
            text = until("# ", "--->", typed=command)
            while text.endswith("--->"):
                text += until("# ", "--->", typed=" ")
            text = text.replace(f"<--- More --->\r{' ' * 14}\r", "")
            answers[command] = text.removeprefix(f"{command}\r\n").removesuffix(f"{device.hostname}# ")
    return answers


def everything(scenario: Scenario) -> str:
    return "\n".join(text for device in scenario.devices for text in device.outputs.values())


def flows(device: LabDevice) -> set[tuple[str, str]]:
    text = device.outputs["show crypto ipsec sa"]
    local, remote = (re.findall(rf"{side} +ident .*: \((.*)\)", text) for side in ("local", "remote"))
    return {*zip(local, remote, strict=True)}


def spis(device: LabDevice) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {"inbound": set(), "outbound": set()}
    direction = ""
    for line in device.outputs["show crypto ipsec sa"].splitlines():
        if section := re.match(r" *(inbound|outbound) \w+ sas:", line):
            direction = section[1]
        elif spi := re.match(r" +spi: 0x([0-9a-fA-F]+) ?\((\d+)\)", line):
            assert int(spi[1], 16) == int(spi[2])
            found[direction].add(int(spi[2]))
    return found


def counter(device: LabDevice, name: str) -> int:
    return sum(int(number) for number in re.findall(rf"#{name}:? (\d+)", device.outputs["show crypto ipsec sa"]))


DIFFERENT = {"proxy-id-mismatch-ios"}   # whose story is that the selectors are not mirrored
PAIRS = [(name, here, there) for name in NAMES for here, there in load(name).remotes.items() if name not in DIFFERENT]


def pair(name: str, here: str, there: str) -> tuple[LabDevice, LabDevice]:
    devices = {device.name: device for device in load(name).devices}
    return devices[here], devices[there]


def test_there_are_enough_of_them() -> None:
    stories = [load(name) for name in NAMES]
    ill = [story for story in stories if any(want.status != "healthy" or want.asked
                                             for want in (*story.expect.values(), *story.recorded.values()))]
    assert len(ill) >= 40
    assert {device.platform for story in ill for device in story.devices} == {*PlatformName}
    assert sum(name.startswith("healthy-") for name in NAMES) >= 20
    assert [row[0] for row in lab_list()] == [*NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_whole(name: str) -> None:
    scenario = load(name)
    assert scenario.title
    assert len(scenario.story) > 60
    assert {*scenario.expect} == {device.name for device in scenario.devices}
    for device in scenario.devices:
        needed = {command.text for command in PLATFORMS[device.platform].reads() if command.needed}
        assert needed <= {*device.outputs}
    for expectation in scenario.expect.values():
        assert {"healthy": 0, "warning": 1, "critical": 2, "unknown": 3}[expectation.status] == expectation.exit_code
        assert expectation.causes or expectation.status == "unknown"
        assert expectation.peer is None or expectation.peer in everything(scenario)


@pytest.mark.parametrize("name", NAMES)
def test_addresses_are_of_the_documentation_or_private(name: str) -> None:
    for word in re.findall(r"(?<![\d.(])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])", everything(load(name))):
        address = ip_address(word)
        assert word.startswith(("255.", "0.")) or address.is_private or any(address in net for net in DOCUMENTATION)


@pytest.mark.parametrize("name", NAMES)
def test_devices_print_what_the_files_say(labs: Mapping[str, Lab], name: str) -> None:
    for device in load(name).devices:
        answers = read_all(labs[name], device)
        refused = {command for command in answers if device.fault == "authz" and command.startswith("show crypto ")}
        for command, text in device.outputs.items():
            if command in refused:
                assert answers[command] == "Command authorization failed.\r\n\r\n"
            else:
                assert answers[command] == text.replace("\n", "\r\n")


@pytest.mark.parametrize(("name", "here", "there"), PAIRS)
def test_the_other_end_has_mirrored_selectors_and_the_same_spis(name: str, here: str, there: str) -> None:
    a, b = pair(name, here, there)
    if flows(a) and flows(b):
        assert {(remote, local) for local, remote in flows(a)} <= flows(b) or len(flows(a)) > len(flows(b))
    assert bool(spis(a)["inbound"]) == bool(spis(a)["outbound"]) == bool(spis(b)["inbound"])
    assert spis(a)["inbound"] <= spis(b)["outbound"]
    assert spis(a)["outbound"] <= spis(b)["inbound"]


LOSSY = {"esp-blocked-ios", "udp4500-one-way-iosxe", "healthy-dmvpn"}   # a filter, and a hub that sums its spokes


@pytest.mark.parametrize("name", sorted({name for name, *_ in PAIRS} - LOSSY))
def test_what_one_end_sends_the_other_has_received(name: str) -> None:
    devices = load(name).devices
    for a, b in (devices, devices[::-1]):
        assert counter(a, "pkts encaps") == counter(b, "pkts decaps") + counter(b, "recv errors")


def test_names_of_several_scenarios_do_not_clash() -> None:
    clash = lab_devices([load("healthy-ios"), load("no-answer-ios")])
    assert [device.name for device in clash] == ["healthy-ios-r1", "healthy-ios-r2", "no-answer-ios-r1"]
    plain = lab_devices([load("healthy-ios"), load("healthy-pix")])
    assert [device.name for device in plain] == ["r1", "r2", "pix1", "pix2"]


def test_an_unknown_scenario_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"There is no lab scenario 'nope'\. There are: certificate-") as caught:
        load("nope")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "message"), [
    ("title: [", "is not YAML"),
    ("title: x", "lacks 'devices'"),
    ("- a list", "has a value of the wrong kind"),
    ("", "has a value of the wrong kind"),
    (f"{HEAD}devices: {{r1: {{platform: vax, hostname: R1}}}}\nexpect: {{}}", "'vax' is not a valid PlatformName"),
    (f"{HEAD}devices: {{r1: {{platform: ios, hostname: R1, colour: red}}}}\nexpect: {{}}", "unknown key colour"),
    (f"{HEAD}devices: {{r1: {{platform: ios, hostname: R1}}}}\nexpect: {{r9: {{status: x, exit: 0, cause: x}}}}", "r9"),
    (f"{HEAD}devices: {{r1: {{platform: ios, hostname: R1, fault: gremlin}}}}\nexpect: {{}}", "unknown fault"),
    (f"{HEAD}devices: {{r2: {{platform: ios, hostname: R1}}}}\nexpect: {{}}", "device r2 has no output"),
])
def test_a_broken_scenario_says_so_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "r1").mkdir()
    (tmp_path / "r1" / "show_version.txt").write_text("Cisco IOS\n", encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(message)) as caught:
        load_folder(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_without_scenario_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_folder(tmp_path)
