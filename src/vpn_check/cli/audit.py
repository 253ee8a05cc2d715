"""`vpn-check audit`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.options import PLATFORM, text_report
from vpn_check.errors import UsageError
from vpn_check.jobs.analyze import STDIN
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Status
from vpn_check.redact.secrets import redact_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.finding import Diagnosis


@click.command
@click.argument("words", nargs=-1, required=True, metavar="FILE|DEVICE...")
@click.option("--remote", multiple=True, metavar="PATH", help="The configuration of the other end, to compare with.")
@click.option("--platform", type=PLATFORM, help="Where the text is from, if its content does not tell.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--quiet", is_flag=True, help="Only the exit code; errors still go to standard error.")
@click.option("--no-color", is_flag=True, help="No colours (also the environment variable NO_COLOR).")
def audit(
    *,
    words: tuple[str, ...],
    remote: tuple[str, ...],
    platform: str | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Check configurations: crypto maps, ACLs as sets, NAT exemption, routes, keys, algorithms.

    FILE is a running-config or a part of one, a folder with such files, or `-`. Files given singly are one device.
    Nothing is changed and nothing is sent; proposed changes are text for you to review.
    """
    from vpn_check.jobs.audit import audit_texts  # noqa: PLC0415  --help must not pay for the checks

    missing = [word for word in words if word != STDIN and not Path(word).exists()]
    if missing:
        raise UsageError(f"{missing[0]}: there is no such file or folder.", hint="Check the path.")
    stdin = sys.stdin.buffer.read() if STDIN in (*words, *remote) else None
    own, others = audit_texts(words, remote, stdin=stdin, platform=PlatformName(platform) if platform else None)
    return _answer(own, others, as_json=as_json, quiet=quiet, no_color=no_color)


def _answer(
    own: Sequence[Diagnosis], others: Sequence[Diagnosis], *, as_json: bool, quiet: bool, no_color: bool
) -> int:
    if as_json:
        from vpn_check.report.audit_document import audit_document  # noqa: PLC0415  one exporter is imported

        body = audit_document(own, remote=others, generated_at=datetime.now(UTC), redact=redact_line)
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not quiet:
        text_report(no_color=no_color).write([*own, *others])
    if as_json or quiet:
        for fault in (fault for diagnosis in own for fault in diagnosis.errors):
            click.echo(f"vpn-check: {fault.message}", err=True)
    return Status.worst([diagnosis.status for diagnosis in own]).exit_code
