"""`show crypto session`: sessions with their IKE SAs and flows, from a row a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(r"\s*(?:Crypto session current status|Session status: +[A-Z]+(?:-[A-Z-]+)?\s*$|Peer +I/F +Username)")

_WORDS = {
    "A": "ACTIVE",
    "I": "IDLE",
    "S": "STANDBY",
    "N": "NEGOTIATING",
    "K": "NO-IKE",
}
_UP_DOWN = {"U": "UP", "D": "DOWN"}


def sessions(parsed: Parsed) -> list[dict[str, Any]]:
    """The sessions of a whole answer."""
    return fold(fields(parsed))


def fold(rows: Iterable[Fields]) -> list[dict[str, Any]]:
    """Put the blocks of sessions together, in the order in which they were printed."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if row.text("BRIEF_STATUS"):
            found.append(_brief(row))
            continue
        if row.text("INTERFACE") or row.text("SESSION_INTERFACE") or not found:
            found.append(_head(row))
        elif row.has("STATUS") and (found[-1]["status"] or found[-1]["flows"]):
            found.append(_head(row) | {"interface": found[-1]["interface"]})
        elif row.has("PEER") and (found[-1]["peer"] or found[-1]["flows"]):
            found.append(_head(row) | {name: found[-1][name] for name in ("interface", "status", "profile", "uptime")})
        else:
            head = {name: value for name, value in _head(row).items() if value not in (None, [])}
            found[-1] |= {name: value for name, value in head.items() if found[-1].get(name) in (None, [])}
        if row.text("IKE"):
            found[-1]["ike"].append(_ike(row))
            if found[-1]["peer"] is None and (remote := found[-1]["ike"][-1]["remote"]):
                found[-1]["peer"], _, port = remote.rpartition("/")
                found[-1]["port"] = int(port)
        if row.has("FLOW", "ACTIVE_SAS"):
            found[-1]["flows"].append(_flow(row))
    return [session for session in found if any(value not in (None, []) for value in session.values())]


def _head(row: Fields) -> dict[str, Any]:
    return {
        "interface": row.text("INTERFACE") or row.text("SESSION_INTERFACE"),
        "status": row.text("STATUS"),
        "peer": row.text("PEER"),
        "port": row.number("PORT"),
        "profile": row.text("PROFILE"),
        "uptime": row.text("UPTIME"),
        "fvrf": row.text("FVRF"),
        "ivrf": row.text("IVRF"),
        "phase1_id": row.text("PHASE1_ID"),
        "username": row.text("USERNAME"),
        "group": row.text("GROUP"),
        "assigned_address": row.text("ASSIGNED"),
        "description": row.text("DESCRIPTION"),
        "session_id": row.number("SESSION_ID"),
        "ike": [],
        "flows": [],
    }


def _ike(row: Fields) -> dict[str, Any]:
    return {
        "version": f"IKE{row.text('IKE_VERSION') or ''}",
        "local": (row.text("LOCAL") or "").replace(" ", "") or None,
        "remote": (row.text("REMOTE") or "").replace(" ", "") or None,
        "status": row.text("IKE_STATUS"),
        "conn_id": row.number("CONN_ID"),
        "lifetime": row.text("LIFETIME"),
        "capabilities": row.text("CAPABILITIES"),
    }


def _flow(row: Fields) -> dict[str, Any]:
    return {
        "flow": row.text("FLOW"),
        "active_sas": row.number("ACTIVE_SAS"),
        "origin": row.text("ORIGIN"),
        "in_pkts": row.number("IN_PKTS"),
        "in_drop": row.number("IN_DROP"),
        "in_life_kb": row.number("IN_LIFE_KB"),
        "in_life_sec": row.number("IN_LIFE_SEC"),
        "out_pkts": row.number("OUT_PKTS"),
        "out_drop": row.number("OUT_DROP"),
        "out_life_kb": row.number("OUT_LIFE_KB"),
        "out_life_sec": row.number("OUT_LIFE_SEC"),
    }


def _brief(row: Fields) -> dict[str, Any]:
    """A line of `brief`: its letters are spelled as the long form spells them (`UA` is UP-ACTIVE)."""
    letters = row.text("BRIEF_STATUS") or ""
    words = [_UP_DOWN[letter] for letter in letters if letter in _UP_DOWN]
    words += [_WORDS[letter] for letter in letters if letter in _WORDS]
    return _head(row) | {
        "status": "-".join(words) or letters,
        "interface": row.text("BRIEF_INTERFACE"),
        "username": row.text("BRIEF_USER"),
        "ivrf": row.text("BRIEF_IVRF"),
        "phase1_id": row.text("BRIEF_ID"),
    }
