"""Which peer a message names: an address as printed, or the name or masked address in its place."""

from __future__ import annotations

import re

ADDRESS = (
    r"(?:[0-9A-Za-z]{1,3}(?:\.[0-9A-Za-z]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"
    r"|[A-Za-z][A-Za-z0-9_.\-]{0,62})"
)
QUAD = r"(?:[0-9A-Za-z]{1,3}(?:\.[0-9A-Za-z]{1,3}){3}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
_PEER = (
    re.compile(r"\bIP = (" + ADDRESS + r")"),
    re.compile(r"Received Packet \[From ([0-9A-Za-z.:]+?):[0-9]+/"),
    re.compile(r"Sending Packet \[To ([0-9A-Za-z.:]+?):[0-9]+/"),
    re.compile(r"\[L [0-9A-Za-z.:]+?:[0-9]+/R ([0-9A-Za-z.:]+?):[0-9]+/"),
    re.compile(r"IKE ID PAIR \((" + QUAD + r"),"),
    re.compile(r"LAN-to-LAN SA .{0,80}\(user= ?(" + QUAD + r")\)"),
    re.compile(r"\bRemote: ?(" + ADDRESS + r")"),
    re.compile(r"\(peer (" + ADDRESS + r")\)"),
    re.compile(r"\bremote(?: peer)?[= ] ?(" + QUAD + r")"),
    re.compile(r"\bremote address ?: (" + QUAD + r")"),
    re.compile(r"\bpeer(?: at| address)? ?:? ?(" + QUAD + r")"),
    re.compile(r"\bPeer (" + QUAD + r")"),
    re.compile(r"\bsrc_?addr[= ]+ ?(" + ADDRESS + r")"),
    re.compile(r"\bIKE message from (" + ADDRESS + r")"),
    re.compile(
        r"\b(?:with host|authenticated with|pre-shared key match(?:ed|ing)|packet to|peer config to) (" + QUAD + r")"
    ),
    re.compile(r"\binbound SA from (" + QUAD + r") to "),
    re.compile(r"\bfrom (" + QUAD + r")(?![0-9A-Za-z])(?! +to )"),
    re.compile(r"\bdest= ?" + ADDRESS + r"[^,]{0,6}, src= ?(" + ADDRESS + r")"),
)
_ENGINE_REQUEST = re.compile(r"\bsrc= ?" + ADDRESS + r"[^,]{0,6}, dest= ?(" + ADDRESS + r")")
_HINTS = (
    *("eer", "emote", "IP = ", "from ", "src", "host ", "packet to", "matche", "matching", "ted with "),
    *("Packet [", "[L ", "PAIR", "LAN SA"),
)
_EDGES = " ,;()[]!"
_PLACEHOLDERS = {"", "dest_address", "src_address", "ip_address", "peer", "Unknown"}


def peer_span(text: str) -> tuple[int, int] | None:
    """Where a message names its peer; the place depends on the form of the text, not on which digits stand in it."""
    if not any(hint in text for hint in _HINTS):
        return None
    for pattern in _PEER:
        if (found := pattern.search(text)) is not None:
            return found.span(1)
    if "sa_request" in text and (found := _ENGINE_REQUEST.search(text)) is not None:
        return found.span(1)
    return None


def named_peer(text: str) -> str | None:
    """The peer that a message names, as printed; None where it names none."""
    span = peer_span(text)
    return clean_address(text[slice(*span)]) if span is not None else None


def clean_address(word: str | None) -> str | None:
    """An address as printed without the punctuation of its sentence; None for a placeholder of a manual."""
    if word is None:
        return None
    word = word.strip(_EDGES).rstrip(".")
    return None if word in _PLACEHOLDERS else word
