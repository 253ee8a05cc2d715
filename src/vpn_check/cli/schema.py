"""`vpn-check schema`."""

from __future__ import annotations

import click

from vpn_check.resources import package_path

KINDS = {"check": "check.json", "analyze": "check.json"}
"""Documents that are described, and the files that do it."""


@click.command
@click.argument("kind", type=click.Choice(list(KINDS)), default="check")
def schema(*, kind: str) -> int:
    """Print the JSON Schema of the document that a command prints with --json."""
    click.echo(package_path("report", "schema", KINDS[kind]).read_text(encoding="utf-8"), nl=False)
    return 0
