"""Gather a case from devices: all at the same time, each answer safe as soon as it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from vpn_check.bundle.workspace import Workspace
from vpn_check.collect.case import Plan, collect_case
from vpn_check.collect.fleet import run
from vpn_check.collect.live import Access
from vpn_check.errors import VpnCheckError
from vpn_check.jobs.case.build import Built, build
from vpn_check.jobs.case.journal import UNFINISHED, Journal
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.jobs.case.order import Order
    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device, PlatformName

_LONG_ENOUGH = 10.0
"""Seconds between two looks that make an unfinished negotiation a stuck one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A case that was gathered. `interrupted`: the user ended it, and it is partial."""

    built: Built
    workspace: Workspace
    interrupted: bool


def gather(
    devices: Sequence[Device],
    settings: Run,
    order: Order,
    plan: Plan,
    *,
    workers: int = 50,
    said: Callable[[Device, str], None] = lambda _device, _words: None,
) -> Gathered:
    """Ask devices and build their case. Ctrl-C, or SIGTERM where it is told so, makes a partial one of what is there.

    Args:
        devices: whom to ask.
        settings: how they are reached.
        order: what becomes of the answers.
        plan: what is asked.
        workers: how many devices at the same time.
        said: is told how far each device is, in some thread.

    Raises:
        UsageError: the working folder cannot be made.
    """
    started_at = datetime.now(UTC)
    redactor = order.redactor()
    workspace = Workspace(order.out)
    journal = Journal(order=order, workspace=workspace, redactor=redactor, started_at=started_at)
    journal.begin(devices)
    work = partial(_one, settings=settings, plan=plan, journal=journal, said=said)
    partial_why: str | None = None
    try:
        for device, outcome in run(devices, work, workers=workers, gates=settings.gates):
            if isinstance(outcome, VpnCheckError):
                journal.finish(device, error=outcome)
                said(device, str(outcome))
    except KeyboardInterrupt:
        partial_why = UNFINISHED
    captures = journal.close()
    built = build(captures, order, redactor=redactor, started_at=started_at, now=datetime.now(UTC), partial=partial_why)
    return Gathered(built=built, workspace=workspace, interrupted=partial_why is not None)


def _one(device: Device, *, settings: Run, plan: Plan, journal: Journal, said: Callable[[Device, str], None]) -> None:
    limits = settings.limits(device)
    access = Access(host_keys=settings.host_keys, limits=limits, lock_out=settings.lock_out, bastions=settings.bastions)
    count = 0

    def received(output: CommandOutput) -> None:
        nonlocal count
        count += 1
        journal.add(device, output)
        said(
            device,
            f"{count} answers, the last to `{output.command}`" + (f" ({output.problem})" if output.problem else ""),
        )

    platform = collect_case(device, settings.credentials(device), access, limits, plan, received)
    journal.finish(device, platform=platform, confirmed=plan.interval >= _LONG_ENOUGH)
    said(device, f"done, {count} answers")


def peers_of(text: str, platform: PlatformName | None = None) -> tuple[str, ...]:
    """The peers of the tunnels that an answer shows; none where it shows no tunnels."""
    if "current_peer" not in text and "peer address" not in text:
        return ()
    output = CommandOutput(command="show crypto ipsec sa", text=text)
    found = assemble(Transcript(device="", platform=platform, outputs=(output,)))
    peers = [tunnel.peer for snapshot in found for tunnel in snapshot.tunnels]
    return tuple(dict.fromkeys(str(peer) for peer in peers if peer is not None))
