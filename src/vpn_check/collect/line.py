"""The command line of one device: the only place that writes to it, and the prompt that its answers end with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.collect.screen import Prompt, dialogue, is_bare, login_prompt
from vpn_check.collect.stream import Channel, Stream
from vpn_check.errors import CommandNotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vpn_check.platforms.ping import Question

EXIT = "exit"
_LONE = 20   # times the short silence, where the echo stands alone on a line as an output's line may


class CommandLine:
    """Writes lines that were let in, and knows when an answer is at its end.

    Args:
        channel: an open shell.
        write_limit: seconds that a write may block.
        on_line: is told every line before it is written, secrets aside.
    """

    def __init__(self, channel: Channel, *, write_limit: float, on_line: Callable[[str], None]) -> None:
        self.stream = Stream(channel, self._turn_page)
        self.prompt = Prompt("")
        self.privileged = False
        self._write_limit = write_limit
        self._on_line = on_line
        self._allowed: set[str] = {f"{EXIT}\n"}
        self._known = False
        self._open = True

    def _write(self, text: str) -> None:
        """Write to the device. Nothing passes that was not let in just before: one line, one secret, one page."""
        if not self._open or text not in self._allowed:
            raise CommandNotAllowed("A line outside the allowed set was about to be written.", hint="Nothing was sent.")
        self.stream.write(text.encode(), self._write_limit)

    def _pass(self, text: str) -> None:
        self._allowed.add(text)
        try:
            self._write(text)
        finally:
            self._allowed.discard(text)

    def _turn_page(self) -> None:
        self._pass(" ")

    def allow(self, *lines: str) -> None:
        """Let in the lines that a platform's table names for every session: paging off, `enable`."""
        self._allowed.update(f"{line}\n" for line in lines)

    def send(self, line: str) -> None:
        """Write a line that was let in for the whole session."""
        self._on_line(line)
        self._write(f"{line}\n")

    def send_permitted(self, line: str) -> None:
        """Write one command that the caller has checked against its class; it is let in for this once."""
        self._on_line(line)
        self._pass(f"{line}\n")

    def send_secret(self, secret: str) -> None:
        """Answer a request for the enable secret."""
        if not self.asks_secret():
            raise CommandNotAllowed("A secret was about to be written unasked.", hint="Nothing was sent.")
        self.stream.take()
        self._pass(f"{secret}\n")

    def asks(self, questions: Iterable[Question]) -> Question | None:
        """The question with which what was shown ends; None: it is none of these."""
        tail = self.stream.tail
        return next((question for question in questions if question.pattern.search(tail)), None)

    def answer(self, question: Question, text: str) -> str:
        """Answer a question that stands at the end of what was shown. Returns what had been shown."""
        if self.asks((question,)) is None or not (text.isascii() and (text.isprintable() or not text)):
            raise CommandNotAllowed("An answer was about to be written unasked.", hint="Nothing was sent.")
        shown = self.stream.take()
        if text:
            self._on_line(text)
        self._pass(f"{text}\n")
        return shown

    def shut(self) -> None:
        """Let nothing more be written."""
        self._open = False

    @property
    def open(self) -> bool:
        """Whether anything may still be written."""
        return self._open

    def at_prompt(self) -> bool:
        """Whether the prompt is the last thing the device has shown."""
        return self.prompt.ends(self.stream.tail)

    def asks_secret(self) -> bool:
        """Whether the device waits for a secret."""
        return self.stream.tail.rstrip().lower().endswith("password:")

    def answered(self, line: str, quiet: float) -> bool:
        """Whether the answer to a line seems complete: its echo has come, and the prompt is at the end.

        The prompt of the log-in is a guess until the first answer ends with it. A banner line that looked like one is
        unlearned here.
        """
        if self.at_prompt():
            echoed = self.echoed(line, quiet)
            if echoed and not self._known:
                self._known = True
                self.privileged = self.prompt.privileged(self.stream.tail)
            return echoed
        return f"{line}\n" in self.stream.text and self.settled(quiet)

    def echoed(self, line: str, quiet: float) -> bool:
        """Whether the echo of a line has come. One that an output could hold as well is confirmed by a silence."""
        text = self.stream.text
        if self.prompt.echo(line, text, sure=True) is not None:
            return True
        return self.prompt.echo(line, text) is not None and self.stream.quiet(quiet * _LONE)

    def settled(self, quiet: float) -> bool:
        """Whether a prompt is at the end; while none is certain, one that stays there for a while is learned."""
        if self.at_prompt():
            return True
        found = None if self._known else login_prompt(self.stream.tail)
        if found is None or not self.stream.quiet(quiet):
            return False
        self.learn(found["name"], privileged=found["end"] == "#")
        self._known = True
        return True

    def learn(self, name: str, *, privileged: bool) -> None:
        """Remember the prompt."""
        self.prompt = Prompt(name)
        self.privileged = privileged

    def greeted(self, quiet: float) -> bool:
        """Whether the log-in has come to a prompt, or to a question. A banner makes a short silence necessary."""
        text = self.stream.text
        if login_prompt(text):
            return is_bare(text) or self.stream.quiet(quiet)
        return dialogue(text) is not None and self.stream.quiet(quiet)
