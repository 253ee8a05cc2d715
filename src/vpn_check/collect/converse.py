"""A dialogue that a command opens: each question is answered as its platform's table says, and no other is.

Nothing is written before the question stands at the end of what the device has shown. A question that is not in the
table, or that comes a second time (the answer was refused), ends the session: nothing more is written to the device.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vpn_check.collect.stream import StreamClosedError, StreamSilentError
from vpn_check.model.transcript import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vpn_check.collect.limits import Limits
    from vpn_check.collect.line import CommandLine
    from vpn_check.platforms.ping import Question

_ASKS = re.compile(r"(?:^|\n)[^\n]{1,120}[:?\])] ?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a dialogue came to: all that the device showed, the last prompt aside, and what was wrong with it.

    INCOMPLETE: it was broken off at a question, which ends the text. UNSUPPORTED: the question that decides did not
    come. Otherwise a time-out, or the end of the session.
    """

    text: str
    problem: Problem | None


def converse(
    line: CommandLine, opening: str, questions: Sequence[Question], values: Mapping[str, str], limits: Limits
) -> Conversation:
    """Open a dialogue and answer its questions until the prompt is back.

    Args:
        line: the device's command line, at its prompt.
        opening: the command; the caller has checked that it may be sent.
        questions: those that may be answered, each once.
        values: what the answers' fields stand for.
        limits: `idle` bounds each wait.
    """
    left = list(questions)
    parts: list[str] = []
    decided = False
    problem: Problem | None = None
    try:
        line.send_permitted(opening)
        while (question := _next(line, questions, limits)) is not None:
            if question not in left:
                problem = Problem.INCOMPLETE
                break
            left.remove(question)
            decided = decided or question.decides
            parts.append(line.answer(question, question.answer.format(**values)))
    except StreamSilentError:
        problem = Problem.INCOMPLETE if _ASKS.search(line.stream.tail) else Problem.TIMED_OUT
    except StreamClosedError:
        problem = Problem.CLOSED
    text = "".join((*parts, line.stream.take()))
    if problem is not None:
        line.shut()
        return Conversation(text=text, problem=problem)
    return Conversation(text=line.prompt.cut(text), problem=None if decided else Problem.UNSUPPORTED)


def _next(line: CommandLine, questions: Sequence[Question], limits: Limits) -> Question | None:
    """Wait for the next question; None: the prompt is back, and stays."""
    while True:
        line.stream.wait(lambda: line.at_prompt() or line.asks(questions) is not None,
                         idle=limits.idle, total=limits.total)
        question = line.asks(questions)
        if question is not None or line.stream.quiet(limits.quiet):
            return question
