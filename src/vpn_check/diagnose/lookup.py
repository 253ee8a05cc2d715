"""From what somebody types to what is known of it: a cause code, a message's id or number, or a line of a log."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import get_close_matches
from functools import cache

from vpn_check.diagnose.catalogue import catalogue, known
from vpn_check.diagnose.causes import Cause, causes
from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import match
from vpn_check.diagnose.signature import Signature
from vpn_check.model.log import LogLine

_MNEMONIC = re.compile(r"%?\b([A-Z][A-Z0-9_]+)-[0-9]-([A-Z0-9][A-Z0-9_]+)\b")
_NUMBER = re.compile(r"\b[0-9]{6}\b")
_NEAR = 5
_LEAST = 3  # letters; one or two stand in everything


def look_up(words: str) -> tuple[Cause | Signature, ...]:
    """The cause or the messages that are meant; none where nothing is known.

    Args:
        words: a cause code, an id of the catalogue, a mnemonic (`IKMP_BAD_MESSAGE`), a number (713061), a section of
            the source (S12), or a line as a device prints it.
    """
    word = words.strip()
    by_id = {s.id: s for s in (*catalogue(), *known())}
    if word.lower() in causes():
        return (causes()[word.lower()],)
    if word.lower() in by_id:
        return (by_id[word.lower()],)
    if re.fullmatch(r"[Ss][0-9]{1,2}", word):
        return tuple(s for s in catalogue() if word.upper() in s.references)
    bare = _MNEMONIC.fullmatch(word)
    if (named := _names().get((bare[2] if bare else word).upper())) is not None:
        return tuple(by_id[name] for name in named)
    line = LogLine(text=word, source=0, line=1)
    events = match(read([line]), [*catalogue(), *known()])
    return tuple(dict.fromkeys(event.signature for event in events))


def suggestions(words: str) -> tuple[str, ...]:
    """Words near to one that is not known."""
    word = words.strip().lower()
    known_words = {name.lower(): name for name in (*causes(), *(s.id for s in (*catalogue(), *known())), *_names())}
    near = [name for lower, name in known_words.items() if len(word) >= _LEAST and word in lower]
    near += [known_words[lower] for lower in get_close_matches(word, known_words, n=_NEAR, cutoff=0.6)]
    return tuple(dict.fromkeys(near))[:_NEAR]


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Mnemonics and numbers of messages, and the entries whose examples or references hold them."""
    names: dict[str, list[str]] = defaultdict(list)
    for signature in (*catalogue(), *known()):
        text = " ".join(signature.examples.fires)
        syslog = " ".join(r for r in signature.references if "syslog" in r)
        for name in (*(found[2] for found in _MNEMONIC.finditer(text)), *_NUMBER.findall(syslog)):
            if signature.id not in names[name]:
                names[name].append(signature.id)
    return {name: tuple(ids) for name, ids in names.items()}
