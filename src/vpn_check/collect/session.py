"""A session: asks commands, and proves that each answer is whole and belongs to its command.

The end of an answer is the prompt as the very last text. A line of the output can look the same, so the end is proved
by what follows: the echo of the next command stands directly behind the prompt, or else what came in between still
belongs to the answer before. The last answer is proved by the echo of `exit`.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from vpn_check.collect.converse import converse
from vpn_check.collect.first_prompt import await_prompt
from vpn_check.collect.line import EXIT, CommandLine
from vpn_check.collect.permit import permit, permit_dialogue
from vpn_check.collect.privilege import raise_privilege
from vpn_check.collect.screen import split_syslog, without_trailing_syslog
from vpn_check.collect.stream import Channel, StreamClosedError, StreamSilentError
from vpn_check.errors import DeviceError, DeviceTimeout, SessionClosed
from vpn_check.model.transcript import Command, CommandClass, CommandOutput, Problem
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.base import privilege_level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from vpn_check.collect.limits import Limits
    from vpn_check.platforms import Platform
    from vpn_check.platforms.ping import Question

ENABLE = "enable"
"""What every platform calls it."""
_PAGED = 5   # times the short silence, where a prompt must be certain before anything is sent
_LONG = 60.0
"""Seconds: a command that may take longer may also be silent for longer, since some think before they speak."""
Failure = TypeVar("Failure", bound=DeviceError)


class Session:
    """One log-in on one device, over a channel on which the device's shell has just been opened.

    Args:
        channel: the open shell.
        name: the device's name, for sentences.
        limits: deadlines.
        clock: the time, aware and in UTC.
        classes: the classes of commands that this session may send.
        on_command: is told every line before it is sent, secrets aside.
    """

    def __init__(
        self, channel: Channel, *, name: str, limits: Limits, clock: Callable[[], datetime],
        classes: Iterable[CommandClass] = (CommandClass.READ,), on_command: Callable[[str], None] | None = None,
    ) -> None:
        self._line = CommandLine(channel, write_limit=limits.idle, on_line=on_command or (lambda _line: None))
        self._name = name
        self._limits = limits
        self._clock = clock
        self._classes = frozenset(classes)
        self._shown_prompt = ""
        self._platform: Platform | None = None
        self._notices: list[str] = []
        self.refused: dict[str, Problem] = {}
        """The lines of the preparation that the device refused: then page ends are answered one by one."""
        self.level: int | None = None
        self._end = time.monotonic() + limits.device

    @property
    def open(self) -> bool:
        """Whether commands may still be asked: no time-out, no end of the session so far."""
        return self._line.open

    @property
    def notices(self) -> str:
        """Log messages that the terminal showed in between."""
        return "".join(self._notices)

    @property
    def privileged(self) -> bool:
        """Whether the prompt is the privileged one."""
        return self._line.privileged

    @property
    def line(self) -> CommandLine:
        """The command line itself, for what is neither a question nor an answer: a debug that is watched."""
        return self._line

    @property
    def classes(self) -> frozenset[CommandClass]:
        """The classes of commands that this session may send."""
        return self._classes

    def hurry(self, idle: float, total: float) -> None:
        """From now on wait no longer than so many seconds without a byte, and so many for a whole answer."""
        self._limits = replace(self._limits, idle=min(idle, self._limits.idle), total=min(total, self._limits.total))

    # -- log-in and preparation --------------------------------------------------------------------------------------

    def log_in(self) -> None:
        """Wait for the prompt. Raises DeviceError of the class that says what came instead."""
        await_prompt(self._line, name=self._name, limits=self._limits)

    def prepare(self, platform: Platform, *, enable_secret: str | None = None) -> None:
        """Raise the privilege where there is a secret and a need, and switch the pager off.

        A refused pager command is no failure: page ends are then answered one by one.

        Raises:
            PrivilegeError: the enable secret is wrong.
        """
        self._platform = platform
        self._line.allow(*platform.open_commands)
        self._line.allow(platform.enable_command)
        if enable_secret and not self._line.privileged:
            self._enable(platform.enable_command, enable_secret)
        self._exchange_all(platform.open_commands)
        if enable_secret and not self._line.privileged:   # a banner had looked like a privileged prompt
            self._enable(platform.enable_command, enable_secret)
            self._exchange_all(platform.open_commands)

    def enable(self, secret: str) -> None:
        """Raise the privilege before the platform is known. Raises PrivilegeError where the secret is wrong."""
        self._line.allow(ENABLE)
        self._enable(ENABLE, secret)

    def _exchange_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._exchange(line)

    def _enable(self, command: str, secret: str) -> None:
        raise_privilege(self._line, command, secret, name=self._name, limits=self._limits)

    def _exchange(self, command: str) -> None:
        limits, line = self._limits, self._line
        try:
            line.send(command)
            line.stream.wait(lambda: line.answered(command, limits.quiet), idle=limits.idle, total=self._total())
        except StreamSilentError:
            raise self._failed(DeviceTimeout(
                f"{self._name}: no answer to `{command}` within {limits.idle:g} s.",
                code="no-answer-to-command",
                hint="Look at the device's load, or raise --timeout.")) from None
        except StreamClosedError:
            raise self._failed(SessionClosed(
                f"{self._name}: the device ended the session at `{command}`.",
                code="closed-at-command",
                hint="Try again; if it stays, look at the device's log.")) from None
        problem = self._platform.classify(line.stream.take()) if self._platform else None
        if problem is not None:
            self.refused[command] = problem

    def _total(self) -> float:
        """Seconds that a command may take now: its own limit, or what is left of the device's."""
        return max(min(self._limits.total, self._end - time.monotonic()), 0.0)

    def _idle(self, command: Command) -> float:
        idle = self._limits.idle
        return idle if (command.seconds or 0) <= _LONG else max(idle, min(4 * idle, _LONG))

    # -- commands ----------------------------------------------------------------------------------------------------

    def run(self, command: Command) -> CommandOutput:
        """Ask one command and wait for its answer; a short silence behind the prompt confirms its end.

        Raises:
            CommandNotAllowed: the command is outside what the session was opened for. Nothing was sent.
        """
        output, early = self._ask(command)
        self._notices.append(early.lstrip("\n"))
        return self._confirmed(output, self._limits.quiet)

    def _confirmed(self, output: CommandOutput, quiet: float) -> CommandOutput:
        """An output with all that comes until there is silence behind the prompt."""
        late = ""
        while self.open and not self._silent(quiet):
            with suppress(StreamSilentError, StreamClosedError):
                self._line.stream.wait(self._line.at_prompt, idle=self._limits.idle, total=self._total())
            late += self._line.stream.take()
        return self._completed(output, self._shown_prompt, self._line.prompt.cut(self._without_last_notices(late)))

    def _silent(self, quiet: float) -> bool:
        """Whether nothing comes for so long; from a session that ended nothing more does."""
        try:
            return self._line.stream.quiet(quiet)
        except StreamClosedError:
            self._line.shut()
            return True

    def run_all(self, commands: Iterable[Command]) -> Iterator[CommandOutput]:
        """Ask commands in turn, each answer proved by the echo of the next line, and log out.

        After a command that timed out, or at which the session ended, nothing more is sent; the commands behind it
        are not asked and yield nothing. A device that does not know a needed command is asked for the privilege level
        as well, which `level` then holds: it may be the reason.
        """
        held: CommandOutput | None = None
        unknown = False
        for command in commands:
            shown = self._shown_prompt
            output, early = self._ask(command)
            if held is not None:
                yield self._completed(held, shown, early)
            held = self._confirmed(output, self._limits.quiet * _PAGED) if self._paged else output
            unknown = unknown or (command.needed and output.problem is Problem.UNSUPPORTED)
            if not self.open:
                break
        if held is None:
            return
        shown = self._shown_prompt
        if unknown and self.open and self._platform is not None:
            answer, early = self._ask(self._platform.level_command)
            yield self._completed(held, shown, early)
            self.level = privilege_level(answer.text)
            self.close()
        else:
            yield self._completed(held, shown, self.close()) if self.open else held

    @property
    def _paged(self) -> bool:
        """Whether pages appear: a line sent behind what only looked like a prompt would lose its first letter there."""
        return self._line.stream.pages > 0 or bool(self.refused)

    def converse(self, opening: str, questions: Sequence[Question], values: Mapping[str, str]) -> CommandOutput:
        """Open the ping dialogue, answer the questions that are known, and wait for its end.

        The problem of the output is INCOMPLETE where a question was not answered: its line ends the text, and the
        session is over. It is UNSUPPORTED where the question that matters did not come.

        Raises:
            CommandNotAllowed: the dialogue is outside what the session was opened for. Nothing was sent.
        """
        permit_dialogue(opening, self._classes)
        held = converse(self._line, opening, questions, values, self._limits)
        text = self._without_notices(opening, held.text)
        return CommandOutput(command=opening, text=text, received_at=self._clock(), problem=held.problem,
                             prompt=self._line.prompt.name)

    def _ask(self, command: Command) -> tuple[CommandOutput, str]:
        """Ask one command: its answer so far, and what came before its echo."""
        permit(command, self._classes)
        limits, line = self._limits, self._line
        size = command.size or sys.maxsize
        problem: Problem | None = None
        try:
            line.send_permitted(command.text)
            line.stream.wait(lambda: line.stream.size > size or line.answered(command.text, limits.quiet),
                             idle=self._idle(command),
                             total=min(command.seconds or limits.total, self._total()))
            if line.stream.size > size:
                problem = Problem.INCOMPLETE
        except StreamSilentError:
            problem = Problem.TIMED_OUT
        except StreamClosedError:
            problem = Problem.CLOSED
        text = line.stream.take()
        echo = line.prompt.echo(command.text, text)
        early, answer = (text[:echo[0]], text[echo[1]:]) if echo else (text, "")
        if problem is None:
            whole = self._without_last_notices(answer)
            answer = line.prompt.cut(whole)
            self._shown_prompt = whole[len(answer):]
        else:
            line.shut()
        output = CommandOutput(command=command.text, text=self._without_notices(command.text, answer),
                               received_at=self._clock(), problem=problem, prompt=line.prompt.name)
        return self._classified(output), early

    def _without_notices(self, command: str, text: str) -> str:
        if command.startswith("show log"):
            return text
        text, notices = split_syslog(text)
        self._notices.append(notices)
        return text

    def _without_last_notices(self, text: str) -> str:
        shown = without_trailing_syslog(text)
        self._notices.append(text[len(shown):].lstrip("\n"))
        return shown

    def _classified(self, output: CommandOutput) -> CommandOutput:
        platforms = (self._platform,) if self._platform else tuple(PLATFORMS.values())
        if output.problem is not None:
            return output
        problem = next((p for p in (each.classify(output.text) for each in platforms) if p), None)
        if problem is Problem.UNSUPPORTED and not self.privileged:
            problem = Problem.UNPRIVILEGED
        return replace(output, problem=problem)

    def _completed(self, output: CommandOutput, shown: str, late: str) -> CommandOutput:
        """An output with what came behind a line that looked like its end; `shown` is that line."""
        late = self._without_notices(output.command, late)
        if not late.strip():
            return output
        text = output.text + shown + late + ("" if late.endswith("\n") else "\n")
        return self._classified(replace(output, text=text))

    def close(self) -> str:
        """Log out. Returns what came before the device took notice: it belongs to the last answer."""
        line = self._line
        if not line.open:
            return ""
        with suppress(StreamSilentError, StreamClosedError):
            line.send(EXIT)
            line.stream.wait(lambda: line.echoed(EXIT, self._limits.quiet),
                             idle=self._limits.idle, total=self._limits.idle)
        line.shut()
        text = line.stream.take()
        found = line.prompt.echo(EXIT, text)
        return text[:found[0]] if found else text

    def _failed(self, error: Failure) -> Failure:
        self._line.shut()
        return error
