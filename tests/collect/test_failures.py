"""Each way in which a device fails has its own error, in time, and no secret is in any of them."""

from __future__ import annotations

import contextlib
import socket as sockets
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    DeviceError,
    DeviceTimeout,
    DialogueError,
    HostKeyError,
    PrivilegeError,
    Unreachable,
    VpnCheckError,
)
from vpn_check.model.device import Credentials, Device, PlatformName
from vpn_check.model.transcript import Problem

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

QUICK = Limits(connect=1, banner=1, negotiate=1, authenticate=1, login=1, enable=1, idle=1, total=5)
SECRETS = ("correct-horse-7", "battery-staple-9")


@pytest.fixture(autouse=True)
def _no_secret_is_logged(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> Any:
    caplog.set_level("DEBUG")
    yield
    shown = caplog.text + "".join(capsys.readouterr())
    assert not [secret for secret in SECRETS if secret in shown]
    assert "Traceback" not in shown


def failure(work: Callable[[], object], kind: type[VpnCheckError]) -> str:
    with pytest.raises(kind) as caught:
        work()
    assert type(caught.value) is kind
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert caught.value.hint
    chain: BaseException | None = caught.value
    while chain is not None:
        assert not [secret for secret in SECRETS if secret in repr(chain) + str(chain)]
        chain = chain.__cause__ or chain.__context__
    return sentence


def test_wrong_password(play: Callable[..., Any]) -> None:
    bench = play()
    wrong = bench.credentials(password="battery-staple-9")

    assert "refused the log-in" in failure(lambda: bench.collect(credentials=wrong), AuthenticationFailed)
    assert bench.lab.auth_attempts("r1") == 1


def stranger(**changes: Any) -> Callable[[], object]:
    device = replace(Device(name="r1", host="127.0.0.1", platform=PlatformName.IOS), **changes)
    return lambda: collect(device, Credentials(username="lab", password=SECRETS[0], use_agent=False),
                           host_keys=HostKeys(), limits=QUICK)


def test_unknown_name() -> None:
    assert "cannot be resolved" in failure(stranger(host="no-such-host.invalid"), Unreachable)


def test_closed_port(unused_port: int) -> None:
    assert "refuses connections" in failure(stranger(port=unused_port), Unreachable)


def test_not_ssh_at_all(chatty_port: int) -> None:
    assert "not SSH" in failure(stranger(port=chatty_port), Unreachable)


@pytest.mark.parametrize(("sends", "kind", "says", "attempts"), [
    (b"", Unreachable, "closed the connection before its SSH banner", 3),
    (b"SSH-1.5-Cisco-1.25\r\n", AlgorithmMismatch, "SSH version 1", 1),
    (b"SSH-2.0-Cisco-1.25\r\n", Unreachable, "lost during the SSH key exchange", 3),
])
def test_a_lost_connection_is_tried_again_and_nothing_else(
        sends: bytes, kind: type[VpnCheckError], says: str, attempts: int,
        wire: Callable[..., tuple[int, list[str]]]) -> None:
    port, accepted = wire(sends, 0.05)

    assert says in failure(stranger(port=port), kind)
    assert len(accepted) == attempts


def test_a_key_exchange_that_stops_ends_at_its_limit(wire: Callable[..., tuple[int, list[str]]]) -> None:
    port, accepted = wire(b"SSH-2.0-Cisco-1.25\r\n", 5)
    start = time.monotonic()

    assert "key exchange was not done" in failure(stranger(port=port), DeviceTimeout)
    assert time.monotonic() - start < 3
    assert len(accepted) == 1


def test_an_unknown_host_key_is_refused_with_its_fingerprint_before_any_password(play: Callable[..., Any]) -> None:
    bench = play(trusted=False)

    sentence = failure(bench.collect, HostKeyError)

    assert "SHA256:" in sentence
    assert str(bench.known_hosts) in sentence
    assert "--accept-new-host-key" in sentence
    assert bench.lab.auth_attempts("r1") == 0


@pytest.mark.parametrize("accept_new", [False, True])
def test_a_changed_host_key_is_always_refused_before_any_password(accept_new: bool,  # noqa: FBT001
                                                                  play: Callable[..., Any]) -> None:
    bench = play()
    bench.lab.rotate_host_key("r1")

    sentence = failure(lambda: bench.collect(host_keys=HostKeys(accept_new=accept_new)), HostKeyError)

    assert "has changed" in sentence
    assert bench.lab.auth_attempts("r1") == 0


def test_a_new_key_is_accepted_once_by_wish_and_is_strict_from_then_on(play: Callable[..., Any]) -> None:
    bench = play(trusted=False)

    bench.collect(host_keys=HostKeys(accept_new=True))
    assert bench.known_hosts.read_text() == bench.lab.host_key_line("r1") + "\n"
    assert bench.known_hosts.stat().st_mode & 0o777 == 0o600
    bench.collect(host_keys=HostKeys())
    bench.collect(host_keys=HostKeys(accept_new=True))
    assert len(bench.known_hosts.read_text().splitlines()) == 1
    bench.lab.rotate_host_key("r1")
    failure(lambda: bench.collect(host_keys=HostKeys(accept_new=True)), HostKeyError)


@pytest.mark.parametrize(("fault", "kind", "says"), [
    ("auth_hang", DeviceTimeout, "the log-in was not answered"),
    ("hang_login", DeviceTimeout, "no prompt came"),
])
def test_silence_before_the_prompt_ends_at_its_limit(fault: str, kind: type[DeviceError], says: str,
                                                     play: Callable[..., Any]) -> None:
    bench = play(fault=fault)
    start = time.monotonic()

    sentence = failure(bench.collect, kind)

    assert 0.9 < time.monotonic() - start < 2
    assert says in sentence


@pytest.mark.parametrize(("fault", "partial"), [("hang_cmd", False), ("hang_half", True)])
def test_a_command_that_hangs_is_an_outcome_and_the_rest_is_asked_anew(fault: str, partial: bool,  # noqa: FBT001
                                                                       play: Callable[..., Any]) -> None:
    bench = play(fault=fault, fault_command="show crypto ikev2 sa",
                 outputs={"show crypto isakmp sa": "a\n", "show crypto ikev2 sa": "b\nc\nd\ne\n",
                          "show crypto ipsec sa": "f\n"})
    start = time.monotonic()

    outputs = bench.collect().outputs

    assert 0.9 < time.monotonic() - start < 2
    assert [output.problem for output in outputs[:3]] == [None, Problem.TIMED_OUT, None]
    assert [outputs[0].text, outputs[2].text] == ["a\n", "f\n"]
    assert outputs[1].text.startswith("b\n") is partial
    first = bench.lab.commands("r1").index("show crypto ikev2 sa")
    assert bench.lab.commands("r1")[first + 1] == "terminal length 0"   # a new session: nothing more on the old one
    assert bench.lab.sessions("r1") == 2


def test_a_command_that_hangs_in_each_session_ends_the_asking(play: Callable[..., Any]) -> None:
    bench = play(fault="hang_cmd")

    outputs = bench.collect(limits=replace(QUICK, idle=0.3)).outputs

    assert [output.problem for output in outputs] == [Problem.TIMED_OUT] * 4
    assert bench.lab.sessions("r1") == 2


def test_a_session_closed_in_the_midst_is_noticed_at_once_and_keeps_what_came(play: Callable[..., Any]) -> None:
    bench = play(fault="close_mid", fault_command="show crypto ipsec sa")
    start = time.monotonic()

    outputs = bench.collect().outputs

    assert time.monotonic() - start < 0.5
    whole = bench.devices["r1"].outputs["show crypto ipsec sa"]
    cut = outputs[2]
    assert cut.problem is Problem.CLOSED
    assert 0 < len(cut.text) < len(whole)
    assert whole.startswith(cut.text.rstrip())
    assert outputs[3].problem is None


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_a_wrong_enable_secret_is_tried_once(platform: PlatformName, play: Callable[..., Any]) -> None:
    bench = play(platform, fault="wrong_enable", enable_secret=SECRETS[1])

    assert "one attempt" in failure(bench.collect, PrivilegeError)
    assert bench.lab.commands("r1") == ("enable", SECRETS[1])


def test_a_question_about_a_new_password_is_not_answered(play: Callable[..., Any]) -> None:
    bench = play(fault="pw_change")

    assert "new password" in failure(bench.collect, DialogueError)
    assert bench.lab.received("r1") == b""


def test_old_algorithms_need_the_inventorys_word(play: Callable[..., Any]) -> None:
    bench = play(fault="legacy_kex")

    sentence = failure(bench.collect, AlgorithmMismatch)

    assert "diffie-hellman-group14-sha1" in sentence
    assert "legacy: true" in sentence
    assert bench.lab.auth_attempts("r1") == 0
    assert {output.problem for output in bench.collect(legacy=True).outputs} == {None}


def test_a_platform_that_is_none_of_ours_is_an_error_that_asks_for_it(play: Callable[..., Any]) -> None:
    bench = play(outputs={"show version": "JUNOS Base OS boot [12.3R12]\n"})

    assert "`platform:`" in failure(lambda: bench.collect(platform=None), DeviceError)
    assert bench.lab.commands("r1") == ("show version",)


@pytest.fixture
def unused_port() -> int:
    with sockets.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture
def wire() -> Any:
    """A port that sends some bytes to everyone, waits, and hangs up."""
    servers: list[socket.socket] = []

    def start(sends: bytes, seconds: float) -> tuple[int, list[str]]:
        server = sockets.create_server(("127.0.0.1", 0))
        servers.append(server)
        accepted: list[str] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, address = server.accept()
                    with client:
                        accepted.append(str(address))
                        client.sendall(sends)
                        client.settimeout(0.2)
                        end = time.monotonic() + seconds
                        while time.monotonic() < end:
                            with contextlib.suppress(TimeoutError):
                                if not client.recv(4096):
                                    break

        threading.Thread(target=serve, daemon=True).start()
        return int(server.getsockname()[1]), accepted

    yield start
    for server in servers:
        server.shutdown(sockets.SHUT_RDWR)
        server.close()


@pytest.fixture
def chatty_port(tmp_path: Path) -> Any:
    del tmp_path
    with sockets.create_server(("127.0.0.1", 0)) as server:
        def greet(server: socket.socket = server) -> None:
            client, _ = server.accept()
            with client:
                client.sendall(b"220 mail.example.net ESMTP\r\n" * 200)
                client.recv(100)

        threading.Thread(target=greet, daemon=True).start()
        yield server.getsockname()[1]
