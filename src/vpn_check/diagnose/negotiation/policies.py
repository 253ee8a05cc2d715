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


def compare(received: Sequence[str], expected: Sequence[str]) -> str:
    """A sentence that names what differs between the proposals that are nearest to each other; empty: nothing told."""
    theirs = [found for text in received if (found := transforms(text))]
    ours = [found for text in expected if (found := transforms(text))]
    if not theirs or not ours:
        return ""
    differences = min(
        (_differing(one, other) for one in theirs for other in ours), key=lambda kinds: (len(kinds), _rank(kinds))
    )
    if not differences:
        return ""
    parts = []
    for kind in differences:
        offered = sorted(set().union(*(one.get(kind, frozenset()) for one in theirs)), key=_natural)
        held = sorted(set().union(*(one.get(kind, frozenset()) for one in ours)), key=_natural)
        common = set(offered) & set(held)
        if common:  # in combination only
            parts.append(f"{_KINDS[kind]} in no common combination")
        else:
            parts.append(f"{_KINDS[kind]} ({_list(offered)} against {_list(held)})")
    if len(parts) == 1 and "group" in differences and "combination" not in parts[0]:
        theirs_groups, ours_groups = ({g for one in side for g in one.get("group", ())} for side in (theirs, ours))
        return (
            "No Diffie-Hellman group is common:"
            f" {_list(sorted(theirs_groups, key=_natural))} against {_list(sorted(ours_groups, key=_natural))}."
        )
    return f"They differ in {', '.join(parts)}."


def _differing(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(kind for kind in _KINDS if kind in one and kind in other and not one[kind] & other[kind])


def _rank(kinds: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(list(_KINDS).index(kind) for kind in kinds)


def _natural(word: str) -> tuple[int, str]:
    return (int(word), "") if word.isdigit() else (0, word)


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
