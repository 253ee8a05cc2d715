"""`vpn-check router1 --watch 10`: the answer, a line for each thing that comes up, and the answer that ended it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vpn_check.cli.options import text_report
from vpn_check.jobs.watch import clock, watch
from vpn_check.model.finding import Status

if TYPE_CHECKING:
    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device
    from vpn_check.model.finding import Diagnosis


def watching(device: Device, settings: Run, *, every: float, quiet: bool, no_color: bool, verbose: bool) -> int:
    """Watch a device and return the exit code of the last look."""
    last: Diagnosis | None = None
    for number, look in enumerate(watch(device, settings, every=every)):
        last = look.diagnosis
        if quiet:
            continue
        for event in look.events:
            click.echo(f"{clock()}  {event}")
        if number == 0 or look.changed:
            if number:
                click.echo(f"{clock()}  the verdict has changed\n")
            text_report(no_color=no_color, verbose=verbose).write([last])
        if number == 0:
            click.echo(f"\nLooking again every {every:g} s until this changes; Ctrl-C ends it.")
    return last.status.exit_code if last is not None else Status.UNKNOWN.exit_code
