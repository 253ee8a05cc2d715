"""`vpn-check parse`."""

from __future__ import annotations

import json
import sys

import click

from vpn_check.cli.options import PLATFORM
from vpn_check.jobs.analyze import STDIN
from vpn_check.model.device import PlatformName


@click.command
@click.argument("path", metavar="FILE")
@click.option("--platform", type=PLATFORM, help="Where the output is from; without it, its content tells.")
@click.option("--command", metavar="TEXT", help="The command that it answers; without it, its content tells.")
def parse(*, path: str, platform: str | None, command: str | None) -> int:
    """Print one show output as JSON; `-` reads standard input."""
    from vpn_check.jobs.parse import parse_file  # noqa: PLC0415  --help must not pay for it

    stdin = sys.stdin.buffer.read() if path == STDIN else None
    body = parse_file(path, stdin=stdin, platform=PlatformName(platform) if platform else None, command=command)
    click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    return 0
