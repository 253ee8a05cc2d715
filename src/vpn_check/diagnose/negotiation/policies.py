"""IKEv2 proposals as printed, taken apart: in which kind of transform do two lists differ?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS = {
    "encryption": "encryption",
    "prf": "PRF",
    "integrity": "integrity",
    "group": "Diffie-Hellman group",
    "esn": "ESN",
}
_GROUP = re.compile(r"Group ?([0-9]+)")
_LABEL = r"(?:ENCRYPTION|ENCR|PRF|INTEGRITY|INTEG|DH[ _]GROUP|DH|ESN)"
_LABELLED = re.compile(rf"({_LABEL}) ?: *(.*?)(?= {_LABEL} ?:|$)")
_LABELS = {
    "ENCRYPTION": "encryption",
    "ENCR": "encryption",
    "PRF": "prf",
    "INTEGRITY": "integrity",
    "INTEG": "integrity",
}
_CIPHER = re.compile(r"^(?:AES|3DES|DES|NULL|CHACHA|CAMELLIA|SEED)")
_MAC = re.compile(r"^(?:SHA[0-9]|MD5|HMAC|AES-XCBC|AES-CMAC|None)")


def transforms(text: str) -> dict[str, frozenset[str]]:
    """The transforms of a proposal by kind: `AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2`."""
    labelled = _LABELLED.findall(text)
    if labelled:
        found: dict[str, set[str]] = {}
        for label, value in labelled:
            kind = _LABELS.get(label, "esn" if label == "ESN" else "group")
            found.setdefault(kind, set()).update(_groups(value) if kind == "group" else value.split())
        return {kind: frozenset(values) for kind, values in found.items() if values}
    return _unlabelled(text)


def _unlabelled(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    if groups := _groups(text):
        found["group"] = set(groups)
    words = re.sub(r"DH_[^ ]*(?: ?[0-9]+)?|Don't use ESN|Use ESN|Group [0-9]+", " ", text).split()
    if "use ESN" in text or "Use ESN" in text:
        found["esn"] = {"off" if "Don't" in text else "on"}
    for word in words:
        if _CIPHER.match(word) and not word.startswith(("AES-XCBC", "AES-CMAC")):
            found.setdefault("encryption", set()).add(word)
        elif _MAC.match(word):
            truncated = re.fullmatch(r"(?:SHA|MD5?)?96|SHA96|MD596|MD5-96|SHA1-96", word) is not None
            found.setdefault("integrity" if truncated or "prf" in found else "prf", set()).add(word)
    if "prf" in found and "integrity" not in found:
        found["integrity"] = found["prf"] if "group" not in found else set(found["prf"])
    if "group" not in found and "prf" in found:  # ESP has no PRF
        found["integrity"] = found.pop("prf") | found.get("integrity", set())
    return {kind: frozenset(values) for kind, values in found.items() if values}


def _groups(text: str) -> list[str]:
    return _GROUP.findall(text)


def differing(received: Sequence[str], expected: Sequence[str]) -> tuple[str, ...]:
    """The kinds of transform in which those two proposals differ that are nearest to each other."""
    theirs, ours = _read(received), _read(expected)
    if not theirs or not ours:
        return ()
    both = ((one, other) for one in theirs for other in ours)
    return min((_differing(*pair) for pair in both), key=lambda kinds: (len(kinds), _rank(kinds)))


def compare(received: Sequence[str], expected: Sequence[str]) -> str:
    """A sentence that names what differs between the proposals that are nearest to each other; empty: nothing told."""
    differences = differing(received, expected)
    theirs, ours = _read(received), _read(expected)
    parts = []
    for kind in differences:
        offered, held = _values(theirs, kind), _values(ours, kind)
        if set(offered) & set(held):
            parts.append(f"{_KINDS[kind]} in no common combination")
        else:
            parts.append(f"{_KINDS[kind]} ({_list(offered)} against {_list(held)})")
    if differences == ("group",) and not set(_values(theirs, "group")) & set(_values(ours, "group")):
        offered, held = _values(theirs, "group"), _values(ours, "group")
        return f"No Diffie-Hellman group is common: {_list(offered)} against {_list(held)}."
    return f"They differ in {', '.join(parts)}." if parts else ""


def _read(texts: Sequence[str]) -> list[dict[str, frozenset[str]]]:
    return [found for text in texts if (found := transforms(text))]


def _values(side: Sequence[dict[str, frozenset[str]]], kind: str) -> list[str]:
    return sorted({value for one in side for value in one.get(kind, ())}, key=_natural) or ["none"]


def _differing(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> tuple[str, ...]:
    """Kinds with no value in common. A group on one side only is a difference, other kinds may just not be printed."""
    differs = []
    for kind in _KINDS:
        mine, yours = one.get(kind), other.get(kind)
        if mine is None or yours is None:
            if kind == "group" and mine is not yours:
                differs.append(kind)
        elif not mine & yours:
            differs.append(kind)
    return tuple(differs)


def _rank(kinds: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(list(_KINDS).index(kind) for kind in kinds)


def _natural(word: str) -> tuple[int, str]:
    return (int(word), "") if word.isdigit() else (0, word)


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
