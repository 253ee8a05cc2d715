"""One show output to structured JSON, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.errors import InputError, UsageError
from vpn_check.jobs.analyze import captures
from vpn_check.parse.clean import clean
from vpn_check.parse.commands import COMMANDS, TEMPLATES, resolve
from vpn_check.parse.platform import recognise
from vpn_check.parse.read import read
from vpn_check.parse.split import split
from vpn_check.parse.text import text_of
from vpn_check.report.parse_document import facts_document

if TYPE_CHECKING:
    from vpn_check.model.device import PlatformName


def parse_text(path: str, *, stdin: bytes | None, platform: PlatformName | None, command: str | None) -> dict[str, Any]:
    """Parse a file (or standard input, `-`) as the answer to a command.

    Raises:
        InputError: the file cannot be read, or holds no output that is known.
        UsageError: the command is not one that is parsed.
    """
    capture = captures([path], stdin=stdin)[0]
    if capture.faults:
        raise InputError(capture.faults[0].message)
    hint = resolve(command) if command else None
    if hint is not None and hint[1] not in TEMPLATES:
        known = ", ".join(f"`{name}`" for name, topic in COMMANDS.items() if topic in TEMPLATES)
        raise UsageError(f"`{command}` is not a command that is parsed.", hint=f"Known: {known}.")
    lines = list(clean(text_of(capture.outputs[0])))
    platform = platform or recognise(lines)
    body: dict[str, Any] = {}
    for section in split(lines, hint, asked=hint is not None):
        if section.topic in TEMPLATES:
            facts = read(section.topic, platform, section.lines, 0)
            facts_document(
                section.topic,
                body,
                tunnels=facts.tunnels,
                ike_sas=facts.ike_sas,
                connections=facts.engine,
                unmatched=facts.unmatched,
            )
    if not body:
        raise InputError(f"{path}: no output that is known was found.", hint="Name the command with --command.")
    return body
