"""Pings as they go over the wire: in one line, in the dialogue where that is refused, and nothing unasked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.collect.hostkeys import HostKeys
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import Access, LiveSession
from vpn_check.collect.pinger import Pinger
from vpn_check.collect.session import Session
from vpn_check.errors import CommandNotAllowed
from vpn_check.lab.ping import PingTarget
from vpn_check.model.device import PlatformName
from vpn_check.model.sweep import Outcome, Probe
from vpn_check.model.transcript import CommandClass, CommandOutput, Problem
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.ping import DIALOGUE, ROUTER_PING
from vpn_check.sweep.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.collect.conftest import Bench

PROBES = (CommandClass.READ, CommandClass.PROBE)
QUICK = Limits(connect=2, banner=2, negotiate=2, authenticate=2, login=2, enable=2, idle=2, total=10)
TARGET = "198.51.100.7"
PINGS = {TARGET: PingTarget(mtu=1400)}


def ping(bench: Bench, *probes: Probe, name: str = "r1", **options: Any) -> list[CommandOutput]:
    access = Access(host_keys=HostKeys(), limits=QUICK)
    with LiveSession(bench.device(name), bench.credentials(name), access, classes=PROBES) as live:
        pinger = Pinger(live.session, PLATFORMS[live.platform].ping, to=TARGET, **options)
        return [pinger.ask(probe) for probe in probes]


def outcomes(output: CommandOutput, probe: Probe) -> list[Outcome]:
    return [reply.outcome for reply in read(output.text, probe, command=output.command).replies]


SMALL, LARGE, WALK = Probe(sizes=(1400,)), Probe(sizes=(1401,)), Probe(sizes=(1300, 1350, 1400, 1450), repeat=1)


def test_one_line_each_and_nothing_else(play: Callable[..., Bench]) -> None:
    bench = play(pings=PINGS, addresses=("10.1.1.1",))
    outputs = ping(bench, SMALL, LARGE, source="10.1.1.1")
    assert [outcomes(*pair) for pair in zip(outputs, (SMALL, LARGE), strict=True)] == [
        [Outcome.PASSED], [Outcome.TOO_BIG]]  # fmt: skip
    assert bench.lab.commands("r1") == (
        "terminal length 0", f"ping {TARGET} source 10.1.1.1 size 1400 df-bit repeat 2 timeout 2",
        f"ping {TARGET} source 10.1.1.1 size 1401 df-bit repeat 2 timeout 2", "exit",
    )  # fmt: skip


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.IOSXE])
def test_an_old_release_is_asked_in_the_dialogue(play: Callable[..., Bench], platform: PlatformName) -> None:
    bench = play(platform, pings=PINGS, old_ping=True)
    outputs = ping(bench, SMALL, LARGE, vrf="RED", source="Loopback0")
    assert [outcomes(*pair) for pair in zip(outputs, (SMALL, LARGE), strict=True)] == [
        [Outcome.PASSED], [Outcome.TOO_BIG]]  # fmt: skip
    said = ("ping vrf RED", TARGET, "2", "1400", "2", "y", "Loopback0", "y")
    assert bench.lab.commands("r1")[2:10] == said   # after paging off and the line that was refused
    assert bench.lab.received("r1").count(b"vrf RED 198") == 1
    assert outputs[1].command == f"ping vrf RED, to {TARGET}, size 1401, DF set"


def test_several_sizes_are_walked_over_in_one_command(play: Callable[..., Bench]) -> None:
    bench = play(PlatformName.IOSXE, pings=PINGS)
    output, = ping(bench, WALK)
    assert outcomes(output, WALK) == [Outcome.PASSED, Outcome.PASSED, Outcome.PASSED, Outcome.SILENT]
    assert bench.lab.commands("r1")[1:-1] == ("ping", TARGET, "1", "1300", "2", "y", "y", "y", "1300", "1450", "50")


def test_in_user_mode_there_is_no_df_bit(play: Callable[..., Bench]) -> None:
    bench = play(pings=PINGS, enable_secret="never-given", old_ping=True)
    device = bench.device("r1")
    credentials = bench.credentials("r1", enable_secret=None)
    with LiveSession(device, credentials, Access(host_keys=HostKeys(), limits=QUICK), classes=PROBES) as live:
        assert Pinger(live.session, ROUTER_PING, to=TARGET).ask(SMALL).problem is Problem.UNPRIVILEGED
        dialogue = Pinger(live.session, ROUTER_PING, to=TARGET, one_line=False)
        assert dialogue.ask(SMALL).problem is Problem.UNSUPPORTED   # the question for the DF bit did not come
        assert live.session.open


def test_an_asa_is_pinged_through_an_interface(play: Callable[..., Bench]) -> None:
    bench = play(PlatformName.ASA, pings=PINGS)
    output, = ping(bench, Probe(sizes=(1500,)), interface="inside")
    assert "!!" in output.text
    assert f"ping inside {TARGET} size 1500 repeat 2 timeout 2" in bench.lab.commands("r1")


def test_a_session_for_reading_pings_nobody(play: Callable[..., Bench]) -> None:
    bench = play(pings=PINGS)
    with LiveSession(bench.device(), bench.credentials(), Access(host_keys=HostKeys(), limits=QUICK)) as live:
        pinger = Pinger(live.session, ROUTER_PING, to=TARGET)
        for probe in (SMALL, WALK):
            with pytest.raises(CommandNotAllowed):
                pinger.ask(probe)
    assert b"ping" not in bench.lab.received("r1")


class Wire:
    """A channel that shows the next text when a line has been written."""

    def __init__(self, *shown: str) -> None:
        self.shown = [text.encode() for text in shown]
        self.written: list[str] = []
        self.ready = 1

    def recv(self, _size: int, /) -> bytes:
        if not self.ready or not self.shown:
            raise TimeoutError
        self.ready -= 1
        return self.shown.pop(0)

    def sendall(self, data: bytes, /) -> None:
        self.written.append(data.decode())
        self.ready += 1

    def settimeout(self, _seconds: float, /) -> None:
        return None


VALUES = {"to": TARGET, "source": "10.9.9.9", "repeat": "2", "timeout": "2", "size": "1400", "walk": "", "low": "1400",
          "high": "1400", "step": ""}  # fmt: skip
START = ("\r\nR1#", "ping\r\nProtocol [ip]: ", "\r\nTarget IP address: ", f"{TARGET}\r\nRepeat count [5]: ",
         "2\r\nDatagram size [100]: ", "1400\r\nTimeout in seconds [2]: ", "2\r\nExtended commands [n]: ")  # fmt: skip


def converse(wire: Wire) -> tuple[CommandOutput, Session]:
    session = Session(wire, name="r1", limits=Limits(login=0.1, idle=0.05, total=2, quiet=0.01),
                      clock=lambda: datetime.now(UTC), classes=PROBES)  # fmt: skip
    session.log_in()
    return session.converse("ping", DIALOGUE, VALUES), session


@pytest.mark.parametrize("question", [
    "Proceed with ping? [confirm]", "Enter the secret of the day: ", "Include global QOS option? [yes]: ", "Password: ",
])  # fmt: skip
def test_a_question_that_is_not_known_is_not_answered(question: str) -> None:
    wire = Wire(*START, f"y\r\n{question}")
    output, session = converse(wire)
    assert output.problem is Problem.INCOMPLETE
    assert output.text.endswith(question)
    assert wire.written == ["ping\n", "\n", f"{TARGET}\n", "2\n", "1400\n", "2\n", "y\n"]
    assert not session.open


def test_an_answer_that_is_refused_is_not_given_again() -> None:
    refused = "10.9.9.9\r\n% Invalid source. Must use same-VRF IP address\r\nSource address or interface: "
    wire = Wire(*START, "y\r\nSource address or interface: ", refused)
    output, session = converse(wire)
    assert output.problem is Problem.INCOMPLETE
    assert "% Invalid source" in output.text
    assert wire.written.count("10.9.9.9\n") == 1
    assert not session.open


def test_a_device_that_falls_silent_is_given_up() -> None:
    wire = Wire(*START, "y\r\nThinking\r\n")
    output, session = converse(wire)
    assert output.problem is Problem.TIMED_OUT
    assert not session.open
    with pytest.raises(CommandNotAllowed):
        session.converse("ping", DIALOGUE, VALUES)


def test_a_target_that_is_refused_ends_at_the_prompt() -> None:
    wire = Wire(*START[:3], f"{TARGET}\r\n% Bad IP address\r\nR1#")
    output, session = converse(wire)
    assert output.problem is Problem.UNSUPPORTED   # the DF bit was never asked for
    assert output.text.endswith("% Bad IP address\n")
    assert session.open


def test_no_answer_holds_more_than_one_line() -> None:
    wire = Wire(*START)
    session = Session(wire, name="r1", limits=Limits(login=0.1, idle=0.05), clock=lambda: datetime.now(UTC),
                      classes=PROBES)  # fmt: skip
    session.log_in()
    with pytest.raises(CommandNotAllowed):
        session.converse("ping", DIALOGUE, {**VALUES, "to": "198.51.100.7\nreload"})
    assert wire.written == ["ping\n", "\n"]
