"""The dialogue of a lab device, as an independent SSH client sees it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncssh
import pytest

from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SHORT = "one\ntwo\n"
LONG = "".join(f"row {number}\n" for number in range(60))
OUTPUTS = {"show crypto isakmp sa": SHORT, "show crypto ipsec sa": LONG}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    key = CLIENT_KEY.export_public_key("openssh").decode()
    with Lab([
        LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=OUTPUTS, banner="Authorised use only\n"),
        LabDevice(name="r2", platform=PlatformName.IOSXE, hostname="R2", outputs=OUTPUTS, enable_secret="raise"),
        LabDevice(name="asa1", platform=PlatformName.ASA, hostname="asa1", outputs=OUTPUTS, enable_secret="raise"),
        LabDevice(name="pix1", platform=PlatformName.PIX, hostname="pix1", outputs=OUTPUTS, paging=False),
        LabDevice(name="keyed", platform=PlatformName.IOS, hostname="K1", outputs=OUTPUTS, authorized_key=key),
    ]) as lab:
        yield lab


CLIENT_KEY = asyncssh.generate_private_key("ssh-ed25519")


@asynccontextmanager
async def console(lab: Lab, name: str) -> AsyncIterator[asyncssh.SSHClientProcess[str]]:
    trusted = asyncssh.import_known_hosts(lab.host_key_line(name))
    async with (
        asyncssh.connect("127.0.0.1", lab.port(name), username="lab", password="lab-password", known_hosts=trusted,
                         config=None, client_keys=None) as connection,
        connection.create_process(term_type="vt100", encoding="utf-8") as process,
    ):
        yield process


def type_and_read(lab: Lab, name: str, *steps: tuple[str, str]) -> list[str]:
    """Type each text and read up to (and with) the text awaited."""

    async def talk() -> list[str]:
        async with console(lab, name) as line:
            answers = []
            for typed, awaited in steps:
                line.stdin.write(typed)
                answers.append(str(await asyncio.wait_for(line.stdout.readuntil(awaited), 5)))
            return answers

    return asyncio.run(talk())


def test_ios_echoes_answers_and_prompts(lab: Lab) -> None:
    answers = type_and_read(lab, "r1", ("", "R1#"), ("show crypto isakmp sa\r", "R1#"), ("\r", "R1#"))
    assert answers == ["\r\nR1#", "show crypto isakmp sa\r\none\r\ntwo\r\nR1#", "\r\nR1#"]


def test_asa_greets_and_its_prompt_ends_in_a_blank(lab: Lab) -> None:
    greeting, = type_and_read(lab, "asa1", ("", "asa1> "))
    assert greeting == "User lab logged in to asa1\r\nType help or '?' for a list of available commands.\r\nasa1> "


@pytest.mark.parametrize("typed", ["sh cry isa sa", "SHOW CRYPTO IS S", "  sh  cry  isa   sa  "])
def test_commands_may_be_abbreviated(lab: Lab, typed: str) -> None:
    _, answer = type_and_read(lab, "r1", ("", "R1#"), (f"{typed}\r", "R1#"))
    assert answer.endswith("\r\none\r\ntwo\r\nR1#")


@pytest.mark.parametrize(("typed", "misfit"), [
    ("show crypto map", "map"), ("reload", "reload"), ("show crypto isakmp sa detail", "detail"), ("sh sh", "sh"),
])
def test_ios_marks_the_word_that_does_not_fit(lab: Lab, typed: str, misfit: str) -> None:
    _, text = type_and_read(lab, "r1", ("", "R1#"), (f"{typed}\r", "\nR1#"))
    caret = " " * (len("R1#") + typed.rindex(misfit)) + "^"
    assert text == f"{typed}\r\n{caret}\r\n% Invalid input detected at '^' marker.\r\n\r\nR1#"


@pytest.mark.parametrize(("typed", "answer"), [
    ("show crypto", "% Incomplete command.\r\n\r\n"),
    ("sh cry i sa", '% Ambiguous command:  "sh cry i sa"\r\n'),
])
def test_ios_refuses_what_is_unfinished_or_unclear(lab: Lab, typed: str, answer: str) -> None:
    _, text = type_and_read(lab, "r1", ("", "R1#"), (f"{typed}\r", "\nR1#"))
    assert text == f"{typed}\r\n{answer}R1#"


def test_asa_refuses_in_user_mode_and_answers_after_enable(lab: Lab) -> None:
    answers = type_and_read(
        lab, "asa1", ("", "asa1> "), ("show crypto isakmp sa\r", "asa1> "), ("terminal pager 0\r", "asa1> "),
        ("enable\r", "Password: "), ("wrong\r", "Password: "), ("raise\r", "asa1# "),
        ("terminal pager 0\r", "asa1# "), ("show crypto ipsec sa\r", "asa1# "))
    assert "ERROR: % Invalid input detected at '^' marker." in answers[1]
    assert "ERROR: % Invalid input" in answers[2]
    assert answers[4] == "*****\r\nInvalid password\r\nPassword: "
    assert answers[5] == "*****\r\nasa1# "
    assert answers[7] == "show crypto ipsec sa\r\n" + LONG.replace("\n", "\r\n") + "asa1# "


def test_ios_gives_three_tries_for_the_enable_secret(lab: Lab) -> None:
    answers = type_and_read(lab, "r2", ("", "R2>"), ("enable\r", "Password: "), ("a\r", "Password: "),
                            ("b\r", "Password: "), ("c\r", "R2>"), ("en\r", "Password: "), ("raise\r", "R2#"))
    assert answers[4] == "\r\n% Bad secrets\r\n\r\nR2>"


def test_ios_pages_until_told_otherwise(lab: Lab) -> None:
    wipe = "\b" * 9 + " " * 8 + "\b" * 9
    _, first, page, line, end, off, whole = type_and_read(
        lab, "r1", ("", "R1#"), ("show crypto ipsec sa\r", "--More-- "), (" ", "--More-- "), ("\r", "--More-- "),
        ("q", "R1#"), ("terminal length 0\r", "R1#"), ("show crypto ipsec sa\r", "R1#"))
    assert first.count("row ") == 23
    assert page.startswith(f"{wipe}row 23\r\n")
    assert page.count("row ") == 23
    assert line == f"{wipe}row 46\r\n --More-- "
    assert end == f"{wipe}R1#"
    assert off == "terminal length 0\r\nR1#"
    assert whole == "show crypto ipsec sa\r\n" + LONG.replace("\n", "\r\n") + "R1#"


def test_asa_pages_in_its_own_way(lab: Lab) -> None:
    answers = type_and_read(
        lab, "asa1", ("", "asa1> "), ("enable\r", "Password: "), ("raise\r", "asa1# "),
        ("show crypto ipsec sa\r", "<--- More --->"), (" ", "<--- More --->"), ("q", "asa1# "))
    assert answers[4].startswith("\r" + " " * 14 + "\rrow 23\r\n")


def test_another_key_at_a_page_end_is_lost(lab: Lab) -> None:
    answers = type_and_read(lab, "r1", ("", "R1#"), ("show crypto ipsec sa\r", "--More-- "), ("show clock\r", "\nR1#"))
    assert "how clock\r\n" in answers[2]
    assert lab.commands("r1")[-1] == "how clock"


def test_a_terminal_without_pages(lab: Lab) -> None:
    _, whole = type_and_read(lab, "pix1", ("", "pix1# "), ("show crypto ipsec sa\r", "pix1# "))
    assert whole.count("row ") == 60


@pytest.mark.parametrize(("name", "prompt", "words"), [
    ("r1", "R1#", "Cisco IOS Software"), ("r2", "R2>", "Cisco IOS XE Software"),
    ("asa1", "asa1> ", "Adaptive Security Appliance"), ("pix1", "pix1# ", "PIX Security Appliance"),
])
def test_every_device_says_what_it_is_and_what_time_it_is(lab: Lab, name: str, prompt: str, words: str) -> None:
    _, version, clock = type_and_read(lab, name, ("", prompt), ("show version\r", f"\n{prompt}"),
                                      ("show clock\r", f"\n{prompt}"))
    assert words in version
    assert " UTC " in clock


def test_configuration_mode_is_seen(lab: Lab) -> None:
    answers = type_and_read(lab, "r1", ("", "R1#"), ("conf t\r", "R1(config)#"), ("crypto map M 1\r", "R1(config)#"),
                            ("\x1a", "R1#"))
    assert answers[1].startswith("conf t\r\nEnter configuration commands")
    assert lab.commands("r1")[-3:] == ("conf t", "crypto map M 1", "end")


def test_line_editing(lab: Lab) -> None:
    _, answer = type_and_read(lab, "r1", ("", "R1#"), ("oops\x15show clokc\b\bck\r", "\nR1#"))
    assert " UTC " in answer


def test_exit_ends_the_session(lab: Lab) -> None:
    async def leave() -> str:
        async with console(lab, "r1") as line:
            line.stdin.write("exit\r")
            return str(await asyncio.wait_for(line.stdout.read(), 5))

    assert asyncio.run(leave()) == "\r\nR1#exit\r\n"


def test_what_was_done_is_recorded(lab: Lab) -> None:
    before, sessions, attempts = lab.commands("r2"), lab.sessions("r2"), lab.auth_attempts("r2")
    type_and_read(lab, "r2", ("", "R2>"), ("\r", "R2>"), ("enable\r", "Password: "), ("raise\r", "R2#"))
    assert lab.commands("r2")[len(before):] == ("enable", "raise")
    assert lab.received("r2").endswith(b"\renable\rraise\r")
    assert (lab.sessions("r2"), lab.auth_attempts("r2")) == (sessions + 1, attempts + 1)


def test_a_wrong_password_is_refused(lab: Lab) -> None:
    attempts = lab.auth_attempts("r1")

    async def knock() -> None:
        await asyncssh.connect("127.0.0.1", lab.port("r1"), username="lab", password="guess", known_hosts=None,
                               config=None, client_keys=None)

    with pytest.raises(asyncssh.PermissionDenied):
        asyncio.run(knock())
    assert lab.auth_attempts("r1") == attempts + 1


@pytest.mark.parametrize(("name", "let_in"), [("keyed", True), ("r1", False)])
def test_a_key_logs_in_only_where_it_is_known(lab: Lab, name: str, *, let_in: bool) -> None:
    async def knock() -> None:
        async with asyncssh.connect("127.0.0.1", lab.port(name), username="lab", known_hosts=None, config=None,
                                    client_keys=[CLIENT_KEY], preferred_auth="publickey"):
            pass

    if let_in:
        asyncio.run(knock())
    else:
        with pytest.raises(asyncssh.PermissionDenied):
            asyncio.run(knock())


def test_a_single_command_without_a_terminal(lab: Lab) -> None:
    async def run() -> str:
        async with asyncssh.connect("127.0.0.1", lab.port("pix1"), username="lab", password="lab-password",
                                    known_hosts=None, config=None, client_keys=None) as connection:
            return str((await connection.run("show crypto isakmp sa")).stdout)

    assert asyncio.run(run()) == "one\r\ntwo\r\n"
