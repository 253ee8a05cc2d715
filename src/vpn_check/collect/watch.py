"""A session on which debugs show up: their lines as they come, and commands in their midst."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vpn_check.collect.permit import permit
from vpn_check.collect.stream import StreamClosedError, StreamSilentError
from vpn_check.model.transcript import CommandOutput, Problem
from vpn_check.platforms.base import REFUSALS

if TYPE_CHECKING:
    from vpn_check.collect.session import Session
    from vpn_check.model.transcript import Command
    from vpn_check.platforms.ping import Question

_MOST = 500_000   # characters in whose midst an answer is looked for
_CONFIRMED = 0.05   # seconds of silence that confirm a prompt
_LOOK = 0.2   # seconds of silence that end an answer in whose midst lines may come


class Watch:
    """Reads what a session shows unasked.

    Args:
        session: logged in and prepared; nobody else uses it meanwhile.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def open(self) -> bool:
        """Whether the session still takes lines."""
        return self._session.open

    @property
    def prompt(self) -> str:
        """The device's name as its prompt says it."""
        return self._session.line.prompt.name

    def heard(self, seconds: float) -> str:
        """What comes within so long, as soon as anything comes; empty: nothing.

        Raises:
            StreamClosedError: the device, or the path, ended the session.
        """
        try:
            self._session.line.stream.quiet(seconds)
        except StreamClosedError:
            self._session.line.shut()
            rest = self._session.line.stream.take()
            if rest:
                return rest
            raise
        return self._session.line.stream.take()

    def tell(self, command: Command, *, patience: float) -> CommandOutput:
        """Send a command where its answer may be torn by other lines, and wait for what looks like its end.

        The text of the output is all that came; lines that are no part of the answer are in it. An answer that is not
        seen in time, or before half a megabyte of other text, has the problem `TIMED_OUT`; the session stays open.

        Raises:
            CommandNotAllowed: the session was not opened for this. Nothing was sent.
        """
        permit(command, self._session.classes)
        line = self._session.line
        if not line.open:
            return CommandOutput(command=command.text, text="", prompt=self.prompt, problem=Problem.CLOSED)
        text = ""
        problem: Problem | None = Problem.TIMED_OUT
        end = time.monotonic() + patience
        try:
            line.send_permitted(command.text)
            while (left := end - time.monotonic()) > 0 and len(text) < _MOST:
                piece = self.heard(min(_LOOK, left))
                text += piece
                if command.text in text and (not piece or line.prompt.ends(text[-512:])):
                    problem = None
                    break
        except StreamClosedError:
            line.shut()
            problem = Problem.CLOSED
        return CommandOutput(command=command.text, text=text, prompt=self.prompt,
                             problem=problem or _refusal(text, command.text))

    def close(self) -> None:
        """Log out."""
        if self._session.open:
            self._session.close()


def _refusal(text: str, command: str) -> Problem | None:
    answer = text[text.index(command) + len(command):].splitlines()
    return next((problem for line in answer for pattern, problem in REFUSALS if pattern.search(line)), None)


def ask_and_confirm(session: Session, command: Command, question: Question, *, limit: float) -> CommandOutput:
    """Ask a command that may put one question back, and give it the answer that was foreseen.

    Raises:
        CommandNotAllowed: the session was not opened for this. Nothing was sent.
    """
    permit(command, session.classes)
    line = session.line
    problem: Problem | None = None
    shown = ""

    def asked() -> bool:
        return line.asks((question,)) is not None

    try:
        line.send_permitted(command.text)
        line.stream.wait(lambda: asked() or line.answered(command.text, _CONFIRMED), idle=limit, total=limit)
        if asked():
            shown = line.answer(question, question.answer)
            line.stream.wait(line.at_prompt, idle=limit, total=limit)
    except StreamSilentError:
        problem = Problem.TIMED_OUT
    except StreamClosedError:
        problem = Problem.CLOSED
    text = shown + line.stream.take()
    if problem is not None:
        line.shut()
    return CommandOutput(command=command.text, text=line.prompt.cut(text), prompt=line.prompt.name,
                         problem=problem or (_refusal(text, command.text) if command.text in text else None))
