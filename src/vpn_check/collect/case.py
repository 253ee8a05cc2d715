"""Ask a device all that a case needs, answer by answer, in as many sessions as it takes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from vpn_check.collect.live import SYSLOG, Access, LiveSession
from vpn_check.errors import DeviceError
from vpn_check.model.transcript import CaseCommand, Command, CommandOutput, Problem
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vpn_check.collect.limits import Limits
    from vpn_check.model.device import Credentials, Device, PlatformName

_SESSIONS = 4
"""A command that times out costs its session; more than so many are not begun."""
_MOST_PEERS = 5
_REFUSED = {Problem.UNSUPPORTED, Problem.NOT_AUTHORISED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked: `peers` named by the user, `interval` seconds between two samples, `long`: the long ones too.

    `peers_of` reads the peers out of an answer, for a user who named none.
    """

    peers: tuple[str, ...] = ()
    interval: float = 15.0
    long: bool = False
    wait: Callable[[float], None] = time.sleep
    peers_of: Callable[[str], Sequence[str]] = field(default=lambda _text: ())


def collect_case(
    device: Device,
    credentials: Credentials,
    access: Access,
    limits: Limits,
    plan: Plan,
    received: Callable[[CommandOutput], None],
) -> PlatformName:
    """Ask a device and hand each answer over as it comes. What is refused is handed over too, with its problem.

    Args:
        device: whom to ask.
        credentials: what to log in with.
        access: how.
        limits: deadlines; `device` bounds the whole.
        plan: what to ask.
        received: is given each answer.

    Returns:
        The platform, given or recognised.

    Raises:
        DeviceError: no session came about.
    """
    end = time.monotonic() + limits.device
    asking: _Asking | None = None
    for attempt in range(_SESSIONS):
        within = replace(access, limits=limits.within(end - time.monotonic()))
        try:
            with LiveSession(device, credentials, within) as live:
                device = replace(device, platform=live.platform)
                if asking is None:
                    asking = _Asking(PLATFORMS[live.platform].case, plan)
                for output in live.session.run_all(asking.remaining()):
                    asking.answered(output)
                    received(output)
                notices = live.session.notices
        except DeviceError:
            if attempt == 0 or asking is None:
                raise
            break
        if notices.strip():
            received(CommandOutput(command=SYSLOG, text=notices, received_at=access.clock()))
        if asking.done or time.monotonic() >= end:
            break
    if asking is None or device.platform is None:  # the first session either raised or made it
        raise DeviceError(f"{device.name}: no session came about.", hint="Try again.")
    for text in asking.unasked():
        received(CommandOutput(command=text, text="", received_at=access.clock(), problem=Problem.CLOSED))
    return device.platform


class _Asking:
    """The commands of one device in their order, over several sessions; knows what was answered."""

    def __init__(self, commands: Sequence[CaseCommand], plan: Plan) -> None:
        self._plan = plan
        self._waiting = list(self._ordered(commands))
        self._at = 0
        self._answers: dict[str, CommandOutput] = {}
        self._began = time.monotonic()
        self._peers = plan.peers
        self.done = False

    def _ordered(self, commands: Sequence[CaseCommand]) -> Iterator[CaseCommand | None]:
        """The first round, and after a None the second. What stands in for a refused command follows two later."""
        chosen = [command for command in commands if self._plan.long or not command.long]
        quick = [command for command in chosen if not command.long]
        twice = [command for command in chosen if command.twice] if self._plan.interval > 0 else []
        yield from quick
        if twice:
            yield None
            yield from twice
        yield from (command for command in chosen if command.long)

    def remaining(self) -> Iterator[Command]:
        """What is still to be asked, made as it is needed: an answer may decide what comes next."""
        while self._at < len(self._waiting):
            command = self._waiting[self._at]
            self._at += 1
            if command is None:
                self._settle()
                continue
            yield from self._asked(command)
            yield from self._instead(self._at)
        yield from self._instead(len(self._waiting) + 2)
        self.done = True

    def _settle(self) -> None:
        left = self._plan.interval - (time.monotonic() - self._began)
        if left > 0:
            self._plan.wait(left)

    def _asked(self, command: CaseCommand) -> Iterator[Command]:
        if command.text in self._answers and self._answers[command.text].problem in _REFUSED:
            return  # refused in the first round
        if "{peer}" not in command.text:
            yield _bounded(command, command.text)
            return
        for peer in self._peers[:_MOST_PEERS]:
            yield _bounded(command, command.text.replace("{peer}", peer))

    def _instead(self, at: int) -> Iterator[Command]:
        """What stands in for a command that was refused; its answer is known when the command behind it is asked."""
        earlier = self._waiting[at - 2] if 0 <= at - 2 < len(self._waiting) else None
        if earlier is None or earlier.instead is None:
            return
        answer = self._answers.get(earlier.text)
        if answer is not None and answer.problem in _REFUSED:
            yield _bounded(earlier, earlier.instead)

    def answered(self, output: CommandOutput) -> None:
        """Note an answer."""
        self._answers[output.command] = output
        if not self._plan.peers and len(self._peers) < _MOST_PEERS and output.problem is None:
            found = [peer for peer in self._plan.peers_of(output.text) if _is_address(peer)]
            self._peers = tuple(dict.fromkeys((*self._peers, *found)))[:_MOST_PEERS]

    def unasked(self) -> Iterator[str]:
        """Commands that no session was left for."""
        for command in self._waiting[self._at :]:
            if command is not None and command.text not in self._answers and "{peer}" not in command.text:
                yield command.text


def _bounded(command: CaseCommand, text: str) -> Command:
    return Command(text=text, needed=False, seconds=command.seconds, size=command.size)


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True
