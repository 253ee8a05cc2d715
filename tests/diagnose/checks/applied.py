"""Proposed lines, applied to the text of a configuration as the device would apply them."""

from __future__ import annotations

import re

_NUMBERED = re.compile(r" (?P<place>\d+) (?P<entry>(?:permit|deny) .*)")


def applied(text: str, changes: tuple[str, ...]) -> str:  # noqa: C901  one branch a form of line
    """The text with the lines in it. New entries in front of an access list are put there."""
    lines = text.splitlines()
    end = next((place for place, line in enumerate(lines) if line.strip() in {"end", ": end"}), len(lines))
    body, tail = lines[:end], lines[end:]
    opened, front = "", 0
    for change in changes:
        if not change.startswith(" "):
            opened, front = change, 0
        if change.startswith("clear "):
            continue
        if change.startswith("no "):
            body = _without(body, change.removeprefix("no "))
        elif (numbered := _NUMBERED.fullmatch(change)) and opened.startswith("ip access-list"):
            front = _before(body, opened, f" {numbered['entry']}", front)
        elif change.startswith("ip access-list ") and (change in body or _numbered(body, change)):
            continue
        elif " line " in change and change.startswith("access-list"):
            name = change.split()[1]
            place = next(number for number, line in enumerate(body) if line.startswith(f"access-list {name} "))
            body.insert(place + front, re.sub(r" line \d+ ", " ", change))
            front += 1
        elif change.startswith("nat (") and ") 1 source" in change:
            place = next((number for number, line in enumerate(body) if line.lstrip().startswith("nat (")), len(body))
            while place and body[place - 1].startswith("object"):
                place -= 1
            body.insert(place, change.replace(") 1 source", ") source"))
        elif change.startswith(" ") and opened.startswith("ip access-list") and opened in body:
            body.insert(_block(body, body.index(opened)), change)
        else:
            body.append(change)
    return "\n".join((*body, *tail)) + "\n"


def _numbered(body: list[str], opened: str) -> bool:
    """Whether the list is there in its numbered form."""
    return any(line.startswith(f"access-list {opened.rsplit(maxsplit=1)[-1]} ") for line in body)


def _before(body: list[str], opened: str, entry: str, front: int) -> int:
    """Put an entry in front of a list of a router, named or numbered; the number of those put there so far."""
    if opened in body:
        body.insert(body.index(opened) + 1 + front, entry)
        return front + 1
    name = opened.rsplit(maxsplit=1)[-1]
    place = next(number for number, line in enumerate(body) if line.startswith(f"access-list {name} "))
    body.insert(place, f"access-list {name}{entry}")
    return front


def _block(body: list[str], place: int) -> int:
    """Where the block that begins at a place ends."""
    place += 1
    while place < len(body) and body[place].startswith(" "):
        place += 1
    return place


def _without(body: list[str], statement: str) -> list[str]:
    """The lines without a statement, or without all of what begins with it, and without its block."""
    kept, inside = [], False
    for line in body:
        inside = line.startswith(statement) or (inside and line.startswith(" "))
        if not inside:
            kept.append(line)
    return kept
