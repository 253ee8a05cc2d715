"""Many devices at the same time: a bad one leaves the others right, and a wrong password is not tried everywhere."""

from __future__ import annotations

import _thread
import contextlib
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.fleet import LockOut, run
from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import collect
from vpn_check.errors import AuthenticationFailed, DeviceError, PrivilegeError, Unreachable, VpnCheckError
from vpn_check.jobs.check import Run
from vpn_check.lab.server import LabDevice
from vpn_check.model.device import Credentials, Device, PlatformName
from vpn_check.model.transcript import Problem, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK = Limits(connect=2, banner=2, negotiate=2, authenticate=2, login=2, enable=2, idle=0.5, total=5)


def test_bad_devices_leave_the_others_right(play: Callable[..., Any]) -> None:
    faults = {"r2": "close_mid", "r4": "hang_cmd", "r6": "pw_change", "r8": "vty_full"}
    names = [f"r{number}" for number in range(1, 13)]
    bench = play.devices([LabDevice(  # type: ignore[attr-defined]
        name=name, platform=PlatformName.IOS, hostname=name.upper(), fault=faults.get(name), outputs={
            "show crypto isakmp sa": f"{name}\n" * 3, "show crypto ipsec sa": f"{name} sa\n" * 9}) for name in names])
    keys = HostKeys()

    def work(name: str) -> Transcript:
        return collect(bench.device(name), bench.credentials(name), host_keys=keys, limits=QUICK)

    outcomes = dict(run(names, work, workers=6))

    assert set(outcomes) == set(names)
    for name, outcome in outcomes.items():
        if name in {"r6", "r8"}:
            assert isinstance(outcome, DeviceError)
            continue
        assert isinstance(outcome, Transcript)
        good = {o.command: o.text for o in outcome.outputs if o.problem is None}
        if name in faults:
            assert {o.problem for o in outcome.outputs} & {Problem.CLOSED, Problem.TIMED_OUT}
        else:
            assert good == {"show crypto isakmp sa": f"{name}\n" * 3, "show crypto ipsec sa": f"{name} sa\n" * 9}
        assert all(name in text for text in good.values())


def test_a_surprise_is_the_outcome_of_its_item() -> None:
    def work(number: int) -> int:
        return 10 // number

    outcomes = dict(run([1, 0, 5], work))

    surprise = outcomes.pop(0)
    assert isinstance(surprise, VpnCheckError)
    assert "ZeroDivisionError" in str(surprise)
    assert outcomes == {1: 10, 5: 2}


def test_outcomes_come_as_they_are_ready() -> None:
    slow = threading.Event()

    def work(name: str) -> str:
        if name == "slow":
            slow.wait(5)
        return name

    outcomes = run(["slow", "fast"], work)

    assert next(outcomes) == ("fast", "fast")
    slow.set()
    assert next(outcomes) == ("slow", "slow")


def test_an_interrupt_ends_the_run_at_once() -> None:
    never = threading.Event()
    started: list[int] = []

    def work(number: int) -> None:
        started.append(number)
        never.wait(20)

    threading.Timer(0.3, _thread.interrupt_main).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(run(range(100), work, workers=5))

    assert time.monotonic() - start < 2
    never.set()
    time.sleep(0.1)
    assert len(started) == 5


def test_no_more_pass_a_gate_than_it_allows_and_the_others_go_first() -> None:
    inside: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    def work(item: tuple[str, int]) -> None:
        with lock:
            inside[item[0]] += 1
            most[item[0]] = max(most[item[0]], inside[item[0]])
        time.sleep(0.01)
        with lock:
            inside[item[0]] -= 1

    items = [(site, number) for site in ("munich", "berlin", "") for number in range(20)]
    outcomes = [item for item, _ in run(items, work, workers=30, gates=lambda item: {item[0]: 2} if item[0] else {})]

    assert sorted(outcomes) == sorted(items)
    assert most["munich"] == most["berlin"] == 2
    assert most[""] > 2
    assert outcomes[-1][0] != ""   # nobody waits who need not


def test_sites_and_bastions_are_gates() -> None:
    settings = Run(credentials=lambda _device: Credentials(username="x"), host_keys=HostKeys(), per_site=3,
                   per_bastion=4)
    device = Device(name="r1", host="192.0.2.1", site="munich", jump=("outer", "inner"))

    assert settings.gates(device) == {"site munich": 3, "bastion outer": 4}
    assert settings.gates(Device(name="r2", host="192.0.2.2")) == {}


def test_no_items_no_outcomes() -> None:
    assert list(run([], lambda item: item)) == []


def test_a_wrong_password_stops_after_three_refusals(play: Callable[..., Any]) -> None:
    bench = play(count=10)
    lock_out, keys = LockOut(3), HostKeys()
    names = list(bench.devices)

    def work(name: str) -> Transcript:
        return collect(bench.device(name), bench.credentials(name, password="wrong"), host_keys=keys, limits=QUICK,
                       lock_out=lock_out)

    outcomes = [outcome for _, outcome in run(names, work, workers=10)]

    assert all(isinstance(outcome, AuthenticationFailed) for outcome in outcomes)
    assert sum("not tried" in str(outcome) for outcome in outcomes) == 7
    assert sum(bench.lab.auth_attempts(name) for name in names) == 3


@pytest.mark.parametrize("options", [{}, {"fault": "wrong_enable"}])
def test_a_wrong_enable_secret_stops_after_three_refusals_too(options: dict[str, Any],
                                                              play: Callable[..., Any]) -> None:
    bench = play(count=9, enable_secret="battery-staple-9", **options)
    lock_out, keys, names = LockOut(3), HostKeys(), list(bench.devices)

    def work(name: str) -> Transcript:
        return collect(bench.device(name), bench.credentials(name, enable_secret="guess-1"), host_keys=keys,
                       limits=QUICK, lock_out=lock_out)

    outcomes = [outcome for _, outcome in run(names, work, workers=9)]

    assert all(isinstance(outcome, PrivilegeError) for outcome in outcomes)
    assert sum("not tried" in str(outcome) for outcome in outcomes) == 6
    assert [line for name in names for line in bench.lab.commands(name)].count("guess-1") == 3


def test_a_key_file_that_cannot_be_used_is_no_refusal() -> None:
    guard = LockOut(1)

    for _ in range(3):
        with pytest.raises(AuthenticationFailed, match=r"^no such file$"), guard.attempt("r1", "a"):
            raise AuthenticationFailed("no such file", code="key-file")


def test_refusals_count_in_a_row_and_for_one_credential() -> None:
    guard = LockOut(2)

    def attempt(credential: str, error: Exception | None) -> None:
        with guard.attempt("r1", credential):
            if error is not None:
                raise error

    refused = AuthenticationFailed("refused")
    for error in (refused, None, refused, Unreachable("lost"), None, refused):
        with contextlib.suppress(DeviceError):
            attempt("a", error)
    attempt("a", None)
    for _ in range(2):
        with pytest.raises(AuthenticationFailed, match=r"^refused$"):
            attempt("a", refused)
    with pytest.raises(AuthenticationFailed, match="not tried"):
        attempt("a", None)
    attempt("b", None)
