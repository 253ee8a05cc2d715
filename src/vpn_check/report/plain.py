"""Words of a device as words and nothing more: on one line, without a character that steers a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import DeviceFault

_MARK = "?"


def plain(text: str, most: int | None = None) -> str:
    """One printable line: white space becomes a blank, control characters a `?`; cut to `most` characters, with `...`.

    Marks that turn the direction of writing are control characters too: they let a line show what it does not say.
    """
    line = " ".join(text.split())
    if not line.isprintable():
        line = "".join(char if char.isprintable() else _MARK for char in line)
    if most is not None and len(line) > most:
        line = line[: max(most - 3, 0)].rstrip() + "..."
    return line


def verbatim(text: str, most: int | None = None) -> str:
    """The same for a quoted line of a device: its own blanks stay."""
    line = text.rstrip().expandtabs()
    if not line.isprintable():
        line = "".join(char if char.isprintable() else _MARK for char in line)
    return line if most is None or len(line) <= most else line[: max(most - 3, 0)] + "..."


def number(count: int, word: str) -> str:
    """`1 tunnel`, `2 tunnels`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def silence(device: str, fault: DeviceFault) -> str:
    """Why a device did not answer, with its name once and the step."""
    named = fault.message if fault.message.startswith(device) else f"{device}: {fault.message}"
    return plain(f"{named} [{fault.step}]")
