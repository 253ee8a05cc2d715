"""What can go wrong on the terminal line, each as the client sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from vpn_check.lab.device import LabDevice
    from vpn_check.lab.terminal import Pager, Terminal

    Strike = Callable[["Session", Pager, Sequence[str]], Awaitable[None]]

NOT_AUTHORISED = "Command authorization failed.\n\n"
NO_EXEC = "% Authorization failed.\n"
_PIECE = 40   # characters
_SYSLOG = "*Mar 14 09:26:53.589: %SYS-5-CONFIG_I: Configured from console by admin on vty1 (10.1.1.5)"


class Dropped(Exception):  # noqa: N818 - an event of the line, not an error
    """The device cuts the connection, or ends the session in good order."""

    def __init__(self, *, in_order: bool = False) -> None:
        super().__init__()
        self.in_order = in_order


class Session(Protocol):
    """What a fault needs of the session it strikes."""

    device: LabDevice
    terminal: Terminal

    @property
    def prompt(self) -> str:
        """The prompt of the moment."""


def decorated_prompt(fault: str | None, prompt: str) -> str:
    """The prompt, in colour when the fault is `ansi`."""
    return f"\x1b[1;32m{prompt}\x1b[0m\x1b[K" if fault == "ansi" else prompt


def decorated(lines: Sequence[str]) -> list[str]:
    """Lines with the escapes of a terminal that thinks it is one."""
    return [f"\x1b[0m{line}\x1b[K" for line in lines]


async def ask_new_password(ask: Callable[[str], Awaitable[str]], terminal: Terminal) -> None:
    """Ask for a new password and be content with none."""
    terminal.write("\nYour password has expired.\n")
    while True:
        await ask("Enter new password: ")
        terminal.write("% Password does not meet the policy\n")


async def message_of_the_day(terminal: Terminal, device: LabDevice) -> None:
    """Greet in pieces that look like prompts; `fault_arg` is the pause between two pieces (0.05 s)."""
    pieces = (
        "\n" + "#" * 60 + "\n#",
        "  AUTHORISED STAFF ONLY >> call the NOC, desk #",
        "4  #\n" + "#" * 60,
        "\n> do not log in without a ticket >",
        "\nedge-router#",
        f"\n{device.hostname}#",
        " is watched\n",
    )
    for piece in pieces:
        terminal.write(piece)
        await terminal.pause(0.05 if device.fault_arg is None else device.fault_arg)


def _half(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    middle = (len(lines) + 1) // 2
    return lines[:middle], lines[middle:]


async def _close_mid(session: Session, pager: Pager, lines: Sequence[str]) -> None:
    await pager.show(_half(lines)[0])
    session.terminal.flush()
    raise Dropped


async def _close_channel_mid(session: Session, pager: Pager, lines: Sequence[str]) -> None:
    await pager.show(_half(lines)[0])
    session.terminal.flush()
    raise Dropped(in_order=True)


async def _dribble(session: Session, pager: Pager, lines: Sequence[str]) -> None:
    del pager
    text = "".join(f"{line}\n" for line in lines)
    for start in range(0, len(text), _PIECE):
        session.terminal.write(text[start:start + _PIECE])
        await session.terminal.pause(0.02 if session.device.fault_arg is None else session.device.fault_arg)


async def _hang_cmd(session: Session, pager: Pager, lines: Sequence[str]) -> None:
    del pager, lines
    await session.terminal.silence()


async def _hang_half(session: Session, pager: Pager, lines: Sequence[str]) -> None:
    await pager.show(_half(lines)[0])
    await session.terminal.silence()


def _interrupted(between: Callable[[Session], Sequence[str]], pause: float) -> Strike:
    async def strike(session: Session, pager: Pager, lines: Sequence[str]) -> None:
        first, second = _half(lines)
        if await pager.show([*first, *between(session)]):
            await session.terminal.pause(pause if session.device.fault_arg is None else session.device.fault_arg)
            await pager.show(second)

    return strike


STRIKES: dict[str, Strike] = {
    "close_mid": _close_mid,
    "close_channel_mid": _close_channel_mid,
    "dribble": _dribble,
    "hang_cmd": _hang_cmd,
    "hang_half": _hang_half,
    "prompt_in_output": _interrupted(lambda session: (session.prompt,), 0.3),
    "command_in_output": _interrupted(lambda session: (f"{session.prompt}show version",), 0.0),
    "slow": _interrupted(lambda _: (), 1.0),
    "syslog_mid": _interrupted(lambda _: (_SYSLOG,), 0.0),
}
"""The faults that strike the answer of one command."""
