"""One session on a device, whatever carries it: from the opened terminal to its end."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from vpn_check.lab.faults import NO_EXEC, Dropped
from vpn_check.lab.shell import Shell
from vpn_check.lab.terminal import Hangup, Terminal

if TYPE_CHECKING:
    from vpn_check.lab.device import LabDevice
    from vpn_check.lab.record import Record
    from vpn_check.lab.terminal import Wire

_IDLE = 0.3


async def visit(device: LabDevice, record: Record, wire: Wire, *, command: str | None = None,
                terminal: Terminal | None = None) -> None:
    """Serve a session.

    Args:
        device: whom to play.
        record: where to note what the client does.
        wire: the connection.
        command: a single command instead of a dialogue.
        terminal: the terminal where the log-in has opened it already.
    """
    record.sessions += 1
    terminal = terminal or Terminal(wire, record.received.extend)
    shell = Shell(device, terminal, record.commands.append)
    if device.fault == "reset_idle":
        later = _IDLE if device.fault_arg is None else device.fault_arg
        asyncio.get_running_loop().call_later(later, _drop, record, wire)
    try:
        if device.fault == "no_exec":
            terminal.write(NO_EXEC)
            terminal.flush()
        elif command is not None:
            await shell.execute(command)
            terminal.flush()
        else:
            await shell.run()
    except Hangup:
        pass
    except Dropped as event:
        record.dropped_at = time.monotonic()
        if not event.in_order:
            wire.drop()
            return
    wire.end()


def _drop(record: Record, wire: Wire) -> None:
    record.dropped_at = time.monotonic()
    wire.drop()
