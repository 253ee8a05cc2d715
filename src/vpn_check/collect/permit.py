"""Which lines may be written to a device at all, by the class of the command."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from vpn_check.errors import CommandNotAllowed
from vpn_check.model.transcript import CommandClass
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.debugging import LEVEL, LEVELS, PEER
from vpn_check.platforms.ping import ONE_LINE, OPENING

if TYPE_CHECKING:
    from collections.abc import Collection

    from vpn_check.model.transcript import Command

_FORMS = {
    CommandClass.READ: re.compile(r"show [!-~][ -~]*"),
    CommandClass.PROBE: re.compile("|".join(form.pattern for form in ONE_LINE)),
}
_FILTERS = ("include", "exclude", "begin", "section", "count", "grep")
_FORBIDDEN = (";", "?", ">")   # a second command, the help that answers in place, a redirection


def permit(command: Command, opened: Collection[CommandClass]) -> None:
    """Refuse a command that the session was not opened for, or that could do more than its class says.

    Raises:
        CommandNotAllowed: with the reason. Nothing has been written to the device.
    """
    text = command.text
    if command.kind not in opened:
        raise _refusal(text, f"the session was not opened for commands of the class {command.kind}.")
    if not _in_form(command):
        raise _refusal(text, f"it is not one line in the form of a {command.kind} command.")
    if any(character in text for character in _FORBIDDEN):
        raise _refusal(text, "it holds a character that could start something else.")
    for part in text.split("|")[1:]:
        word = part.split()[0].lower() if part.split() else ""
        if not word or not any(name.startswith(word) for name in _FILTERS):
            raise _refusal(text, f"behind `|` stands `{word}`, and only output filters may ({', '.join(_FILTERS)}).")


def permit_dialogue(opening: str, opened: Collection[CommandClass]) -> None:
    """Refuse to open a dialogue that is not the ping's, or in a session that was not opened for probes.

    Raises:
        CommandNotAllowed: with the reason. Nothing has been written to the device.
    """
    if CommandClass.PROBE not in opened:
        raise _refusal(opening, f"the session was not opened for commands of the class {CommandClass.PROBE}.")
    if not OPENING.fullmatch(opening):
        raise _refusal(opening, "it does not open a dialogue that is known.")


def _in_form(command: Command) -> bool:
    if command.kind is CommandClass.DEBUG:
        return any(_is_debug_line(form, command.text) for form in _debug_lines())
    return _FORMS[command.kind].fullmatch(command.text) is not None


@cache
def _debug_lines() -> tuple[re.Pattern[str], ...]:
    """The lines of the platforms' tables, which switch off one debug at a time: never somebody else's, never all."""
    lines = {line for platform in PLATFORMS.values() for forms in platform.debugs for line in forms.lines()}
    return tuple(re.compile(re.escape(line).replace(re.escape(PEER), r"(?P<peer>[0-9A-Fa-f.:]{2,45})")
                            .replace(re.escape(LEVEL), r"(?P<level>[1-9][0-9]{0,2})")) for line in sorted(lines))


def _is_debug_line(form: re.Pattern[str], text: str) -> bool:
    found = form.fullmatch(text)
    if found is None:
        return False
    named = found.groupdict()
    if "level" in named and int(named["level"]) not in LEVELS:
        return False
    return "peer" not in named or _is_host(named["peer"])


def _is_host(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_multicast)


def _refusal(text: str, why: str) -> CommandNotAllowed:
    return CommandNotAllowed(f"{text[:60]!r} was not sent: {why}", hint="Nothing was written to the device.")
