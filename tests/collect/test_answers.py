"""What comes back is exactly what the device said, and the device was sent exactly what was announced."""

from __future__ import annotations

import socket as sockets
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.limits import Limits
from vpn_check.collect.session import Session
from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command, Problem
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.model.transcript import Transcript

SHOW = "show crypto ipsec sa"


def texts(transcript: Transcript) -> dict[str, str]:
    return {output.command: output.text for output in transcript.outputs}


def expected(bench: Any, platform: PlatformName) -> dict[str, str]:
    return {command.text: bench.devices["r1"].outputs[command.text] for command in PLATFORMS[platform].reads()}


@pytest.mark.parametrize("platform", list(PlatformName))
@pytest.mark.parametrize("options", [
    {}, {"enable_secret": "battery-staple-9"}, {"fault": "authz_paging"}, {"fault": "ansi"}, {"fault": "motd_hash"},
    {"fault": "slow", "fault_arg": 0.3}, {"banner": "Authorised users only #\n"},
], ids=lambda options: str(options.get("fault", next(iter(options), "plain"))))
def test_every_answer_is_the_devices_own_text(platform: PlatformName, options: dict[str, Any],
                                              play: Callable[..., Any]) -> None:
    bench = play(platform, **options)

    transcript = bench.collect()

    assert texts(transcript) == expected(bench, platform)
    assert transcript.platform is platform
    assert {output.problem for output in transcript.outputs} == {None}
    assert {output.prompt for output in transcript.outputs} == {"edge-1"}
    assert all(o.received_at is not None and o.received_at.tzinfo is UTC for o in transcript.outputs)


@pytest.mark.parametrize("platform", list(PlatformName))
@pytest.mark.parametrize("enable_secret", [None, "battery-staple-9"])
def test_the_device_receives_what_was_announced_and_nothing_else(
        platform: PlatformName, enable_secret: str | None, play: Callable[..., Any]) -> None:
    bench = play(platform, enable_secret=enable_secret)

    bench.collect()

    received = list(bench.lab.commands("r1"))
    if enable_secret:
        assert received[:2] == ["enable", enable_secret]   # said aloud: `enable`; the secret is not
        received.remove(enable_secret)
    assert received == bench.announced
    rest = received[1:] if enable_secret else received
    assert rest == [*PLATFORMS[platform].open_commands, *(c.text for c in PLATFORMS[platform].reads()), "exit"]
    assert not any("config" in line or "width" in line or line == "login" for line in received)
    assert bench.lab.sessions("r1") == 1


@pytest.mark.parametrize("pause", [0.3, 0.9])
@pytest.mark.parametrize("command", ["show crypto isakmp sa", SHOW, "show crypto engine connections active"])
def test_a_line_that_is_exactly_the_prompt_does_not_end_the_answer(
        command: str, pause: float, play: Callable[..., Any]) -> None:
    bench = play(fault="prompt_in_output", fault_command=command, fault_arg=pause)

    found = texts(bench.collect())

    wanted = expected(bench, PlatformName.IOS)
    lines = found[command].splitlines()
    assert [line for line in lines if line.strip() != "edge-1#"] == wanted[command].splitlines()
    assert "edge-1#" in lines
    assert {k: v for k, v in found.items() if k != command} == {k: v for k, v in wanted.items() if k != command}


def test_a_log_message_in_the_midst_is_set_apart_and_kept(play: Callable[..., Any]) -> None:
    bench = play(fault="syslog_mid")

    found = texts(bench.collect())

    notices = found.pop("syslog")
    assert found == expected(bench, PlatformName.IOS)
    assert "%" in notices


def test_a_whole_terminal_of_pages_is_turned_one_space_at_a_time(play: Callable[..., Any]) -> None:
    bench = play(fault="authz_paging", page_lines=5)

    assert texts(bench.collect()) == expected(bench, PlatformName.IOS)
    assert set(bench.lab.commands("r1")) == set(bench.announced)


@pytest.mark.parametrize(("fault", "problem"), [("invalid", Problem.UNSUPPORTED), ("authz", Problem.NOT_AUTHORISED)])
@pytest.mark.parametrize("platform", list(PlatformName))
def test_a_refused_command_is_an_outcome_and_never_the_end(
        platform: PlatformName, fault: str, problem: Problem, play: Callable[..., Any]) -> None:
    bench = play(platform, fault=fault)

    found = bench.collect().outputs

    assert {output.problem for output in found} == {problem}
    assert len(found) == len(PLATFORMS[platform].reads())


@pytest.mark.parametrize("platform", list(PlatformName))
def test_a_command_that_the_release_does_not_know_leaves_the_others_whole(
        platform: PlatformName, play: Callable[..., Any]) -> None:
    bench = play(platform, outputs={"show crypto ipsec sa": "tunnels\n"})

    outcomes = {output.command: output.problem for output in bench.collect().outputs}

    assert outcomes.pop(SHOW) is None
    assert set(outcomes.values()) == {Problem.UNSUPPORTED}


@pytest.mark.parametrize("platform", list(PlatformName))
def test_in_user_mode_without_a_secret_what_is_not_known_is_put_down_to_the_level(
        platform: PlatformName, play: Callable[..., Any]) -> None:
    bench = play(platform, enable_secret="battery-staple-9")

    transcript = bench.collect(credentials=bench.credentials(enable_secret=None))

    assert {output.problem for output in transcript.outputs} == {Problem.UNPRIVILEGED}
    assert bench.lab.commands("r1") == tuple(bench.announced)   # no `enable`, no question about the level
    assert not {"enable", "show privilege", "show curpriv"} & {*bench.announced}


@pytest.mark.parametrize("platform", list(PlatformName))
@pytest.mark.parametrize(("level", "problem"), [(7, Problem.UNPRIVILEGED), (15, Problem.UNSUPPORTED)])
def test_a_device_that_does_not_know_a_command_is_asked_for_the_level(
        level: int, problem: Problem, platform: PlatformName, play: Callable[..., Any]) -> None:
    bench = play(platform, level=level, outputs={"show version": "x\n"})

    transcript = bench.collect()

    assert {output.problem for output in transcript.outputs} == {problem}
    asked = [*PLATFORMS[platform].open_commands, *(command.text for command in PLATFORMS[platform].reads()),
             PLATFORMS[platform].level_command.text]
    assert list(bench.lab.commands("r1"))[:len(asked)] == asked
    assert len(transcript.outputs) == len(PLATFORMS[platform].reads())


@pytest.mark.parametrize("platform", list(PlatformName))
def test_the_platform_is_recognised_and_paging_switched_off_its_own_way(
        platform: PlatformName, play: Callable[..., Any]) -> None:
    bench = play(platform)

    transcript = bench.collect(platform=None)

    assert transcript.platform is platform
    found = texts(transcript)
    assert found.pop("show version") == bench.devices["r1"].outputs["show version"]
    assert found == expected(bench, platform)
    assert bench.lab.commands("r1")[:2] == ("show version", *PLATFORMS[platform].open_commands)


def test_large_output_is_whole(play: Callable[..., Any]) -> None:
    text = "".join(f"    #pkts encaps: {n}, #pkts encrypt: {n}, peer 10.0.0.{n % 250} \u00e4\n" for n in range(20000))
    bench = play(outputs={SHOW: text})

    assert texts(bench.collect())[SHOW] == text


def test_a_session_that_ends_right_behind_an_answer_is_no_surprise() -> None:
    here, there = sockets.socketpair()

    def play() -> None:
        with there:
            there.sendall(b"\r\nedge-1#")
            there.recv(100)
            there.sendall(b"show version\r\nCisco IOS Software\r\nedge-1#")

    device = threading.Thread(target=play)
    device.start()
    with here:
        session = Session(here, name="r1", limits=Limits(idle=2, login=2), clock=lambda: datetime.now(UTC))
        session.log_in()
        output = session.run(Command(text="show version"))
    device.join()

    assert (output.text, output.problem) == ("Cisco IOS Software\n", None)
    assert not session.open
