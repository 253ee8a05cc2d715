"""The dialogue of one session: modes, prompts, enable, commands and their answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.lab import faults, ping
from vpn_check.lab.dialect import ROUTER, built_in, dialect_of
from vpn_check.lab.grammar import Refusal, Refused, resolve
from vpn_check.lab.terminal import Pager, Terminal
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.lab.debugs import Debugs
    from vpn_check.lab.device import LabDevice

ENABLE_TRIES = 3
FULL = 15
"""The privilege level that knows every command."""


class Shell:
    """What a device does with the lines of one session.

    `record` is told each line that is not blank; `debugs` are the device's, `number` is the session's among all.
    """

    def __init__(self, device: LabDevice, terminal: Terminal, record: Callable[[str], None], debugs: Debugs,
                 number: int) -> None:
        self.device = device
        self._debugs = debugs
        self._number = number
        self.terminal = terminal
        self._record = record
        self._dialect = dialect_of(device)
        self._level = device.level if device.enable_secret is None else 1
        self._configuring = False
        self._height = device.page_lines if device.paging else 0
        self._shown = 0
        self._only: str | None = None
        self._pinged: dict[str, int] = {}
        self._through: dict[int, tuple[int, int]] = {}
        self._open = True

    @property
    def prompt(self) -> str:
        """The prompt as the mode demands it, without decoration."""
        mode = "(config)#" if self._configuring else "#" if self._level > 1 else ">"
        return f"{self.device.hostname}{mode}{self._dialect.prompt_tail}"

    async def run(self) -> None:
        """Serve the session until the client leaves."""
        await self._greet()
        while self._open:
            self.terminal.write(faults.decorated_prompt(self.device.fault, self.prompt))
            typed = await self.terminal.line()
            await self.execute(typed)
        self.terminal.flush()

    async def execute(self, typed: str) -> None:
        """Do what a line says."""
        line = typed.strip()
        if not line:
            return
        self._record(line)
        if self._configuring:
            self._configure(line)
            return
        if self._level >= FULL and self._debugs.knows(line):
            await self._debug(typed)
            return
        if ping.is_ping(line.split()):
            await self._ping(line)
            return
        asked, bar, wanted = typed.partition("|")
        found = resolve(asked, self._vocabulary())
        if isinstance(found, Refused):
            self._refuse(typed, found)
            return
        word, _, pattern = wanted.strip().partition(" ")
        self._only = pattern if bar and word and "include".startswith(word) else None
        await self._do(found.command, found.numbers)

    async def ask(self, question: str) -> str:
        """Ask something that is not echoed; the answer is recorded like a line."""
        self.terminal.write(question)
        answer = await self.terminal.line(echo=False, mask=self._dialect.mask)
        if answer:
            self._record(answer)
        return answer

    async def _greet(self) -> None:
        if self.device.fault == "hang_login":
            await self.terminal.silence()
        if self.device.fault == "pw_change":
            await faults.ask_new_password(self.ask, self.terminal)
        if self.device.fault == "motd_hash":
            await faults.message_of_the_day(self.terminal, self.device)
        names = {"username": self.device.username, "hostname": self.device.hostname}
        self.terminal.write(self._dialect.greeting.format(**names))

    def _vocabulary(self) -> list[Sequence[str]]:
        commands = [*self._dialect.user]
        if self._level > 1:
            commands += [*self._dialect.privileged]
        if self._level >= FULL:
            commands += [*self.device.outputs]
        return [command.split() for command in commands]

    def _refuse(self, line: str, refused: Refused) -> None:
        caret = " " * (len(self.prompt) + refused.column) + "^"
        self.terminal.write(self._dialect.refusals[refused.why].format(caret=caret, line=line.strip()))

    async def _debug(self, typed: str) -> None:
        """A line about debugs: refused, hung, cut, or carried out and answered."""
        line = typed.strip()
        trouble = self._debugs.trouble(line)
        if trouble == "refused":
            self._refuse(typed, Refused(why=Refusal.INVALID, column=line.rindex(" ") + 1))
            return
        question = self._debugs.question(line)
        if question and (await self._question(question)).lower() != "yes":
            return
        text = self._debugs.answer(self._number, line)
        if trouble == "cut":
            raise faults.Dropped
        if trouble == "hang":
            await self.terminal.silence()
        if line.startswith("show "):
            self._shown += 1
        await self._deliver(line, text.splitlines())

    async def _do(self, command: str, numbers: Sequence[int]) -> None:
        if command in self._dialect.paging:
            if self.device.fault == "authz_paging":
                self.terminal.write(faults.NOT_AUTHORISED)
            elif self.device.fault != "no_pager_off":
                self._height = numbers[0]
        elif command == "enable":
            await self._enable()
        elif command == "disable":
            self._level = 1
        elif command in ("exit", "logout", "quit"):
            self._open = False
            if self._dialect.prompt_tail:
                self.terminal.write("\nLogoff\n\n")
        elif command == "configure terminal":
            self._configuring = True
            self.terminal.write(self._dialect.configure)
        else:
            await self._answer(command)

    async def _answer(self, command: str) -> None:
        text = self.device.outputs.get(command)
        if text is None:
            text = built_in(self.device, command, level=self._level)
        if command == "show crypto ipsec sa" and self._through:
            text = ping.counted(text, self._through)
        if command.startswith("show "):
            self._shown += 1
        struck = self.device.fault_command in {None, command} if command.startswith("show crypto ") else (
            self.device.fault_command == command)
        if self.device.fault == "invalid" and struck:
            self._refuse(command, Refused(why=Refusal.INVALID, column=command.rindex(" ") + 1))
        elif self.device.fault == "authz" and struck:
            self.terminal.write(faults.NOT_AUTHORISED)
        else:
            await self._deliver(command, text.splitlines())

    async def _deliver(self, command: str, lines: Sequence[str]) -> None:
        if self._only is not None:
            lines = [line for line in lines if re.search(self._only, line)]
            self._only = None
        pager = Pager(self.terminal, self._dialect, self._height)
        struck = command == self.device.fault_command if self.device.fault_command else (
            command.startswith("show ") and self._shown == 1)
        strike = faults.STRIKES.get(self.device.fault or "") if struck else None
        if self.device.fault == "ansi":
            lines = faults.decorated(lines)
        if strike is None:
            await pager.show(lines)
        else:
            await strike(self, pager, lines)

    async def _ping(self, line: str) -> None:
        words = line.split()
        alone = len(words) == 1 or (len(words) == 3 and words[1] == "vrf")  # noqa: PLR2004  `ping vrf NAME`
        if alone and self._dialect is ROUTER:
            recent = self.device.platform is PlatformName.IOSXE
            dialogue = ping.Dialogue(self._question, self.terminal.write, recent=recent)
            order = await dialogue.order(extended=self._level >= FULL)
            if order is None:
                return
        else:
            read = ping.parse(line, self.device.platform, old=self.device.old_ping)
            if isinstance(read, Refused):
                self._refuse(line, read)
                return
            order = read
        if order.source and self.device.addresses and order.source not in self.device.addresses:
            self.terminal.write("% Invalid source. Must use same-VRF IP address or full interface name without spaces "
                                "(e.g. Serial0/1)\n")
            return
        target = self.device.pings.get(order.to, ping.NOWHERE)
        signs = ""
        for size in order.sent:
            number = self._pinged[order.to] = self._pinged.get(order.to, 0) + 1
            if target.delay:
                await self.terminal.pause(target.delay)
            signs += target.sign(size, number, df=order.df)
        if target.flow is not None:
            out, back = self._through.get(target.flow, (0, 0))
            self._through[target.flow] = (out + len(signs) - signs.count("M"), back + signs.count("!"))
        if self._dialect is not ROUTER:
            signs = signs.replace(".", "?")
        await self._deliver("ping", [*order.announcement(), *ping.rows(signs)])

    async def _question(self, question: str) -> str:
        """Ask something whose answer is echoed; it is recorded like a line."""
        self.terminal.write(question)
        answer = await self.terminal.line()
        if answer.strip():
            self._record(answer.strip())
        return answer

    async def _enable(self) -> None:
        if self._level >= FULL:
            return
        if self.device.fault == "no_enable":
            self.terminal.write("% No password set\n")
            return
        for left in reversed(range(ENABLE_TRIES)):
            secret = await self.ask("Password: ")
            if secret == self.device.enable_secret and self.device.fault != "wrong_enable":
                self._level = FULL
                return
            self.terminal.write(self._dialect.enable_again if left else self._dialect.enable_denied)

    def _configure(self, line: str) -> None:
        if line.lower() in ("end", "exit", "quit"):
            self._configuring = False
