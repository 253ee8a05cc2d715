"""One session on a device, whatever carries it: from the opened terminal to its end."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from vpn_check.lab.faults import NO_EXEC, Dropped
from vpn_check.lab.shell import Shell
from vpn_check.lab.terminal import Hangup, Terminal

if TYPE_CHECKING:
    from vpn_check.lab.debugs import Debugs
    from vpn_check.lab.device import LabDevice
    from vpn_check.lab.record import Record
    from vpn_check.lab.terminal import Wire

_IDLE = 0.3


async def visit(device: LabDevice, record: Record, debugs: Debugs, wire: Wire, *, command: str | None = None,
                terminal: Terminal | None = None) -> None:
    """Serve a session.

    Args:
        device: whom to play.
        record: where to note what the client does.
        debugs: the device's.
        wire: the connection.
        command: a single command instead of a dialogue.
        terminal: the terminal where the log-in has opened it already.
    """
    record.sessions += 1
    number = record.sessions
    terminal = terminal or Terminal(wire, record.received.extend)

    def note(line: str) -> None:
        record.commands.append(line)
        record.typed.append((time.monotonic(), number, line))

    shell = Shell(device, terminal, note, debugs, number)
    debugs.enter(number, terminal)
    if device.fault == "reset_idle":
        later = _IDLE if device.fault_arg is None else device.fault_arg
        asyncio.get_running_loop().call_later(later, _drop, record, wire)
    ended = False
    try:
        if device.fault == "no_exec":
            terminal.write(NO_EXEC)
            terminal.flush()
        elif command is not None:
            await shell.execute(command)
            terminal.flush()
        else:
            await shell.run()
        ended = True
    except Hangup:
        pass
    except Dropped as event:
        record.dropped_at = time.monotonic()
        if not event.in_order:
            wire.drop()
            return
    finally:   # also where the connection was lost in the middle of something
        debugs.leave(number, cut=not ended)
    wire.end()


def _drop(record: Record, wire: Wire) -> None:
    record.dropped_at = time.monotonic()
    wire.drop()
