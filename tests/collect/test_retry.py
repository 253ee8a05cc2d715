"""What a repeat mends is tried again, and nothing else: the lab counts connections and passwords."""

from __future__ import annotations

import errno
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect import tcp
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.collect.retry import persist
from vpn_check.collect.tcp import dial
from vpn_check.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    DeviceError,
    DeviceTimeout,
    DialogueError,
    HostKeyError,
    PrivilegeError,
    SessionClosed,
    Unreachable,
)
from vpn_check.model.device import Credentials, Device, PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK = Limits(connect=1, banner=1, negotiate=1, authenticate=1, login=1, enable=1, idle=1, total=5)
ENABLE = "battery-staple-9"


@pytest.mark.parametrize(("fault", "passwords"), [
    ("reset_once", 1), ("close_early_once", 1), ("lines_busy_once", 1), ("hang_banner_once", 1), ("vty_full_once", 2),
])
def test_what_passes_is_mended_by_one_more_attempt(fault: str, passwords: int, play: Callable[..., Any]) -> None:
    bench = play(fault=fault)

    outputs = bench.collect().outputs

    assert {output.problem for output in outputs} == {None}
    assert (bench.lab.connections("r1"), bench.lab.auth_attempts("r1")) == (2, passwords)
    assert list(bench.lab.commands("r1")) == bench.announced   # one session, each command once
    assert bench.lab.sessions("r1") == 1


@pytest.mark.parametrize(("fault", "kind", "code", "connections", "passwords"), [
    ("reset", Unreachable, "closed-early", 3, 0),
    ("close_early", Unreachable, "closed-early", 3, 0),
    ("lines_busy", Unreachable, "no-free-line", 3, 0),
    ("hang_banner", Unreachable, "no-banner", 2, 0),
    ("vty_full", SessionClosed, "closed-after-log-in", 2, 2),   # accepted each time: no account is locked
])
def test_the_attempts_end_and_are_told(fault: str, kind: type[DeviceError], code: str, connections: int,
                                       passwords: int, play: Callable[..., Any]) -> None:
    bench = play(fault=fault)
    start = time.monotonic()

    with pytest.raises(kind) as caught:
        bench.collect()

    assert (bench.lab.connections("r1"), bench.lab.auth_attempts("r1")) == (connections, passwords)
    assert caught.value.code == code
    assert f"{connections} attempts were made." in str(caught.value)
    assert time.monotonic() - start < 4
    assert bench.lab.received("r1") == b""


@pytest.mark.parametrize(("options", "changes", "kind", "passwords"), [
    ({}, {"password": "guess"}, AuthenticationFailed, 1),
    ({"fault": "auth_close"}, {}, SessionClosed, 1),
    ({"fault": "auth_hang"}, {}, DeviceTimeout, 1),
    ({"fault": "hang_login"}, {}, DeviceTimeout, 1),
    ({"fault": "pw_change"}, {}, DialogueError, 1),
    ({"fault": "no_exec"}, {}, PrivilegeError, 1),
    ({"fault": "wrong_enable", "enable_secret": ENABLE}, {}, PrivilegeError, 1),
    ({"fault": "legacy_kex"}, {}, AlgorithmMismatch, 0),
    ({"trusted": False}, {}, HostKeyError, 0),
], ids=lambda value: str(value) if isinstance(value, dict) else "")
def test_what_a_repeat_does_not_mend_is_tried_once(options: dict[str, Any], changes: dict[str, Any],
                                                   kind: type[DeviceError], passwords: int,
                                                   play: Callable[..., Any]) -> None:
    bench = play(**options)

    with pytest.raises(kind) as caught:
        bench.collect(credentials=bench.credentials(**changes))

    assert type(caught.value) is kind
    assert (bench.lab.connections("r1"), bench.lab.auth_attempts("r1")) == (1, passwords)
    assert "attempts were made" not in str(caught.value)


def test_a_changed_host_key_is_met_once(play: Callable[..., Any]) -> None:
    bench = play()
    bench.lab.rotate_host_key("r1")
    before = bench.lab.connections("r1")

    with pytest.raises(HostKeyError):
        bench.collect()

    assert bench.lab.connections("r1") == before + 1
    assert bench.lab.auth_attempts("r1") == 0


@pytest.mark.parametrize("fault", ["invalid", "authz"])
def test_a_refused_command_is_asked_once(fault: str, play: Callable[..., Any]) -> None:
    bench = play(fault=fault)

    bench.collect()

    shown = [line for line in bench.lab.commands("r1") if line.startswith("show crypto")]
    assert len(shown) == len(set(shown)) == 4
    assert bench.lab.connections("r1") == 1


def test_no_attempt_begins_when_the_devices_time_is_over(play: Callable[..., Any]) -> None:
    bench = play(fault="hang_banner")
    start = time.monotonic()

    with pytest.raises(Unreachable):
        bench.collect(limits=replace(QUICK, device=0.5))

    assert time.monotonic() - start < 1.5
    assert bench.lab.connections("r1") == 1


# -- the calls themselves ------------------------------------------------------------------------------------------


def attempts_at(failure: Callable[[], OSError], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """How often a device is called whose every call fails so, and the last error's code."""
    calls: list[object] = []

    def refuse(_sock: socket.socket, address: object) -> None:
        calls.append(address)
        raise failure()

    monkeypatch.setattr(socket.socket, "connect", refuse)
    device = Device(name="r1", host="192.0.2.1", platform=PlatformName.IOS)
    with pytest.raises(Unreachable) as caught:
        collect(device, Credentials(username="x", password="y", use_agent=False), host_keys=HostKeys(), limits=QUICK)
    return len(calls), caught.value.code


@pytest.mark.parametrize(("failure", "calls", "code"), [
    (lambda: ConnectionRefusedError(errno.ECONNREFUSED, "refused"), 2, "refused"),
    (lambda: OSError(errno.EHOSTUNREACH, "No route to host"), 3, "no-route"),
    (lambda: OSError(errno.ENETUNREACH, "Network is unreachable"), 3, "no-route"),
    (lambda: ConnectionResetError(errno.ECONNRESET, "reset"), 3, "closed-early"),
    (lambda: OSError(errno.EACCES, "Permission denied"), 1, "connect"),
])
def test_a_call_that_fails_is_repeated_as_its_reason_deserves(
        failure: Callable[[], OSError], calls: int, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert attempts_at(failure, monkeypatch) == (calls, code)


def test_a_silent_address_is_called_twice_within_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def silent(_place: object, timeout: float) -> socket.socket:
        waits.append(round(timeout))
        raise TimeoutError

    monkeypatch.setattr(tcp, "_connect", silent)
    for limit in (10.0, 5.0):
        with pytest.raises(Unreachable, match=f"did not answer within {limit:g} s"):
            dial("r1", "192.0.2.1", 22, timeout=limit)

    assert waits == [6, 10, 5]   # the second call takes what is left; this one leaves at once


def test_the_next_address_of_a_name_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]
        answer = socket.getaddrinfo

        def look_up(host: str, *words: Any, **options: Any) -> Any:
            return found if host == "two.example" and not options.get("flags") else answer(host, *words, **options)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        with dial("r1", "two.example", port, timeout=2) as sock:
            assert sock.getpeername() == ("127.0.0.1", port)
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize(("error", "looks"), [
    (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), 2),
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), 1),
])
def test_a_resolver_that_has_no_answer_now_is_asked_once_more(error: socket.gaierror, looks: int,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(host: str, *_words: Any, **options: Any) -> Any:
        if not options.get("flags"):
            asked.append(host)
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    device = Device(name="r1", host="router.example", platform=PlatformName.IOS)
    with pytest.raises(Unreachable, match="cannot be resolved"):
        collect(device, Credentials(username="x", password="y", use_agent=False), host_keys=HostKeys(), limits=QUICK)

    assert len(asked) == looks


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_words: Any, **options: Any) -> Any:
        if options.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "no number")
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    start = time.monotonic()

    with pytest.raises(Unreachable, match=r"DNS gave no answer for `router.example` within 0\.3 s"):
        dial("r1", "router.example", 22, timeout=0.3)

    assert time.monotonic() - start < 1


def test_waits_differ_so_that_a_fleet_does_not_call_at_the_same_moment() -> None:
    moments: list[list[float]] = []
    for _ in range(3):
        start, calls = time.monotonic(), list[float]()

        def work(start: float = start, calls: list[float] = calls) -> None:
            calls.append(time.monotonic() - start)
            raise Unreachable("gone", again=2)

        with pytest.raises(Unreachable):
            persist(work, attempts=3, budget=5)
        moments.append(calls)

    assert all(len(calls) == 3 for calls in moments)
    assert all(0.15 < calls[1] < 0.8 and 0.15 < calls[2] - calls[1] < 1.1 for calls in moments)
    assert len({round(calls[1], 3) for calls in moments}) > 1
