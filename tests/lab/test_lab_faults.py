"""Each fault does what `FAULTS` says, as an independent SSH client sees it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncssh
import paramiko
import pytest

from vpn_check.errors import UsageError
from vpn_check.lab.algorithms import PROFILES
from vpn_check.lab.server import FAULTS, Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

OUTPUTS = {
    "show crypto isakmp sa": "one\ntwo\nthree\nfour\n",
    "show crypto ipsec sa": "".join(f"row {number}\n" for number in range(40)),
}
ISAKMP = "show crypto isakmp sa\r"
SILENCE = 0.15
OLD = {"kex_algs": ["diffie-hellman-group14-sha1"], "encryption_algs": ["aes128-cbc"], "mac_algs": ["hmac-sha1"],
       "server_host_key_algs": ["ssh-rsa"]}


class Line:
    """A terminal line with deadlines."""

    def __init__(self, process: asyncssh.SSHClientProcess[str]) -> None:
        self._process = process

    async def until(self, text: str, *, typed: str = "") -> str:
        self._process.stdin.write(typed)
        return str(await asyncio.wait_for(self._process.stdout.readuntil(text), 5))

    async def silent(self, *, typed: str = "") -> bool:
        self._process.stdin.write(typed)
        try:
            await asyncio.wait_for(self._process.stdout.read(1), SILENCE)
        except TimeoutError:
            return True
        return False

    async def rest(self, *, typed: str = "") -> str:
        if typed:
            self._process.stdin.write(typed)
        return str(await asyncio.wait_for(self._process.stdout.read(), 5))


def device(fault: str, **fields: object) -> LabDevice:
    return LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=OUTPUTS, fault=fault, **fields)  # type: ignore[arg-type]


@asynccontextmanager
async def logged_in(lab: Lab, **options: list[str]) -> AsyncIterator[Line]:
    trusted = asyncssh.import_known_hosts(lab.host_key_line("r1"))
    async with (
        asyncssh.connect("127.0.0.1", lab.port("r1"), username="lab", password="lab-password", known_hosts=trusted,
                         config=None, client_keys=None, **options) as connection,
        connection.create_process(term_type="vt100", encoding="utf-8") as process,
    ):
        yield Line(process)


def played(lab_device: LabDevice, talk: Callable[[Line], Awaitable[None]], **options: list[str]) -> tuple[str, ...]:
    """Let a client talk to a device; return the commands that the device received."""
    with Lab([lab_device]) as lab:
        async def session() -> None:
            async with logged_in(lab, **options) as line:
                await talk(line)

        asyncio.run(session())
        return lab.commands("r1")


def test_unknown_fault_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown fault 'gremlin'"):
        device("gremlin")


def test_close_mid() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        assert await line.rest(typed=ISAKMP) == f"{ISAKMP}\none\r\ntwo\r\n"

    played(device("close_mid"), talk)


def test_hang_cmd() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        await line.until("four\r\nR1#", typed=ISAKMP)
        await line.until("sa\r\n", typed="show crypto ipsec sa\r")
        assert await line.silent()

    played(device("hang_cmd", fault_command="show crypto ipsec sa"), talk)


def test_hang_half() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        await line.until("two\r\n", typed=ISAKMP)
        assert await line.silent()

    played(device("hang_half"), talk)


def test_hang_login() -> None:
    async def talk(line: Line) -> None:
        assert await line.silent(typed="\r")

    assert played(device("hang_login"), talk) == ()


def test_hang_banner() -> None:
    with Lab([device("hang_banner")]) as lab, socket.create_connection(("127.0.0.1", lab.port("r1")), timeout=5) as raw:
        raw.settimeout(SILENCE)
        with pytest.raises(TimeoutError):
            raw.recv(1)


def test_auth_hang() -> None:
    async def knock(lab: Lab) -> None:
        async with asyncio.timeout(SILENCE * 2), logged_in(lab):
            pass

    with Lab([device("auth_hang")]) as lab:
        with pytest.raises(TimeoutError):
            asyncio.run(knock(lab))
        assert lab.auth_attempts("r1") == 1
        assert lab.sessions("r1") == 0


def test_ansi() -> None:
    async def talk(line: Line) -> None:
        await line.until("\x1b[1;32mR1#\x1b[0m\x1b[K")
        assert "\x1b[0mtwo\x1b[K\r\n" in await line.until("R1#\x1b[0m\x1b[K", typed=ISAKMP)

    played(device("ansi"), talk)


def test_prompt_in_output() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        await line.until("two\r\nR1#\r\n", typed=ISAKMP)
        assert await line.silent()
        assert await line.until("R1#") == "three\r\nfour\r\nR1#"

    played(device("prompt_in_output"), talk)


@pytest.mark.parametrize(("fault", "text"), [
    ("invalid", "% Invalid input detected at '^' marker."), ("authz", "Command authorization failed."),
])
def test_every_crypto_command_is_refused(fault: str, text: str) -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        for command in (*OUTPUTS, "sh cry isa sa"):
            assert text in await line.until("\nR1#", typed=f"{command}\r")
        assert "Cisco IOS" in await line.until("\nR1#", typed="show version\r")

    played(device(fault), talk)


def test_authz_paging() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        assert "Command authorization failed." in await line.until("\nR1#", typed="terminal length 0\r")
        await line.until("--More-- ", typed="show crypto ipsec sa\r")
        assert "row 39\r\n" in await line.until("R1#", typed=" ")

    played(device("authz_paging"), talk)


def test_pw_change() -> None:
    async def talk(line: Line) -> None:
        await line.until("Enter new password: ")
        assert await line.silent()
        await line.until("Enter new password: ", typed="show version\r")

    assert played(device("pw_change"), talk) == ("show version",)


def test_motd_hash() -> None:
    async def talk(line: Line) -> None:
        await line.until("edge-router#")
        text = await line.until("watched\r\n\r\nR1#")
        assert text.startswith("\r\nR1# is watched")

    played(device("motd_hash", fault_arg=0.01), talk)


def test_slow() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        await line.until("two\r\n", typed=ISAKMP)
        assert await line.silent()
        assert await line.until("R1#") == "three\r\nfour\r\nR1#"

    played(device("slow", fault_arg=SILENCE * 2), talk)


def test_wrong_enable() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1>")
        await line.until("Password: ", typed="enable\r")
        await line.until("Password: ", typed="right\r")
        await line.until("Password: ", typed="right\r")
        await line.until("% Bad secrets\r\n\r\nR1>", typed="right\r")

    played(device("wrong_enable", enable_secret="right"), talk)


def test_no_enable() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1>")
        assert await line.until("R1>", typed="enable\r") == "enable\r\n% No password set\r\nR1>"

    played(device("no_enable", enable_secret="right"), talk)


def test_syslog_mid() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        lines = (await line.until("\nR1#", typed=ISAKMP)).splitlines()
        assert lines[2] == "two"
        assert "%SYS-5-CONFIG_I:" in lines[3]
        assert lines[4] == "three"

    played(device("syslog_mid"), talk)


def test_vty_full() -> None:
    async def knock(lab: Lab) -> None:
        async with logged_in(lab):
            pass

    with Lab([device("vty_full")]) as lab:
        with pytest.raises((asyncssh.ConnectionLost, asyncssh.ChannelOpenError)):
            asyncio.run(knock(lab))
        assert lab.auth_attempts("r1") == 1
        assert lab.sessions("r1") == 0


@pytest.mark.parametrize("legacy", [device("legacy_kex"), device("slow", fault_arg=0.0, legacy_kex=True)])
def test_legacy_kex(legacy: LabDevice) -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        await line.until("four\r\nR1#", typed=ISAKMP)

    played(legacy, talk, **OLD)
    with pytest.raises(asyncssh.DisconnectError):   # whichever end notices first
        played(legacy, talk)


def knock(lab: Lab, seconds: float = SILENCE) -> bytes:
    """Connect without a word; what comes in so many seconds, to the end."""
    heard = b""
    with socket.create_connection(("127.0.0.1", lab.port("r1")), timeout=5) as raw:
        raw.settimeout(seconds)
        while piece := raw.recv(4096):
            heard += piece
    return heard


def test_reset() -> None:
    with Lab([device("reset")]) as lab, pytest.raises(ConnectionResetError):
        knock(lab, 5)


def test_close_early() -> None:
    with Lab([device("close_early")]) as lab:
        assert knock(lab, 5) == b""


def test_lines_busy() -> None:
    with Lab([device("lines_busy")]) as lab:
        assert b"% All VTY lines are in use" in knock(lab, 5)


def test_banner_late() -> None:
    with Lab([device("banner_late", fault_arg=SILENCE * 2)]) as lab:
        with pytest.raises(TimeoutError):
            knock(lab)
        with socket.create_connection(("127.0.0.1", lab.port("r1")), timeout=5) as raw:
            assert raw.recv(4) == b"SSH-"


@pytest.mark.parametrize("fault", ["reset", "close_early", "lines_busy", "hang_banner"])
def test_once_is_the_first_connection_only(fault: str) -> None:
    with Lab([device(f"{fault}_once")]) as lab:
        with contextlib.suppress(OSError):
            knock(lab)
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", lab.port("r1")), timeout=5) as raw:
                assert raw.recv(4) == b"SSH-"
        assert lab.connections("r1") == 3


def test_auth_close() -> None:
    async def knock_with_password(lab: Lab) -> None:
        async with logged_in(lab):
            pass

    with Lab([device("auth_close")]) as lab:
        with pytest.raises(asyncssh.ConnectionLost):
            asyncio.run(knock_with_password(lab))
        assert (lab.auth_attempts("r1"), lab.sessions("r1")) == (1, 0)


def test_no_exec() -> None:
    async def talk(line: Line) -> None:
        assert await line.rest() == "% Authorization failed.\r\n"

    played(device("no_exec"), talk)


def test_reset_idle() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        with pytest.raises(asyncssh.ConnectionLost):
            await line.rest()

    played(device("reset_idle", fault_arg=SILENCE), talk)


def test_close_channel_mid() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        assert await line.rest(typed=ISAKMP) == f"{ISAKMP}\none\r\ntwo\r\n"

    played(device("close_channel_mid"), talk)


def test_dribble() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        start = time.monotonic()
        assert (await line.until("R1#", typed="show crypto ipsec sa\r")).count("row ") == 40
        assert time.monotonic() - start > SILENCE

    played(device("dribble", fault_arg=0.04), talk)


def test_no_pager_off() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        assert await line.until("R1#", typed="terminal length 0\r") == "terminal length 0\r\nR1#"
        await line.until("--More-- ", typed="show crypto ipsec sa\r")

    played(device("no_pager_off"), talk)


def test_command_in_output() -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        assert "two\r\nR1#show version\r\nthree\r\n" in await line.until("four\r\nR1#", typed=ISAKMP)

    assert played(device("command_in_output"), talk) == ("show crypto isakmp sa",)


@pytest.mark.parametrize("fault", ["invalid", "authz"])
def test_a_refusal_can_strike_one_command(fault: str) -> None:
    async def talk(line: Line) -> None:
        await line.until("R1#")
        assert "one" in await line.until("\nR1#", typed=ISAKMP)
        assert "row" not in await line.until("\nR1#", typed="show crypto ipsec sa\r")

    played(device(fault, fault_command="show crypto ipsec sa"), talk)


@pytest.mark.parametrize("name", [*PROFILES])
def test_a_generation_offers_its_own_algorithms(name: str) -> None:
    with Lab([LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=OUTPUTS, algorithms=name)]) as lab:
        transport = paramiko.Transport(("127.0.0.1", lab.port("r1")))
        offered: dict[str, list[str]] = {}
        parse: Callable[..., dict[str, list[str]]] = transport._really_parse_kex_init  # type: ignore[attr-defined]  # noqa: SLF001  no other way to see it
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transport, "_really_parse_kex_init", lambda *words: offered.update(parse(*words)) or offered)
            with contextlib.suppress(paramiko.SSHException):
                transport.start_client(timeout=5)
        transport.close()
    profile = PROFILES[name]
    assert [*profile.kex] == [kex for kex in offered["kex_algo_list"] if kex in profile.kex]
    assert set(offered["server_encrypt_algo_list"]) == set(profile.ciphers or offered["server_encrypt_algo_list"])
    assert set(offered["server_key_algo_list"]) == set(profile.signatures or ["ssh-ed25519"])


def test_every_fault_is_tested() -> None:
    tested = {*globals()} | {"test_invalid", "test_authz"}   # these two: test_every_crypto_command_is_refused
    assert not [fault for fault in FAULTS if f"test_{fault}" not in tested]


def test_a_rotated_host_key_is_another_key_on_the_same_port() -> None:
    with Lab([device("slow")]) as lab:
        port, line = lab.port("r1"), lab.host_key_line("r1")
        trusted = asyncssh.import_known_hosts(line)
        lab.rotate_host_key("r1")
        assert lab.port("r1") == port
        assert lab.host_key_line("r1") != line

        async def knock() -> None:
            await asyncssh.connect("127.0.0.1", port, username="lab", password="lab-password", known_hosts=trusted,
                                   config=None, client_keys=None)

        with pytest.raises(asyncssh.HostKeyNotVerifiable):
            asyncio.run(knock())
        assert lab.auth_attempts("r1") == 0
