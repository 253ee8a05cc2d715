"""Options that mean the same in every command, and the writing of an answer."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Diagnosis, Status
from vpn_check.redact.secrets import redact_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.diagnose.signature import Signature
    from vpn_check.report.text import TextReport

PLATFORM = click.Choice([name.value for name in PlatformName])


def verbose_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--verbose`."""
    return click.option("--verbose", is_flag=True, help="Also the reasoning: layer by layer, and what was ruled out.")(
        function
    )


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    """`90s`, `15m`, `2h`, `7d`, or a number of seconds: seconds."""
    if value is None:
        return None
    text = value.strip().lower()
    unit = _UNITS.get(text[-1:])
    number = text[:-1] if unit else text
    if not number.replace(".", "", 1).isdigit() or float(number) <= 0:
        raise click.BadParameter(f"{value!r} is no duration: give 90s, 15m, 2h or 7d.")
    return float(number) * (unit or 1)


SINCE = click.option(
    "--since",
    callback=seconds_of,
    metavar="DURATION",
    help="Only log lines of the last 90s, 15m, 2h or 7d, counted back from the log's newest line.",
)
SIGNATURES = click.option(
    "--signatures",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder of your own signatures of messages, as YAML, to look for besides.",
)


def signatures_of(folder: Path | None) -> tuple[Signature, ...]:
    """The signatures of the folder that was named; none without one."""
    if folder is None:
        return ()
    from vpn_check.jobs.knowledge import site_signatures  # noqa: PLC0415  only who brings some pays for it

    return site_signatures(folder)


def answer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--peer`, `--json`, `--quiet`, `--no-color`."""
    return click.option(
        "--peer", "peers", multiple=True, metavar="A", help="Only the tunnels with this peer; they should be up."
    )(output_options(function))


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--json`, `--quiet`, `--no-color`."""
    for option in (
        click.option("--no-color", is_flag=True, help="No colours (also the environment variable NO_COLOR)."),
        click.option("--quiet", is_flag=True, help="Only the exit code; errors still go to standard error."),
        click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output."),
    ):
        function = option(function)
    return function


def text_report(*, no_color: bool, verbose: bool = False) -> TextReport:
    """The report for standard output, coloured where that is a terminal that wants colours."""
    from vpn_check.report.text import TextReport  # noqa: PLC0415  one exporter is imported, the chosen one

    colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
    return TextReport(sys.stdout, redact=redact_line, colour=colour, verbose=verbose)


def answer(
    diagnoses: Sequence[Diagnosis], *, remote: Sequence[Diagnosis] = (), as_json: bool, quiet: bool, no_color: bool,
    verbose: bool = False,
) -> int:
    """Write the answer to standard output and return the exit code."""
    status = Status.worst([diagnosis.status for diagnosis in diagnoses])
    if as_json:
        from vpn_check.report.json_document import document  # noqa: PLC0415  same

        body = document(diagnoses, remote=remote, generated_at=datetime.now(UTC), redact=redact_line)
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not quiet:
        text_report(no_color=no_color, verbose=verbose).write(diagnoses, remote=remote)
    if quiet or as_json:
        for diagnosis in diagnoses:
            for fault in diagnosis.errors:
                name = "" if fault.message.startswith(diagnosis.device) else f"{diagnosis.device}: "
                click.echo(f"vpn-check: {name}{fault.message}", err=True)
    return status.exit_code
