"""One answer to the document of its command, with the lines that nothing understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.table import SUPPORTING
from vpn_check.parse.templates import templates_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.device import PlatformName
    from vpn_check.parse.clean import Line
    from vpn_check.parse.engine import Parsed


def parse_supporting(
    platform: PlatformName | None, command: str, lines: Sequence[Line]
) -> tuple[dict[str, Any], list[Line]]:
    """Read the answer to a command of `SUPPORTING`.

    Args:
        platform: whose templates are asked first; None where the capture does not say.
        command: its full words, as `resolve` and `recognise` give them.
        lines: the cleaned lines of the answer.

    Raises:
        KeyError: the command is none of `SUPPORTING`.
    """
    best = read_supporting(platform, command, lines)
    return SUPPORTING[command].document(best), best.unmatched


def read_supporting(platform: PlatformName | None, command: str, lines: Sequence[Line]) -> Parsed:
    """The rows of the answer to a command of `SUPPORTING`, by the template that reads most of it.

    Raises:
        KeyError: the command is none of `SUPPORTING`.
    """
    tried = [template.parse(lines) for template in templates_for(platform, SUPPORTING[command].template)]
    return min(tried, key=lambda parsed: (len(parsed.unmatched), -_filled(parsed)))


def _filled(parsed: Parsed) -> int:
    """How many values were read. Where two templates pass over what they do not know, this tells them apart."""
    return sum(1 for row in parsed.rows for value in row if value)
