"""`vpn-check compare`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.options import PLATFORM, answer_options
from vpn_check.cli.reach import reach, reach_options, warn
from vpn_check.cli.selection import inventory_option, selected
from vpn_check.errors import UsageError
from vpn_check.model.device import PlatformName
from vpn_check.redact.secrets import redact_line
from vpn_check.report.comparison import ComparisonReport, comparison_document, status_of

if TYPE_CHECKING:
    from vpn_check.model.comparison import Comparison


@click.command()
@click.argument("here")
@click.argument("there")
@inventory_option
@click.option("--platform", type=PLATFORM, help="Where the text of HERE is from, if its content does not tell.")
@reach_options
@answer_options
def compare(
    *,
    here: str,
    there: str,
    inventory: Path | str | None,
    platform: str | None,
    timeout: float | None,
    deadline: float | None,
    accept_new_host_key: bool,
    peers: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Both ends of a tunnel side by side: every parameter that must agree, and where the packets stop.

    HERE and THERE are two devices, or two files or folders with the captured text of one device each.
    """
    del no_color   # the table has no colours; the option is understood everywhere
    paths = [Path(word).exists() for word in (here, there)]
    if all(paths):
        from vpn_check.jobs.compare import compare_captured  # noqa: PLC0415  one of the two ways is taken

        found = compare_captured(here, there, platform=PlatformName(platform) if platform else None, peers=peers)
    elif any(paths):
        raise UsageError(f"{here} and {there} are not of one kind.",
                         hint="Give two devices, or two files or folders of captured text.")
    else:
        from vpn_check.jobs.compare import compare_live  # noqa: PLC0415  same

        devices, held = selected((here, there), inventory=inventory, quiet=quiet)
        if len(devices) != 2:  # noqa: PLR2004  the two ends
            raise UsageError("A tunnel has two ends: name two different devices.")
        warn(devices, quiet=quiet)
        with reach(held, timeout=timeout, deadline=deadline, accept_new_host_key=accept_new_host_key,
                   peers=peers) as settings:
            found = compare_live(devices[0], devices[1], settings)
    _write(found, as_json=as_json, quiet=quiet)
    return status_of(found).exit_code


def _write(found: Comparison, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        body = comparison_document(found, generated_at=datetime.now(UTC), redact=redact_line)
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not quiet:
        ComparisonReport(sys.stdout, redact=redact_line).write(found)
