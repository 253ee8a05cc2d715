"""`vpn-check catalogue`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

from vpn_check.cli.options import PLATFORM
from vpn_check.errors import UsageError
from vpn_check.model.device import PlatformName


@click.command
@click.option("--platform", type=PLATFORM, help="Only messages of this platform.")
@click.option("--cause", metavar="CODE", help="Only this cause, or this group of causes (`ike`).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--markdown", is_flag=True, help="The causes as a Markdown table.")
def catalogue(*, platform: str | None, cause: str | None, as_json: bool, markdown: bool) -> int:
    """Print the table of cause codes with the rules and the known messages that lead to them."""
    from vpn_check.jobs.knowledge import knowledge_table  # noqa: PLC0415  --help must not pay for it
    from vpn_check.report import knowledge_table as report  # noqa: PLC0415  same

    if as_json and markdown:
        raise UsageError("--json and --markdown are two forms of one answer.", hint="Leave one of them out.")
    table = knowledge_table(platform=PlatformName(platform) if platform else None, cause=cause)
    if as_json:
        click.echo(json.dumps(report.document(table, generated_at=datetime.now(UTC)), indent=2, ensure_ascii=False))
    elif markdown:
        click.echo(report.markdown(table), nl=False)
    else:
        report.write_text(table, sys.stdout)
    return 0
