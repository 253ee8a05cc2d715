"""Ping on a lab device, as an independent SSH client sees it."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import asyncssh
import pytest

from vpn_check.errors import UsageError
from vpn_check.lab.ping import PING_FAULTS, PingTarget
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Iterator

PINGS = {"10.2.20.1": PingTarget(mtu=1400, own_mtu=1500), "203.0.113.2": PingTarget(mtu=1300, fault="black_hole")}
COMMON = {"outputs": {"show clock": "12:00\n"}, "pings": PINGS}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    devices = [
        LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", addresses=("10.1.10.1",), **COMMON),  # type: ignore[arg-type]
        LabDevice(name="old", platform=PlatformName.IOS, hostname="OLD", old_ping=True, **COMMON),  # type: ignore[arg-type]
        LabDevice(name="xe", platform=PlatformName.IOSXE, hostname="XE", **COMMON),  # type: ignore[arg-type]
        LabDevice(name="user", platform=PlatformName.IOS, hostname="U", enable_secret="x", **COMMON),  # type: ignore[arg-type]
        LabDevice(name="asa", platform=PlatformName.ASA, hostname="asa", **COMMON),  # type: ignore[arg-type]
    ]
    with Lab(devices) as running:
        yield running


def typed(lab: Lab, name: str, *lines: str) -> str:
    """Type lines, each after the device has gone quiet for a question or the prompt; return all that was shown."""

    async def talk() -> str:
        trusted = asyncssh.import_known_hosts(lab.host_key_line(name))
        async with (
            asyncssh.connect("127.0.0.1", lab.port(name), username="lab", password="lab-password", known_hosts=trusted,
                             config=None, client_keys=None) as connection,
            connection.create_process(term_type="vt100", encoding="utf-8") as process,
        ):
            shown = await process.stdout.readuntil(re.compile(r"[>#] ?$"))
            for line in lines:
                process.stdin.write(f"{line}\r")
                shown += await process.stdout.readuntil(re.compile(r"(?:[>#]|: )$|# $"))
            return str(shown).replace("\r\n", "\n")

    return asyncio.run(asyncio.wait_for(talk(), 10))


def test_one_line_with_the_df_bit(lab: Lab) -> None:
    shown = typed(lab, "r1", "ping 10.2.20.1 source 10.1.10.1 size 1400 df-bit repeat 2 timeout 2",
                  "ping 10.2.20.1 size 1401 df-bit repeat 4 timeout 2", "ping 10.2.20.1 size 1501 df-bit repeat 2")
    assert "Sending 2, 1400-byte ICMP Echos to 10.2.20.1, timeout is 2 seconds:\n" in shown
    assert "source address of 10.1.10.1 \nPacket sent with the DF bit set\n!!\nSuccess rate is 100" in shown
    assert "Packet sent with the DF bit set\nM.M.\nSuccess rate is 0 percent (0/4)\n" in shown
    assert "set\n..\nSuccess rate is 0 percent (0/2)\nR1#" in shown


def test_what_no_device_takes_is_refused(lab: Lab) -> None:
    assert "% Invalid source" in typed(lab, "r1", "ping 10.2.20.1 source 10.9.9.9")
    assert "% Invalid input detected" in typed(lab, "r1", "ping 10.2.20.1 size 99999")
    assert "% Invalid input detected" in typed(lab, "old", "ping 10.2.20.1 size 1400 df-bit")
    assert "% Invalid input detected" in typed(lab, "asa", "ping inside 10.2.20.1 size 1400 df-bit")
    assert "% Bad IP address" in typed(lab, "old", "ping", "", "nowhere")


def test_an_asa_fragments_and_shows_question_marks(lab: Lab) -> None:
    shown = typed(lab, "asa", "ping inside 10.2.20.1 size 1500 repeat 2 timeout 2", "ping 10.9.9.9")
    assert "!!\nSuccess rate is 100 percent (2/2), round-trip" in shown
    assert "?????\nSuccess rate is 0 percent (0/5)\n" in shown


S35 = ("ping", "", "10.2.20.1", "", "1450", "", "y", "10.1.10.1", "", "y", "", "", "", "")


def test_the_dialogue_of_ios(lab: Lab) -> None:
    shown = typed(lab, "r1", *S35)
    for question in ("Protocol [ip]: ", "Repeat count [5]: ", "Datagram size [100]: 1450", "Extended commands [n]: y",
                     "Source address or interface: 10.1.10.1", "Type of service [0]: ",
                     "Set DF bit in IP header? [no]: y", "Data pattern [0xABCD]: ", "Sweep range of sizes [n]: "):
        assert f"\n{question}" in shown
    assert "M.M.M\nSuccess rate is 0 percent (0/5)\nR1#" in shown


def test_the_dialogue_of_iosxe_asks_more_and_sweeps(lab: Lab) -> None:
    shown = typed(lab, "xe", "ping", "", "10.2.20.1", "1", "", "", "y", "", "", "", "", "y", "", "", "", "y", "1350",
                  "1450", "25")
    assert "\nIngress ping [n]: \n" in shown
    assert "\nDSCP Value [0]: \n" in shown
    assert "Sending 5, [1350..1450]-byte ICMP Echos" in shown
    assert re.search(r"\n!!!(?:M\.|\.M)\nSuccess rate is 60 percent \(3/5\)", shown)


def test_a_number_that_is_none_is_asked_for_again_and_the_user_mode_asks_less(lab: Lab) -> None:
    assert "% A decimal number between 36 and 18024.\nDatagram size [100]: " in typed(
        lab, "r1", "ping", "", "10.2.20.1", "", "9")
    assert "Extended" not in typed(lab, "user", "ping", "", "10.2.20.1", "", "", "")


@pytest.mark.parametrize(("fault", "signs"), [
    ("blocked", "......"), ("black_hole", "!!!..."), ("unreachable", "UUUUUU"), ("lossy", "!!..M."),
    ("rate_limited", "!.!.M."), ("quench", "QQQQQQ"), ("dies", "!!!.M."), ("shrinks", "!!!.M."), (None, "!!!.M."),
])  # fmt: skip
def test_each_fault_shows(fault: str | None, signs: str) -> None:
    target = PingTarget(mtu=1400, fault=fault)
    sizes = (1000, 1400, 1400, 1401, 1401, 1500)
    assert "".join(target.sign(size, number, df=True) for number, size in enumerate(sizes, 1)) == signs


def test_faults_in_time_and_of_fragments() -> None:
    assert [PingTarget(fault="dies").sign(100, number, df=True) for number in (6, 7)] == ["!", "."]
    assert [PingTarget(mtu=1400, fault="shrinks").sign(1400, number, df=True) for number in (4, 5)] == ["!", "M"]
    lost = PingTarget(mtu=1400, fault="fragments_lost")
    assert [lost.sign(size, 1, df=False) for size in (1400, 1401)] == ["!", "."]
    assert {*PING_FAULTS} >= {"blocked", "black_hole"}
    with pytest.raises(UsageError, match="Unknown fault 'x' of a ping target"):
        PingTarget(fault="x")
