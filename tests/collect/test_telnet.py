"""Telnet, where the inventory says so: its log-in, each way in which it fails, and PIX 6 as it is."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.fleet import run
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.collect.lockout import LockOut
from vpn_check.errors import (
    AuthenticationFailed,
    DeviceError,
    DeviceTimeout,
    DialogueError,
    PrivilegeError,
    SessionClosed,
    Unreachable,
)
from vpn_check.model.device import Credentials, Device, PlatformName, Transport
from vpn_check.model.transcript import Problem
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIX_6 = {"platform": PlatformName.PIX, "release": "6.3(5)", "username": "", "enable_secret": "battery-staple-9"}
QUICK = Limits(connect=1, banner=1, negotiate=1, authenticate=1, login=1, enable=1, idle=1, total=5)
BOTH = b"ops\r\0correct-horse-7\r\0"
SECRETS = {"correct-horse-7", "battery-staple-9"}


@pytest.fixture
def dial_in(play: Callable[..., Any]) -> Callable[..., Any]:
    """Start a device that is reached by telnet; `bench.collect` then goes there by telnet."""

    def start(**options: Any) -> Any:
        bench = play(options.pop("platform", PlatformName.IOS), transport=Transport.TELNET, trusted=False, **options)
        if options.get("release"):
            del bench.devices["r1"].outputs["show version"]   # what the release itself says
        return bench

    return start


def failure(bench: Any, kind: type[DeviceError], **changes: Any) -> str:
    with pytest.raises(kind) as caught:
        bench.collect(**changes)
    assert type(caught.value) is kind
    assert not [secret for secret in SECRETS if secret in str(caught.value)]
    return str(caught.value)


def texts(bench: Any, **changes: Any) -> dict[str, str]:
    return {output.command: output.text for output in bench.collect(**changes).outputs if output.problem is None}


def expected(bench: Any) -> dict[str, str]:
    device = bench.devices["r1"]
    return {command.text: device.outputs[command.text] for command in PLATFORMS[device.platform].reads()}


@pytest.mark.parametrize("options", [
    {}, {"username": ""}, {"enable_secret": "battery-staple-9"}, {"banner": "### Call desk #4 before you log in\nx#\n"},
    {"platform": PlatformName.ASA, "username": ""}, {"platform": PlatformName.IOSXE}, PIX_6,
    {"fault": "authz_paging", "page_lines": 6}, {"fault": "ansi"}, {"fault": "motd_hash"}, {"fault": "dribble"},
    {"fault": "banner_late"},
], ids=str)
def test_every_answer_is_the_devices_own_text_and_no_line_was_sent_unannounced(
        options: dict[str, Any], dial_in: Callable[..., Any]) -> None:
    bench = dial_in(**options)

    assert texts(bench) == expected(bench)
    assert [line for line in bench.lab.commands("r1") if line not in SECRETS] == bench.announced
    assert (bench.lab.connections("r1"), bench.lab.auth_attempts("r1")) == (1, 1)


def test_pix_6_is_recognised_raised_and_paged_by_hand(dial_in: Callable[..., Any]) -> None:
    bench = dial_in(**PIX_6)
    tables = ("show crypto isakmp sa", "show crypto ipsec sa")

    transcript = bench.collect(platform=None)

    assert transcript.platform is PlatformName.PIX
    assert transcript.outputs[0].text.lstrip().startswith("Cisco PIX Firewall Version 6.3(5)")
    assert {output.command: output.text for output in transcript.outputs[1:]} == expected(bench)
    assert bench.lab.commands("r1") == (   # `terminal pager 0` is refused, and that is no failure
        "show version", "enable", "battery-staple-9", "terminal pager 0", *tables, "exit")
    assert bench.lab.received("r1").endswith(b"show crypto ipsec sa\r     exit\r")   # a space a page end


@pytest.mark.parametrize("text", [
    "\nCisco PIX Firewall Version 6.3(5)\n", "Cisco Secure PIX Firewall Version 5.1(2)\n", "PIX Version 6.3(5)\n",
    "PIX Firewall 6.1\n", "Cisco PIX Security Appliance Software Version 7.2(4)\n",
])
def test_a_pix_of_any_release_is_one(text: str, dial_in: Callable[..., Any]) -> None:
    bench = dial_in(platform=PlatformName.PIX, outputs={"show version": text})

    assert bench.collect(platform=None).platform is PlatformName.PIX


def test_pix_6_without_the_enable_secret_says_so_and_not_that_there_are_no_tunnels(dial_in: Callable[..., Any]) -> None:
    bench = dial_in(**PIX_6)

    outputs = bench.collect(credentials=bench.credentials(enable_secret=None)).outputs

    assert {output.problem for output in outputs} == {Problem.UNPRIVILEGED}


def test_the_terminal_is_wide_and_nothing_else_is_agreed(dial_in: Callable[..., Any]) -> None:
    bench = dial_in()

    bench.collect()

    assert bench.lab.record("r1").window == (511, 1000)
    assert bench.lab.record("r1").refused == {24}   # terminal type


@pytest.mark.parametrize("options", [{}, {"username": ""}, PIX_6], ids=str)
def test_a_refused_password_is_given_once(options: dict[str, Any], dial_in: Callable[..., Any]) -> None:
    bench = dial_in(**options)

    assert "refused the log-in" in failure(bench, AuthenticationFailed, credentials=bench.credentials(password="guess"))
    assert bench.lab.auth_attempts("r1") == 1
    assert bench.lab.received("r1").count(b"guess") == 1
    assert bench.lab.commands("r1") == ()


def test_a_wrong_enable_secret_is_given_once(dial_in: Callable[..., Any]) -> None:
    bench = dial_in(**PIX_6)

    assert "one attempt" in failure(bench, PrivilegeError, credentials=bench.credentials(enable_secret="guess"))
    assert bench.lab.commands("r1") == ("enable", "guess")


def test_without_a_password_nothing_is_sent(dial_in: Callable[..., Any]) -> None:
    bench = dial_in()

    assert "telnet takes no key" in failure(bench, AuthenticationFailed, credentials=bench.credentials(password=None))
    assert bench.lab.received("r1") == b""


def test_a_wrong_password_is_not_tried_on_a_fleet(play: Callable[..., Any]) -> None:
    bench = play(count=8, transport=Transport.TELNET, trusted=False)
    lock_out, keys, names = LockOut(3), HostKeys(), list(bench.devices)

    def work(name: str) -> object:
        return collect(bench.device(name), bench.credentials(name, password="guess"), host_keys=keys, limits=QUICK,
                       lock_out=lock_out)

    outcomes = [outcome for _, outcome in run(names, work, workers=8)]

    assert all(isinstance(outcome, AuthenticationFailed) for outcome in outcomes)
    assert sum(bench.lab.auth_attempts(name) for name in names) == 3


@pytest.mark.parametrize(("fault", "kind", "says", "connections", "passwords"), [
    ("hang_banner", Unreachable, "nothing came within 1 s", 2, 0),
    ("reset", Unreachable, "reset the connection", 3, 0),
    ("close_early", Unreachable, "closed the connection before it asked", 3, 0),
    ("lines_busy", Unreachable, "`% All VTY lines are in use", 3, 0),
    ("auth_hang", DeviceTimeout, "the log-in was not answered within 1 s", 1, 1),
    ("hang_login", DeviceTimeout, "the log-in was not answered within 1 s", 1, 1),
    ("auth_close", SessionClosed, "when it had the password", 1, 1),
    ("vty_full", SessionClosed, "when it had the password", 1, 1),   # it may have refused it: not again
    ("no_exec", PrivilegeError, "may not open a command line", 1, 1),
    ("pw_change", DialogueError, "asks for a new password", 1, 1),
])
def test_each_failure_has_its_own_words_and_a_password_is_never_risked(
        fault: str, kind: type[DeviceError], says: str, connections: int, passwords: int,
        dial_in: Callable[..., Any]) -> None:
    bench = dial_in(fault=fault)

    assert says in failure(bench, kind)
    assert (bench.lab.connections("r1"), bench.lab.auth_attempts("r1")) == (connections, passwords)
    assert bench.lab.commands("r1") == ()


@pytest.mark.parametrize("fault", ["reset_once", "close_early_once", "lines_busy_once", "hang_banner_once"])
def test_what_passes_is_tried_again(fault: str, dial_in: Callable[..., Any]) -> None:
    bench = dial_in(fault=fault)

    assert texts(bench) == expected(bench)
    assert (bench.lab.connections("r1"), bench.lab.auth_attempts("r1")) == (2, 1)


def test_a_closed_session_is_noticed_at_once(dial_in: Callable[..., Any]) -> None:
    bench = dial_in(fault="close_mid_once", fault_command="show crypto ipsec sa")

    outputs = bench.collect().outputs

    assert [output.problem for output in outputs] == [None, None, Problem.CLOSED, None]
    assert outputs[2].received_at is not None
    cut = bench.devices["r1"].outputs["show crypto ipsec sa"]
    assert cut.startswith(outputs[2].text.rstrip())


# -- devices that the lab does not play ----------------------------------------------------------------------------


@pytest.fixture
def scripted() -> Iterator[Callable[..., tuple[Device, bytearray]]]:
    """A port that says the first text to everyone, and one more for each line that it is told; then it hangs up."""
    servers: list[socket.socket] = []

    def start(*texts: bytes, linger: float = 0.0) -> tuple[Device, bytearray]:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        told = bytearray()

        def talk(client: socket.socket) -> None:
            for number, text in enumerate(texts):
                client.sendall(text)
                while number < len(texts) - 1 and told.count(b"\r") <= number:
                    told.extend(client.recv(4096))
            client.settimeout(linger or 0.01)
            with contextlib.suppress(TimeoutError):
                while piece := client.recv(4096):
                    told.extend(piece)

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client, contextlib.suppress(OSError):
                        talk(client)

        threading.Thread(target=serve, daemon=True).start()
        return Device(name="r1", host="127.0.0.1", port=server.getsockname()[1], platform=PlatformName.IOS,
                      transport=Transport.TELNET), told

    yield start
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def reach(device: Device, limits: Limits = QUICK) -> None:
    collect(device, Credentials(username="ops", password="correct-horse-7", use_agent=False), host_keys=HostKeys(),
            limits=limits)


@pytest.mark.parametrize(("texts", "kind", "says", "sent"), [
    ((b"SSH-2.0-Cisco-1.25\r\n",), Unreachable, "is SSH, not telnet", b""),
    ((b"\r\nPassword required, but none set\r\n",), AuthenticationFailed, "have none set", b""),
    ((b"Username: ", b"Password: ", b"\r\n% Login invalid\r\n"), AuthenticationFailed, "refused", BOTH),
    ((b"Username: ", b"Password: ", b"\r\n% Authentication failed\r\n\r\nUsername: "), AuthenticationFailed, "refused",
     BOTH),
    ((b"Username: ", b"\r\n% Access denied\r\n\r\nUsername: "), AuthenticationFailed, "refused", b"ops\r\0"),
    ((b"Password: ", b"\r\nPassword: "), AuthenticationFailed, "refused", b"correct-horse-7\r\0"),
    ((b"Password: ", b"\r\n% Bad passwords\r\n"), AuthenticationFailed, "refused", b"correct-horse-7\r\0"),
    ((b"Password: ", b"\r\nUsername: "), DialogueError, "another log-in", b"correct-horse-7\r\0"),
    ((b"Password: ", b"\r\nEnter PASSCODE: "), DialogueError, "second factor", b"correct-horse-7\r\0"),
    ((b"Enter PASSCODE: ",), DialogueError, "second factor", b""),
    ((b"Press RETURN to get started.\r\n",), DialogueError, "a key to be pressed", b""),
    ((b"Your password has expired. Enter new password: ",), DialogueError, "new password", b""),
    ((b"Enable password: ",), DialogueError, "another log-in", b""),
    ((b"% Sorry, all lines are busy\r\n",), Unreachable, "no free line", b""),
    ((b"% Connection refused by remote host\r\n",), Unreachable, "no free line", b""),
    ((b"Too many users on this system\r\n",), Unreachable, "no free line", b""),
    ((b"Username: ", b"\r\n"), SessionClosed, "when it had the user name", b"ops\r\0"),
])
def test_what_a_device_says_decides(texts: tuple[bytes, ...], kind: type[DeviceError], says: str, sent: bytes,
                                    scripted: Callable[..., tuple[Device, bytearray]]) -> None:
    device, told = scripted(*texts, linger=3 if kind is DialogueError or texts[-1].endswith(b": ") else 0)

    with pytest.raises(kind) as caught:
        reach(device)

    assert type(caught.value) is kind
    assert says in str(caught.value)
    assert "correct-horse-7" not in str(caught.value)
    assert bytes(told) == sent


def test_a_banner_that_looks_like_a_prompt_is_not_taken_for_a_line_without_log_in(
        scripted: Callable[..., tuple[Device, bytearray]]) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    told = bytearray()

    def serve() -> None:
        client, _ = server.accept()
        with client:
            client.sendall(b"**** edge-router#")
            time.sleep(0.4)
            client.sendall(b"\r\nedge-router#")
            time.sleep(0.4)
            client.sendall(b" is watched\r\n\r\nPassword: ")
            told.extend(client.recv(100))

    threading.Thread(target=serve, daemon=True).start()
    device, _ = scripted(b"")
    with pytest.raises(SessionClosed, match="when it had the password"):
        reach(replace(device, port=server.getsockname()[1]), replace(QUICK, banner=2))
    server.close()

    assert bytes(told) == b"correct-horse-7\r\0"


def test_a_line_without_log_in_lets_us_in(scripted: Callable[..., tuple[Device, bytearray]]) -> None:
    device, told = scripted(b"\r\nR1#", b"terminal length 0\r\nR1#", linger=3)

    with contextlib.suppress(DeviceError):
        reach(device, replace(QUICK, banner=2, idle=0.2))

    assert bytes(told).startswith(b"terminal length 0\r\0")
    assert b"ops" not in told


def test_endless_negotiation_ends_at_the_limit(scripted: Callable[..., tuple[Device, bytearray]]) -> None:
    device, _ = scripted(b"\xff\xfb\x01\xff\xfc\x01" * 20000, linger=3)
    start = time.monotonic()

    with pytest.raises(Unreachable, match="nothing came"):
        reach(device)

    assert time.monotonic() - start < 3.5   # two attempts of a second each
