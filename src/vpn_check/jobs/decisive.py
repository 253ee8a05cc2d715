"""Which of a device's many answers are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.snapshot import Topic
from vpn_check.model.transcript import CommandOutput, Problem
from vpn_check.parse.commands import CANONICAL, TEMPLATES, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

_REFUSED = {Problem.UNSUPPORTED, Problem.NOT_AUTHORISED}


def decisive(outputs: Sequence[CommandOutput]) -> tuple[CommandOutput, ...]:
    """What of a device's many answers is judged: the last of each command, and of each table the one that `check` asks.

    Of the IPsec SAs the first look is judged as well: what grew between the two. Any other table that was shown twice,
    or in a short and in a long form, would be there twice: the state before beside the state now. A collection such as
    `show tech-support` repeats what was asked one by one. What was refused decides nothing where it was asked for the
    record only.
    """
    first = {output.command: output for output in reversed(outputs)}
    last = {output.command: output for output in outputs}
    chosen: dict[Topic, CommandOutput] = {}
    others: list[CommandOutput] = []
    for output in last.values():
        topic = resolve(output.command)[1]
        if topic not in TEMPLATES:
            aside = output.problem in _REFUSED or output.command.startswith("show tech")
            others += [] if aside else [output]
        elif topic not in chosen or _weight(output, topic) >= _weight(chosen[topic], topic):
            chosen[topic] = output
    shown = chosen.get(Topic.IPSEC_SA)
    before = first[shown.command] if shown is not None and shown.problem is None else None
    earlier = () if before is None or before is shown or before.problem is not None else (before,)
    return (*earlier, *chosen.values(), *others)


def _weight(output: CommandOutput, topic: Topic) -> tuple[bool, bool, bool]:
    return (
        output.problem not in _REFUSED,
        output.problem is None,
        topic is Topic.IPSEC_SA or output.command == CANONICAL[topic],
    )
