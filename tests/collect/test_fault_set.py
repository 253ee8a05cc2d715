"""Every fault of the lab, on every platform: no wrong attribution, nothing sent unannounced, an end in time."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import Access, LiveSession
from vpn_check.errors import (
    AlgorithmMismatch,
    DeviceError,
    DeviceTimeout,
    DialogueError,
    PrivilegeError,
    SessionClosed,
    Unreachable,
)
from vpn_check.lab.server import FAULTS
from vpn_check.model.device import PlatformName, Transport
from vpn_check.model.transcript import Command, Problem
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.model.transcript import Transcript

LIMIT = 0.8
QUICK = Limits(connect=LIMIT, banner=LIMIT, negotiate=LIMIT, authenticate=LIMIT, login=LIMIT, enable=LIMIT, idle=LIMIT,
               total=5)
SECRET = "battery-staple-9"
SHOW = "show crypto ipsec sa"


@dataclass(frozen=True)
class Error:
    """The device cannot be asked. `waits`: how many limits go by first."""

    kind: type[DeviceError]
    code: str
    waits: int = 0


@dataclass(frozen=True)
class Cut:
    """The struck command is cut short, and the rest is asked in a second session. `waits` as above."""

    problem: Problem
    waits: int = 0


@dataclass(frozen=True)
class Refused:
    """Every command is refused so."""

    problem: Problem


@dataclass(frozen=True)
class Whole:
    """Every answer is the device's own text; `added`: what stands in the midst of the struck one besides."""

    added: str = ""


Outcome = Error | Cut | Refused | Whole

OUTCOMES: dict[str, Outcome] = {
    "reset": Error(Unreachable, "closed-early"),   # a packet decides whether it looks like the next
    "close_early": Error(Unreachable, "closed-early"),
    "lines_busy": Error(Unreachable, "no-free-line"),
    "hang_banner": Error(Unreachable, "no-banner", waits=2),
    "banner_late": Whole(),
    "auth_hang": Error(DeviceTimeout, "log-in-timeout", waits=1),
    "auth_close": Error(SessionClosed, "closed-in-log-in"),
    "vty_full": Error(SessionClosed, "closed-after-log-in"),
    "no_exec": Error(PrivilegeError, "no-exec"),
    "hang_login": Error(DeviceTimeout, "no-prompt", waits=1),
    "pw_change": Error(DialogueError, "question"),
    "motd_hash": Whole(),
    "reset_idle": Whole(),          # strikes when all is done; the test below lets it strike before
    "close_mid": Cut(Problem.CLOSED),
    "close_channel_mid": Cut(Problem.CLOSED),
    "hang_cmd": Cut(Problem.TIMED_OUT, waits=1),
    "hang_half": Cut(Problem.TIMED_OUT, waits=1),
    "slow": Whole(),
    "dribble": Whole(),
    "ansi": Whole(),
    "prompt_in_output": Whole("{prompt}"),
    "command_in_output": Whole("{prompt}show version"),
    "syslog_mid": Whole(),
    "invalid": Refused(Problem.UNSUPPORTED),
    "authz": Refused(Problem.NOT_AUTHORISED),
    "authz_paging": Whole(),
    "no_pager_off": Whole(),
    "no_enable": Error(PrivilegeError, "enable-not-possible"),
    "wrong_enable": Error(PrivilegeError, "enable-refused"),
    "legacy_kex": Error(AlgorithmMismatch, "algorithms"),
}
PAUSE = {"banner_late": 0.4, "slow": 0.4, "prompt_in_output": 0.4, "reset_idle": 60.0, "dribble": 0.01}
BY_TELNET: dict[str, Outcome] = {
    "vty_full": Error(SessionClosed, "closed-in-log-in"),   # was the password refused? It is not given again
    "hang_login": Error(DeviceTimeout, "log-in-timeout", waits=1),
    "legacy_kex": Whole(),
}


def test_every_fault_has_its_outcome() -> None:
    assert set(OUTCOMES) == set(FAULTS)


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = [outcome.code for fault, outcome in OUTCOMES.items() if isinstance(outcome, Error) and fault != "reset"]

    assert len(codes) == len(set(codes))


def play_fault(fault: str, platform: PlatformName, transport: Transport, play: Callable[..., Any]) -> Any:
    cut = isinstance(OUTCOMES[fault], Cut | Whole)
    return play(platform, fault=fault, fault_arg=PAUSE.get(fault), fault_command=SHOW if cut else None,
                transport=transport, trusted=transport is Transport.SSH,
                enable_secret=SECRET if fault.endswith("enable") else None)


@pytest.mark.parametrize("transport", list(Transport))
@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_outcome_in_time_and_nothing_else_happens(
        fault: str, platform: PlatformName, transport: Transport, play: Callable[..., Any]) -> None:
    outcome = (BY_TELNET if transport is Transport.TELNET else {}).get(fault, OUTCOMES[fault])
    bench = play_fault(fault, platform, transport, play)
    start = time.monotonic()

    if isinstance(outcome, Error):
        with pytest.raises(outcome.kind) as caught:
            bench.collect(limits=QUICK)
        assert type(caught.value) is outcome.kind
        assert caught.value.code == outcome.code
        assert "\n" not in str(caught.value)
    else:
        judge(bench, platform, outcome, bench.collect(limits=QUICK))

    took, waits = time.monotonic() - start, getattr(outcome, "waits", 0)
    assert waits * LIMIT * 0.9 < took < waits * LIMIT + 3   # two retries wait less than 2 s, a busy machine is slow
    sent = [line for line in bench.lab.commands("r1") if line != SECRET]
    assert sent == bench.announced
    allowed = {*PLATFORMS[platform].open_commands, *(c.text for c in PLATFORMS[platform].reads()), "enable", "exit",
               PLATFORMS[platform].level_command.text}
    assert set(sent) <= allowed


def judge(bench: Any, platform: PlatformName, outcome: Outcome, transcript: Transcript) -> None:
    own = bench.devices["r1"].outputs
    answers = {output.command: output for output in transcript.outputs if output.command != "syslog"}
    assert list(answers) == [command.text for command in PLATFORMS[platform].reads()]
    struck = answers[SHOW]
    for output in answers.values():
        if isinstance(outcome, Refused):
            assert output.problem is outcome.problem
        elif output is struck and isinstance(outcome, Cut):
            assert output.problem is outcome.problem
            assert own[SHOW].startswith(output.text.rstrip())
        elif output is struck and isinstance(outcome, Whole) and outcome.added:
            extra = outcome.added.format(prompt="edge-1#" if platform is PlatformName.IOS else "edge-1# ").strip()
            assert [line for line in output.text.splitlines() if line.strip() != extra] == own[SHOW].splitlines()
            assert extra in [line.strip() for line in output.text.splitlines()]
        else:
            assert (output.problem, output.text) == (None, own[output.command])


@pytest.mark.parametrize("transport", list(Transport))
@pytest.mark.parametrize("fault", ["close_mid", "close_channel_mid", "reset_idle"])
def test_the_end_of_a_session_is_noticed_within_a_fifth_of_a_second(fault: str, transport: Transport,
                                                                    play: Callable[..., Any]) -> None:
    bench = play(fault=fault, fault_arg=0.3, fault_command=SHOW, outputs={SHOW: "one\ntwo\n"},
                 transport=transport, trusted=transport is Transport.SSH)
    access = Access(host_keys=HostKeys(), limits=Limits())

    with LiveSession(bench.device(), bench.credentials(), access) as live:
        if fault == "reset_idle":
            time.sleep(0.5)
            begun = time.monotonic()
            output = live.session.run(Command(text=SHOW))
            noticed = time.monotonic() - begun
        else:
            output = live.session.run(Command(text=SHOW))
            noticed = time.monotonic() - bench.lab.record("r1").dropped_at

    assert output.problem is Problem.CLOSED
    assert noticed <= 0.2
    assert not live.session.open


@pytest.mark.parametrize(("real", "taken_for"), [
    (PlatformName.ASA, PlatformName.IOS), (PlatformName.IOS, PlatformName.ASA), (PlatformName.PIX, PlatformName.IOS),
    (PlatformName.PIX, PlatformName.ASA),
])
@pytest.mark.parametrize("release", [None, "6.3(5)"])
def test_a_wrong_platform_in_the_inventory_costs_pages_and_no_text(
        real: PlatformName, taken_for: PlatformName, release: str | None, play: Callable[..., Any]) -> None:
    bench = play(real, release=release if real is PlatformName.PIX else None, page_lines=9)

    found = {output.command: output for output in bench.collect(platform=taken_for).outputs}

    for command in ("show crypto isakmp sa", SHOW):
        assert (found[command].problem, found[command].text) == (None, bench.devices["r1"].outputs[command])
    assert list(bench.lab.commands("r1")) == bench.announced   # no command lost its first letter to a page end


def test_an_answer_that_flows_is_waited_for_up_to_its_total(play: Callable[..., Any]) -> None:
    bench = play(fault="dribble", fault_command=SHOW, fault_arg=0.1, outputs={SHOW: f"{'0123456789' * 4}\n" * 20})

    whole = bench.collect(limits=replace(QUICK, idle=0.5)).outputs
    start = time.monotonic()
    cut = bench.collect(limits=replace(QUICK, idle=0.5, total=1)).outputs

    assert {output.command: output.problem for output in whole}[SHOW] is None
    assert {output.command: output.problem for output in cut}[SHOW] is Problem.TIMED_OUT
    assert 1 < time.monotonic() - start < 3


def test_words_of_a_refusal_within_an_output_are_output(play: Callable[..., Any]) -> None:
    text = "1\n2\n3\n4\n% Invalid input detected at '^' marker.\nCommand authorization failed.\nlast\n"
    bench = play(outputs={SHOW: text})

    output = next(output for output in bench.collect().outputs if output.command == SHOW)

    assert (output.problem, output.text) == (None, text)


def test_a_device_that_pauses_in_its_greeting_is_waited_for(play: Callable[..., Any]) -> None:
    bench = play(fault="motd_hash", fault_arg=0.3)

    transcript = bench.collect(limits=replace(QUICK, login=5))

    assert {output.problem for output in transcript.outputs} == {None}
    assert {output.prompt for output in transcript.outputs} == {"edge-1"}
    assert list(bench.lab.commands("r1")) == bench.announced
