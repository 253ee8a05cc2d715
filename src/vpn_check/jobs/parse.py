"""One show output to structured JSON, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.errors import InputError, UsageError
from vpn_check.jobs.analyze import captures
from vpn_check.model.snapshot import Topic
from vpn_check.model.transcript import CommandOutput
from vpn_check.parse import supporting
from vpn_check.parse.clean import clean
from vpn_check.parse.commands import COMMANDS, TEMPLATES, resolve
from vpn_check.parse.platform import recognise
from vpn_check.parse.read import read
from vpn_check.parse.split import Section, split
from vpn_check.parse.text import ends_at_pager, text_of
from vpn_check.report.parse_document import facts_document

if TYPE_CHECKING:
    from vpn_check.model.device import PlatformName


def parse_file(path: str, *, stdin: bytes | None, platform: PlatformName | None, command: str | None) -> dict[str, Any]:
    """Parse a file (or standard input, `-`) as the answer to a command.

    Raises:
        InputError: the file cannot be read, or holds no output that is known.
        UsageError: the command is not one that is parsed.
    """
    capture = captures([path], stdin=stdin)[0]
    if capture.faults:
        raise InputError(capture.faults[0].message)
    body = parse_output(capture.outputs[0], platform=platform, command=command)
    if not body:
        raise InputError(f"{path}: no output that is known was found.", hint="Name the command with --command.")
    return body


def parse_text(text: str, *, platform: PlatformName | None = None, command: str | None = None) -> dict[str, Any]:
    """Parse a text as the answer to a command; without one, the content tells. Empty where nothing is known."""
    return parse_output(CommandOutput(command="", text=text), platform=platform, command=command)


def parse_output(output: CommandOutput, *, platform: PlatformName | None, command: str | None) -> dict[str, Any]:
    """Parse an output. The document holds the lists of every command that is found in it, and `unparsed` lines.

    Raises:
        UsageError: the command is not one that is parsed.
    """
    hint = _hint(command) if command else None
    text = text_of(output)
    lines = list(clean(text))
    platform = platform or recognise(lines)
    body: dict[str, Any] = {}
    for section in split(lines, hint, asked=hint is not None):
        if section.topic in TEMPLATES:
            _core(section, platform, body)
        elif section.topic is Topic.OTHER:
            _supporting(section, platform, body)
    if body and ends_at_pager(text):
        body["incomplete"] = True
    return body


def _hint(command: str) -> tuple[str, Topic]:
    found = resolve(command)
    if found[1] in TEMPLATES:
        return found
    name = supporting.resolve(command)
    if name is None:
        known = sorted({name for name, topic in COMMANDS.items() if topic in TEMPLATES} | set(supporting.SUPPORTING))
        raise UsageError(f"`{command}` is not a command that is parsed.", hint=f"Known: {', '.join(known)}.")
    return name, Topic.OTHER


def _core(section: Section, platform: PlatformName | None, body: dict[str, Any]) -> None:
    facts = read(section.topic, platform, section.lines, 0)
    facts_document(
        section.topic,
        body,
        tunnels=facts.tunnels,
        ike_sas=facts.ike_sas,
        connections=facts.engine,
        unmatched=facts.unmatched,
    )


def _supporting(section: Section, platform: PlatformName | None, body: dict[str, Any]) -> None:
    name = supporting.resolve(section.command) if section.command else supporting.recognise(section.lines)
    if name is None:
        return
    document, unmatched = supporting.parse_supporting(platform, name, section.lines)
    for key, value in document.items():
        if isinstance(value, list) and isinstance(body.get(key), list):
            body[key].extend(value)
        else:
            body[key] = value
    if unmatched:
        body.setdefault("unparsed", []).extend({"line": number, "text": text.strip()} for number, text in unmatched)
