"""`vpn-check doctor`."""

from __future__ import annotations

import getpass
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from vpn_check.cli.options import output_options
from vpn_check.cli.selection import selection_options
from vpn_check.model.finding import Status


@click.command
@click.argument("devices", nargs=-1, metavar="[DEVICE...]")
@selection_options
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), metavar="S", help="Longest wait for any step of a device, in seconds."
)
@click.option(
    "--workers", type=click.IntRange(1, 200), default=10, show_default=True, help="Devices checked at the same time."
)
@output_options
def doctor(
    *,
    devices: tuple[str, ...],
    inventory: Path | str | None,
    groups: tuple[str, ...],
    tags: tuple[str, ...],
    timeout: float | None,
    workers: int,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check the set-up step by step: this machine, and the way to each DEVICE and what it allows.

    DEVICE is what it is for `vpn-check check`; without one, only this machine is looked at. One log-in is made on each
    device, and only show commands are sent. Exit codes: 0 all is well, 1 a warning, 3 a step fails.
    """
    from vpn_check.jobs.doctor import Wanted  # noqa: PLC0415  --help must not pay for SSH
    from vpn_check.jobs.doctor import doctor as doctor_job  # noqa: PLC0415  same

    ask = (lambda question: getpass.getpass(question, stream=sys.stderr)) if sys.stdin.isatty() else None
    wanted = Wanted(words=devices, groups=groups, tags=tags, inventory=inventory, timeout=timeout, workers=workers)
    checkups = doctor_job(wanted, environ=os.environ, ask=ask)
    if as_json:
        from vpn_check.report.doctor_document import doctor_document  # noqa: PLC0415  one exporter, the chosen one

        body = doctor_document(checkups, generated_at=datetime.now(UTC))
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not quiet:
        from vpn_check.report.doctor_text import DoctorReport  # noqa: PLC0415  same

        colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
        DoctorReport(sys.stdout, colour=colour).write(checkups)
    return Status.worst([checkup.status for checkup in checkups]).exit_code
