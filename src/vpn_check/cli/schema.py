"""`vpn-check schema`."""

from __future__ import annotations

import json
from typing import Any

import click

from vpn_check.resources import package_path

KINDS = {
    "check": "check.json",
    "analyze": "check.json",
    "audit": "audit.json",
    "catalogue": "catalogue.json",
    "compare": "compare.json",
    "peer-sheet": "peer-sheet.json",
    "doctor": "doctor.json",
    "mtu": "mtu.json",
    "debug": "debug.json",
    "collect": "collect.json",
    "bundle": "bundle.json",
    "poll": "poll.json",
    "history": "history.json",
}
"""Documents that are described, and the files that do it."""


@click.command
@click.argument("kind", type=click.Choice(list(KINDS)), default="check")
def schema(*, kind: str) -> int:
    """Print the JSON Schema of the document that a command prints with --json."""
    click.echo(json.dumps(schema_of(KINDS[kind]), indent=1, ensure_ascii=False))
    return 0


def schema_of(file: str) -> dict[str, Any]:
    """A schema by its file. Where `$defs` names another file, its definitions are taken in; so is a single one."""
    body: dict[str, Any] = json.loads(package_path("report", "schema", file).read_text(encoding="utf-8"))
    definitions = body.get("$defs", {})
    if isinstance(definitions, str):
        body["$defs"] = schema_of(definitions)["$defs"]
    else:
        for name, definition in definitions.items():
            if isinstance(definition, str):
                definitions[name] = schema_of(definition)["$defs"][name]
    return body
