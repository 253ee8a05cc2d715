"""The debugs of a lab device behave as those of its platform, as an independent SSH client sees them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncssh
import pytest

from vpn_check.errors import UsageError
from vpn_check.lab.debugging import TROUBLES, Debugging
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PEER = "198.51.100.7"
LOG = "ISAKMP:(0): first\nIPSEC(key_engine): second,\n  carried on\n%CRYPTO-4-X: third\n"
ASA_LOG = "[IKEv1]: first\nIKEv2-PROTO-1: (1): second\n"


class Terminal:
    """A person at a terminal, who waits for the prompt."""

    def __init__(self, process: asyncssh.SSHClientProcess[str], prompt: str) -> None:
        self._process = process
        self._prompt = prompt

    async def types(self, line: str) -> str:
        self._process.stdin.write(f"{line}\r")
        text = str(await asyncio.wait_for(self._process.stdout.readuntil(self._prompt), 5))
        return text.replace("\r\n", "\n").partition("\n")[2].removesuffix(self._prompt)

    async def hears(self, seconds: float) -> str:
        text = ""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    text += str(await self._process.stdout.read(4096))
        except TimeoutError:
            return text.replace("\r\n", "\n")


def device(platform: PlatformName = PlatformName.IOS, **play: Any) -> LabDevice:
    log = LOG if platform in {PlatformName.IOS, PlatformName.IOSXE} else ASA_LOG
    return LabDevice(name="r1", platform=platform, hostname="R1", outputs={"show crypto isakmp sa": ""},
                     debugging=Debugging(**{"negotiation": log, "peer": PEER, "every": 0.05, **play}))


@asynccontextmanager
async def seat(lab: Lab, prompt: str = "R1#") -> AsyncIterator[Terminal]:
    trusted = asyncssh.import_known_hosts(lab.host_key_line("r1"))
    async with (
        asyncssh.connect("127.0.0.1", lab.port("r1"), username="lab", password="lab-password", known_hosts=trusted,
                         config=None, client_keys=None) as connection,
        connection.create_process(term_type="vt100", encoding="utf-8") as process,
    ):
        terminal = Terminal(process, prompt)
        await asyncio.wait_for(process.stdout.readuntil(prompt), 5)
        yield terminal


def test_a_routers_debugs_belong_to_the_device_and_outlive_the_session() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one:
            assert await one.types("debug crypto isakmp") == "Crypto ISAKMP debugging is on\n"
            assert await one.types(f"debug crypto condition peer ipv4 {PEER}") == ""
        async with seat(lab) as two:
            assert "Crypto ISAKMP debugging is on" in await two.types("show debugging")
            assert PEER in await two.types("show crypto debug-condition")
            assert "debugging is off" in await two.types("no debug crypto isakmp")
            assert (await two.types("show debugging")).strip() == ""

    with Lab([device()]) as lab:
        asyncio.run(talk(lab))
        assert [(change.what, change.on) for change in lab.debugs("r1").changes] == [
            ("isakmp", True), (f"condition {PEER}", True), ("isakmp", False)]


def test_a_routers_debugs_show_where_the_terminal_monitors() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one, seat(lab) as two:
            await two.types("terminal monitor")
            await one.types("debug crypto isakmp")
            heard = await two.hears(0.2)
            assert "ISAKMP:(0): first" in heard
            assert "%CRYPTO-4-X: third" in heard
            assert "IPSEC" not in heard   # that debug is not on
            assert await one.hears(0.1) == ""
            await two.types("terminal no monitor")
            assert await two.hears(0.15) == ""

    with Lab([device()]) as lab:
        asyncio.run(talk(lab))


def test_a_continued_line_has_no_stamp_of_its_own() -> None:
    async def talk(lab: Lab) -> str:
        async with seat(lab) as one:
            await one.types("terminal monitor")
            await one.types("debug crypto ipsec")
            return await one.hears(0.2)

    with Lab([device()]) as lab:
        lines = asyncio.run(talk(lab)).splitlines()
    assert [line for line in lines if line.startswith("*") and line.endswith("IPSEC(key_engine): second,")]
    assert "  carried on" in lines


def test_a_firewalls_debugs_belong_to_the_session_and_end_with_it() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab, "R1# ") as one, seat(lab, "R1# ") as two:
            assert "enabled at level 127" in await one.types("debug crypto ikev1 127")
            assert "debug crypto ikev1  enabled at level 127" in await one.types("show debug")
            assert await two.types("show debug") == ""
            assert "[IKEv1]: first" in await one.hears(0.2)
            assert await two.hears(0.1) == ""
            assert len([row for row in (await two.types("show ssh sessions")).splitlines() if " IN " in row]) == 2
        async with seat(lab, "R1# ") as three:
            assert len([row for row in (await three.types("show ssh sessions")).splitlines() if " IN " in row]) == 1

    with Lab([device(PlatformName.ASA)]) as lab:
        asyncio.run(talk(lab))
        assert lab.debugs("r1").on() == ()


def test_a_condition_hides_other_peers() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one:
            await one.types("terminal monitor")
            await one.types("debug crypto condition peer ipv4 192.0.2.9")
            await one.types("debug crypto isakmp")
            assert await one.hears(0.15) == ""
            await one.types("no debug crypto condition peer ipv4 192.0.2.9")
            assert "ISAKMP:(0): first" in await one.hears(0.2)

    with Lab([device()]) as lab:
        asyncio.run(talk(lab))


def test_undebug_all_ends_everybodys() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one:
            assert "OSPF ADJ debugging is on" in await one.types("show debugging")
            await one.types("undebug all")

    with Lab([device(foreign=("debug ip ospf adj",))]) as lab:
        assert lab.debugs("r1").on() == ("ip ospf adj",)
        asyncio.run(talk(lab))
        assert lab.debugs("r1").on() == ()


def test_a_line_is_refused() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one:
            assert "% Invalid input" in await one.types("debug crypto ikev2")
            assert "is on" in await one.types("debug crypto isakmp")

    with Lab([device(trouble="refused", strikes="debug crypto ikev2")]) as lab:
        asyncio.run(talk(lab))
        assert lab.debugs("r1").on() == ("isakmp",)


def test_a_line_is_carried_out_and_never_answered_once() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(one.types("debug crypto isakmp"), 0.3)
        async with seat(lab) as two:
            assert "is off" in await two.types("no debug crypto isakmp")
            assert "is on" in await two.types("debug crypto isakmp")

    with Lab([device(trouble="hang")]) as lab:
        asyncio.run(talk(lab))
        assert [change.on for change in lab.debugs("r1").changes] == [True, False, True]


def test_the_connection_is_cut_behind_a_line() -> None:
    async def talk(lab: Lab) -> None:
        with pytest.raises((asyncssh.Error, asyncio.IncompleteReadError, OSError)):
            async with seat(lab) as one:
                await one.types("debug crypto isakmp")

    with Lab([device(trouble="cut")]) as lab:
        asyncio.run(talk(lab))
        assert lab.debugs("r1").on() == ("isakmp",)


def test_a_flood() -> None:
    async def talk(lab: Lab) -> int:
        async with seat(lab) as one:
            await one.types("terminal monitor")
            one._process.stdin.write("debug crypto isakmp\r")   # noqa: SLF001  the prompt drowns
            return len(await one.hears(1.5))

    with Lab([device(flood=1.0, negotiation="")]) as lab:
        assert asyncio.run(talk(lab)) > 1_000_000


def test_the_load_goes_up_while_a_debug_is_on() -> None:
    async def talk(lab: Lab) -> None:
        async with seat(lab) as one:
            assert "five seconds: 4%" in await one.types("show processes cpu | include CPU utilization")
            await one.types("debug crypto isakmp")
            await asyncio.sleep(0.15)
            assert "five seconds: 71%" in await one.types("show processes cpu")

    with Lab([device(cpu_on=71, cpu_after=0.1)]) as lab:
        asyncio.run(talk(lab))


def test_an_unknown_trouble_is_refused() -> None:
    assert set(TROUBLES) == {"refused", "hang", "cut"}
    with pytest.raises(UsageError, match="Known: refused, hang, cut"):
        Debugging(trouble="gremlin")
