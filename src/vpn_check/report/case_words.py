"""Words that the reports of a case share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Side

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.model.case import Redaction

_SIDES = {
    Side.HERE: "this side",
    Side.PATH: "the path",
    Side.PEER: "the far side",
    Side.BEYOND: "the path or the far side, not here",
    Side.UNDECIDED: "cannot be told from here",
}
_SURE = ((0.85, "almost certain"), (0.7, "likely"), (0.5, "assumed"), (0.0, "a guess"))


def confidence_word(confidence: float) -> str:
    """How sure a finding is, as a word and a share."""
    return f"{next(word for limit, word in _SURE if confidence >= limit)} ({confidence:.0%})"


def side_words(side: Side) -> str:
    """Where the fault lies, as the end of a sentence; nothing where that has no meaning."""
    return f"; where: {_SIDES[side]}" if side in _SIDES else ""


def redaction_words(redaction: Redaction) -> str:
    """What was taken out, in a sentence or two."""
    if not redaction.secrets:
        return "NOTHING IS REDACTED: this bundle holds the keys and passwords of the devices."
    places = f"Secrets are masked ({redaction.masked} places, {redaction.distinct} distinct values)"
    if not redaction.masked:
        places = "No secret was found that had to be masked"
    if redaction.addresses:
        return f"{places}; addresses, host and user names are stand-ins, the same in every file."
    if redaction.users:
        return f"{places}; user names are stand-ins; addresses are as they were."
    return f"{places}; addresses and user names are as they were."


def age(first: datetime | None, last: datetime | None) -> str:
    """The time between two samples, as a phrase; nothing where it is not known."""
    if first is None or last is None:
        return ""
    return f", {(last - first).total_seconds():.0f} s apart"
