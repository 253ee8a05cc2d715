"""Whatever the outputs look like and however they arrive, each answer is its command's own, to the letter."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vpn_check.collect.limits import Limits
from vpn_check.collect.session import Session
from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command
from vpn_check.platforms import PLATFORMS

COMMANDS = ("show crypto isakmp sa", "show crypto ikev2 sa", "show crypto ipsec sa")
LINES = ["R1#", "R1>", " R1#", "R1# is down", "R1#show version", "R1(config)#", "#", ">", "", "   ", "interface: Gi0/0",
         "% Invalid input detected at '^' marker.", "Command authorization failed.", "Password:", "a --More-- b",
         "exit", "show clock", *COMMANDS, "peer \u00fc \u20ac", "x" * 300]
PAUSE = 0.2   # seconds: longer than the short silence that confirms a prompt, shorter than any limit


class Device:
    """A channel with a device at its end. Its answers arrive in the pieces given, `cuts`, with pauses between some."""

    def __init__(self, outputs: dict[str, str], cuts: list[int], pauses: list[bool], page: int) -> None:
        self._outputs = outputs
        self._cuts, self._pauses = deque(cuts), deque(pauses)
        self._page = page
        self._rest: list[str] = []
        self._pieces: deque[bytes | float] = deque()
        self._timeout = 0.0
        self._typed = ""
        self.received: list[str] = []
        self._say("\r\nR1#")

    def settimeout(self, timeout: float, /) -> None:
        self._timeout = timeout

    def recv(self, _size: int, /) -> bytes:
        waited = 0.0
        while self._pieces:
            piece = self._pieces.popleft()
            if isinstance(piece, bytes):
                return piece
            if waited + piece > self._timeout:
                self._pieces.appendleft(piece - (self._timeout - waited))
                break
            waited += piece
        raise TimeoutError

    def sendall(self, data: bytes, /) -> None:
        for key in data.decode():
            if self._rest:
                assert key == " ", "a key that is no space at a page end"
                self._say("\b" * 9 + " " * 8 + "\b" * 9)
                self._show()
            elif key == "\n":
                line, self._typed = self._typed, ""
                self.received.append(line)
                self._say("\r\n")
                self._answer(line)
            else:
                self._typed += key
                self._say(key)

    def _answer(self, line: str) -> None:
        if line == "terminal length 0":
            self._say("Command authorization failed.\r\n\r\nR1#" if self._page else "R1#")
        elif line != "exit":
            self._rest = self._outputs[line].splitlines()
            self._show()

    def _show(self) -> None:
        count = self._page or len(self._rest)
        shown, self._rest = self._rest[:count], self._rest[count:]
        self._say("".join(f"{line}\r\n" for line in shown) + (" --More-- " if self._rest else "R1#"))

    def _say(self, text: str) -> None:
        data = text.encode()
        while data:
            size = self._cuts[0] if self._cuts else len(data)
            self._cuts.rotate(-1)
            self._pieces.append(data[:size])
            data = data[size:]
            if self._pauses and self._pauses[0]:
                self._pieces.append(PAUSE)
            self._pauses.rotate(-1)


texts = st.lists(st.sampled_from(LINES), max_size=12).map(lambda lines: "".join(f"{line}\n" for line in lines))


def without_last_prompts(text: str) -> list[str]:
    """The lines but those at the end that are prompts: nobody can tell them from a prompt that was shown twice."""
    lines = text.splitlines()
    while lines and lines[-1].strip() in {"R1#", "R1>", "R1(config)#", ""}:
        lines.pop()
    return lines


def ask(outputs: list[str], cuts: list[int], pauses: list[bool], page: int) -> None:
    own = dict(zip(COMMANDS, outputs, strict=True))
    device = Device(own, cuts, pauses, page)
    session = Session(device, name="r1", limits=Limits(), clock=lambda: datetime.now(UTC))
    session.log_in()
    session.prepare(PLATFORMS[PlatformName.IOS])

    answers = list(session.run_all([Command(text=command, needed=False) for command in COMMANDS]))

    assert [answer.command for answer in answers] == [*COMMANDS]
    for answer in answers:
        assert without_last_prompts(answer.text) == without_last_prompts(own[answer.command])
    assert device.received == ["terminal length 0", *COMMANDS, "exit"]


@given(st.lists(texts, min_size=3, max_size=3), st.lists(st.integers(1, 40), max_size=20),
       st.lists(st.booleans(), max_size=9), st.sampled_from([0, 0, 4]))
def test_each_answer_is_its_commands_own(outputs: list[str], cuts: list[int], pauses: list[bool], page: int) -> None:
    ask(outputs, cuts, pauses, page)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(st.lists(texts, min_size=3, max_size=3), st.lists(st.integers(1, 400), max_size=30),
       st.lists(st.booleans(), max_size=20), st.integers(0, 9))
def test_each_answer_is_its_commands_own_at_length(outputs: list[str], cuts: list[int], pauses: list[bool],
                                                   page: int) -> None:
    ask(outputs, cuts, pauses, page)
