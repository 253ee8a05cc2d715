"""Nothing is written to a device but what its session was opened for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vpn_check.collect.limits import Limits
from vpn_check.collect.line import CommandLine
from vpn_check.collect.permit import permit, permit_dialogue
from vpn_check.collect.session import Session
from vpn_check.errors import CommandNotAllowed, DialogueError
from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command, CommandClass, CommandOutput, Transcript
from vpn_check.platforms import PLATFORMS

ALL = tuple(CommandClass)


class Wire:
    """A channel that shows a prompt and writes down what it gets."""

    def __init__(self, *shown: str) -> None:
        self.shown = [text.encode() for text in shown]
        self.written: list[bytes] = []

    def recv(self, _size: int, /) -> bytes:
        if not self.shown or not self.shown[0]:
            self.shown = self.shown[1:]   # an empty piece is a silence
            raise TimeoutError
        return self.shown.pop(0)

    def sendall(self, data: bytes, /) -> None:
        self.written.append(data)

    def settimeout(self, _seconds: float, /) -> None:
        return None


@pytest.mark.parametrize("text", [
    "show crypto ipsec sa", "show crypto isakmp sa detail", "show running-config | section crypto",
    "show crypto ipsec sa | i encaps|decaps",
])
def test_what_reads_is_permitted(text: str) -> None:
    if text.endswith("encaps|decaps"):   # an alternative in an include pattern looks like a second filter: refused
        with pytest.raises(CommandNotAllowed):
            permit(Command(text=text), ALL)
    else:
        permit(Command(text=text), (CommandClass.READ,))


@pytest.mark.parametrize("text", [
    "configure terminal", "clear crypto sa", "reload", "show", "show ", "showx", " show version", "Show version", "",
    "show version\n", "show version\nreload", "show version\rreload", "show version ; reload", "show crypto ?",
    "show run | redirect flash:x", "show run | tee flash:x", "show run | append flash:x", "show run | red flash:x",
    "show run |", "show run > flash:x", "show version\x03", "show\tversion", "show version\x1b[A", "do show version",
    "debug crypto isakmp", "exit", "enable", "terminal width 511",
])
def test_what_is_not_plainly_a_read_is_refused(text: str) -> None:
    with pytest.raises(CommandNotAllowed) as caught:
        permit(Command(text=text), ALL)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "kind"), [
    ("debug crypto isakmp", CommandClass.DEBUG), ("no debug crypto isakmp", CommandClass.DEBUG),
    ("debug crypto condition peer ipv4 192.0.2.1", CommandClass.DEBUG), ("terminal no monitor", CommandClass.DEBUG),
    ("no debug crypto condition peer 192.0.2.1", CommandClass.DEBUG), ("debug crypto ikev1 127", CommandClass.DEBUG),
    ("debug crypto condition peer ipv6 2001:db8::1", CommandClass.DEBUG),
    ("ping 192.0.2.1 size 1400 df-bit repeat 2 timeout 2", CommandClass.PROBE),
    ("ping vrf RED 192.0.2.1 source Gi0/0/1.100 size 18024 df-bit repeat 10 timeout 5", CommandClass.PROBE),
    ("ping inside 192.0.2.1 size 1400 repeat 5 timeout 2", CommandClass.PROBE),
])
def test_other_classes_need_a_session_that_was_opened_for_them(text: str, kind: CommandClass) -> None:
    command = Command(text=text, kind=kind)

    permit(command, (CommandClass.READ, kind))
    with pytest.raises(CommandNotAllowed):
        permit(command, (CommandClass.READ,))


@pytest.mark.parametrize("text", [
    "ping", "ping 192.0.2.1", "ping 192.0.2.1 size 1400 df-bit", "ping 192.0.2.1 size 1400 df-bit repeat 100 timeout 2",
    "ping 192.0.2.1 size 1400 df-bit repeat 2 timeout 60", "ping host.example size 1400 df-bit repeat 2 timeout 2",
    "ping 192.0.2.1 size 1400 df-bit repeat 2 timeout 2 ", "ping 192.0.2.1 size 1400 df-bit repeat 2 timeout 2\nreload",
    "ping 192.0.2.1 source a b size 1400 df-bit repeat 2 timeout 2", "traceroute 192.0.2.1", "ping tcp 192.0.2.1 80",
    "ping 192.0.2.1 | redirect flash:x", "telnet 192.0.2.1",
])
def test_a_probe_is_a_small_ping_and_nothing_else(text: str) -> None:
    with pytest.raises(CommandNotAllowed):
        permit(Command(text=text, kind=CommandClass.PROBE), ALL)


@pytest.mark.parametrize(("opening", "opened"), [
    ("ping", (CommandClass.READ,)), ("ping 192.0.2.1", ALL), ("copy", ALL), ("configure", ALL), ("ping\nreload", ALL),
    ("reload", ALL), ("ping vrf", ALL), ("ping vrf A B", ALL),
])
def test_no_dialogue_is_opened_but_that_of_ping(opening: str, opened: tuple[CommandClass, ...]) -> None:
    with pytest.raises(CommandNotAllowed):
        permit_dialogue(opening, opened)
    permit_dialogue("ping", ALL)
    permit_dialogue("ping vrf RED", ALL)


@pytest.mark.parametrize("text", [
    "undebug all", "no debug all", "debug all", "debug ip packet", "debug crypto pki messages", "u all",
    "undebug crypto isakmp", "debug crypto", "debug crypto isakmp 127 ", "debug crypto ikev1 0",
    "debug crypto ikev1 255", "debug crypto ikev1 1270", "no debug crypto condition reset",
    "debug crypto condition unmatched", "debug crypto condition peer ipv4 192.0.2.1 ", "debug crypto condition peer",
    "debug crypto condition peer ipv4 192.0.2.256", "debug crypto condition peer ipv4 0.0.0.0",
    "debug crypto condition peer ipv4 192.0.2.1 | redirect flash:x", "debug crypto condition peer ipv4 router2",
    "debug crypto condition peer ipv4 192.0.2.1\nreload", "terminal monitor all", "logging monitor debugging",
    "show debugging", "no debug crypto condition peer ipv4 224.0.0.5",
])
def test_a_debug_that_is_in_no_table_is_refused(text: str) -> None:
    with pytest.raises(CommandNotAllowed):
        permit(Command(text=text, kind=CommandClass.DEBUG), ALL)


def test_every_command_of_the_tables_is_permitted() -> None:
    for platform in PLATFORMS.values():
        for command in platform.reads():
            permit(command, (CommandClass.READ,))
        permit(Command(text=platform.mtu_lines.format(interface="Tunnel0")), (CommandClass.READ,))
        for forms in platform.debugs:
            for line in forms.lines():
                text = line.replace("{peer}", "192.0.2.1").replace("{level}", "127")
                permit(Command(text=text, kind=CommandClass.DEBUG), (CommandClass.DEBUG,))
            reads = (forms.listed, forms.conditions, forms.sessions, forms.cpu, forms.logging, *forms.history)
            for text in filter(None, reads):
                permit(Command(text=text), (CommandClass.READ,))


def test_a_refused_command_reaches_nobody() -> None:
    wire = Wire("\r\nR1#")
    session = Session(wire, name="r1", limits=Limits(), clock=lambda: datetime.now(UTC))
    session.log_in()

    for text in ("reload", "show version\nreload"):
        with pytest.raises(CommandNotAllowed):
            session.run(Command(text=text))

    assert wire.written == []
    assert session.open


def test_only_what_was_let_in_is_written() -> None:
    wire = Wire()
    line = CommandLine(wire, write_limit=1, on_line=lambda _: None)

    for text in ("enable", "terminal length 0", "reload"):
        with pytest.raises(CommandNotAllowed):
            line.send(text)
    with pytest.raises(CommandNotAllowed):
        line.send_secret("x")
    line.allow("enable")
    line.send("enable")
    line.shut()
    with pytest.raises(CommandNotAllowed):
        line.send("enable")

    assert wire.written == [b"enable\n"]


def test_after_a_time_out_nothing_more_is_sent() -> None:
    wire = Wire("\r\nR1#")
    session = Session(wire, name="r1", limits=Limits(idle=0.01), clock=lambda: datetime.now(UTC))
    session.log_in()

    session.run(Command(text="show version"))
    with pytest.raises(CommandNotAllowed):
        session.run(Command(text="show clock"))
    session.close()

    assert wire.written == [b"show version\n"]


def test_what_is_sent_can_be_told_apart_from_what_came() -> None:
    heard: list[str] = []
    wire = Wire("\r\nR1#", "show clock\r\n", "12:00\r\nR", "1#")
    session = Session(wire, name="r1", limits=Limits(), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
                      on_command=heard.append)
    session.log_in()

    output = session.run(Command(text="show clock"))

    assert output == CommandOutput(command="show clock", text="12:00\n", prompt="R1",
                                   received_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert heard == ["show clock"]
    assert Transcript(device="r1", outputs=(output,)).outputs[0] is output


@pytest.mark.parametrize("shown", [
    "Press RETURN to get started.\r\n", "\r\nUsername: ", "Password expired.\r\nEnter new password: ",
    "Enter PASSCODE: ", "Accept the policy? [yes/no]: ",
])
def test_a_question_after_the_log_in_is_refused_in_silence(shown: str) -> None:
    wire = Wire("Welcome\r\n", shown)
    session = Session(wire, name="r1", limits=Limits(login=0.2), clock=lambda: datetime.now(UTC))

    with pytest.raises(Exception, match="nothing was sent"):
        session.log_in()

    assert wire.written == []


def test_a_banner_line_that_looks_like_a_prompt_is_unlearned() -> None:
    wire = Wire("notice\r\nother#" )
    session = Session(wire, name="r1", limits=Limits(login=0.2), clock=lambda: datetime.now(UTC))
    session.log_in()
    wire.shown += [b" is not our router\r\nR1#", b"show clock\r\n12:00\r\nR1#"]

    output = session.run(Command(text="show clock"))

    assert (output.text, output.prompt) == ("12:00\n", "R1")


def test_what_comes_in_the_short_silence_behind_a_banner_line_is_looked_at_at_once() -> None:
    wire = Wire("notice\r\nother#", " is not our router\r\nR1#")
    session = Session(wire, name="r1", limits=Limits(login=0.2), clock=lambda: datetime.now(UTC))
    session.log_in()
    wire.shown += [b"show clock\r\n12:00\r\nR1#"]

    assert session.run(Command(text="show clock")).prompt == "R1"


def test_a_banner_line_that_looks_privileged_does_not_spare_the_enable_secret() -> None:
    wire = Wire("notice\r\nother#")
    session = Session(wire, name="r1", limits=Limits(login=0.2), clock=lambda: datetime.now(UTC))
    session.log_in()
    wire.shown += [b" is not our router\r\nR1>", b"terminal length 0\r\nR1>", b"", b"enable\r\nPassword: ",
                   b"\r\nR1#", b"terminal length 0\r\nR1#"]

    session.prepare(PLATFORMS[PlatformName.IOS], enable_secret="battery-staple-9")

    assert session.privileged
    assert wire.written == [b"terminal length 0\n", b"enable\n", b"battery-staple-9\n", b"terminal length 0\n"]


def test_a_question_behind_enable_is_not_answered() -> None:
    wire = Wire("\r\nR1>", "enable\r\nUsername: ")
    session = Session(wire, name="r1", limits=Limits(enable=0.1), clock=lambda: datetime.now(UTC))
    session.log_in()

    with pytest.raises(DialogueError, match="for another log-in"):
        session.prepare(PLATFORMS[PlatformName.IOS], enable_secret="battery-staple-9")

    assert wire.written == [b"enable\n"]


@pytest.mark.parametrize("prompt", [
    "R1>", "R1#", "R1(config)#", "R1(config-if)#", "asa/ctx/act# ", "asa/pri/act> ", "asa/ctx/act(config)# ",
    "abcdefghijklmnopqrst#", "fw-1.example_net:main# ", "5506-x> ",
])
def test_every_form_of_a_prompt_is_learned_and_found_again(prompt: str) -> None:
    wire = Wire(f"\r\n{prompt}", f"show clock\r\n12:00\r\n{prompt}")
    session = Session(wire, name="r1", limits=Limits(idle=0.2), clock=lambda: datetime.now(UTC))
    session.log_in()

    output = session.run(Command(text="show clock"))

    assert (output.text, output.problem) == ("12:00\n", None)
    assert output.prompt == prompt.partition("(")[0].rstrip("># ")
    assert session.privileged is ("#" in prompt)


def test_a_log_message_behind_the_prompt_does_not_hide_it() -> None:
    wire = Wire("\r\nR1#", "show clock\r\n12:00\r\nR1#", "\r\n*Nov 23 09:00:00.1: %SYS-5-CONFIG_I: by console\r\n")
    session = Session(wire, name="r1", limits=Limits(login=0.2, idle=0.2), clock=lambda: datetime.now(UTC))
    session.log_in()

    output = session.run(Command(text="show clock"))

    assert (output.text, output.problem) == ("12:00\n", None)
    assert "%SYS-5-CONFIG_I" in session.notices


def test_a_character_split_between_two_packets_is_whole() -> None:
    wire = Wire("\r\nR1#")
    session = Session(wire, name="r1", limits=Limits(), clock=lambda: datetime.now(UTC))
    session.log_in()
    text = "show clock\r\nZ\u00fcrich \u20ac\r\nR1#".encode()
    wire.shown += [text[n:n + 1] for n in range(len(text))]

    assert session.run(Command(text="show clock")).text == "Z\u00fcrich \u20ac\n"


def test_a_session_that_ends_right_behind_an_answer_ends_without_a_crash() -> None:
    class Cut(Wire):
        def recv(self, _size: int, /) -> bytes:
            return self.shown.pop(0) if self.shown else b""

    wire = Cut("\r\nR1#")
    session = Session(wire, name="r1", limits=Limits(), clock=lambda: datetime.now(UTC))
    session.log_in()
    wire.shown.append(b"show clock\r\n12:00\r\nR1#")

    output = session.run(Command(text="show clock"))

    assert (output.text, output.problem, session.open) == ("12:00\n", None, False)
