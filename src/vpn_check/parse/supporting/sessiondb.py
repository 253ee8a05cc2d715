"""ASA `show vpn-sessiondb`: sessions with their tunnels, and the summary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

L2L_SIGNS = re.compile(r"\s*Session Type: +LAN-to-LAN\s*$")
L2L_DETAIL_SIGNS = re.compile(r"\s*Session Type: +LAN-to-LAN Detailed")
ANYCONNECT_SIGNS = re.compile(r"\s*Session Type: +AnyConnect\s*$")
ANYCONNECT_DETAIL_SIGNS = re.compile(r"\s*Session Type: +AnyConnect Detailed")
OTHER_SIGNS = re.compile(r"\s*Session Type: +\S")
SUMMARY_SIGNS = re.compile(
    r"\s*(?:VPN Session Summary\s*$|Active Session Summary\s*$|Active : Cumulative : Peak Concur)"
)

_TUNNEL_NUMBERS = ("REKEY_INT", "REKEY_LEFT", "BYTES_TX", "BYTES_RX", "PKTS_TX", "PKTS_RX")
_MORE_NUMBERS = (
    "REKEY_INT_KB",
    "REKEY_LEFT_KB",
    "IDLE_TIMEOUT_MIN",
    "IDLE_LEFT_MIN",
    "PKTS_TX_DROP",
    "PKTS_RX_DROP",
    "SRC_PORT",
    "DST_PORT",
    "DH",
    "PFS",
)
_SECTIONS = {"Tunnels": "tunnels", "NAC Sessions": "nac"}
_MORE_WORDS = ("MODE", "AUTH", "REMOTE_AUTH", "LOCAL_AUTH", "PRF", "FILTER")


def sessions_db(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a session; its tunnels in the order in which they were printed."""
    found: list[dict[str, Any]] = []
    for row in fields(parsed):
        if row.has("KIND"):
            if not found:  # cut off above the first tunnel
                found.append(_session(row, whole=False))
            if row.text("KIND") != "NAC":
                found[-1]["tunnels"].append(_tunnel(row))
        elif row.has("SESSION", "INDEX", "LOGIN_TIME"):
            found.append(_session(row, whole=True))
    return found


def summary(parsed: Parsed) -> list[dict[str, Any]]:
    """One object a kind of session or of tunnel."""
    return [
        {
            "section": _SECTIONS.get(row.text("SECTION") or "", "sessions"),
            "name": row.text("NAME"),
            "active": row.number("ACTIVE"),
            "cumulative": row.number("CUMULATIVE"),
            "peak": row.number("PEAK"),
            "inactive": row.number("INACTIVE"),
        }
        for row in fields(parsed)
        if row.has("NAME")
    ]


def load(parsed: Parsed) -> dict[str, Any]:
    """How many sessions the device can hold, and how full it is."""
    for row in fields(parsed):
        if row.has("CAPACITY", "LOAD"):
            return {"vpn_load": {"capacity": row.number("CAPACITY"), "load_percent": row.number("LOAD")}}
    return {}


def _session(row: Fields, *, whole: bool) -> dict[str, Any]:
    names = {
        "connection": row.text("CONNECTION"),
        "index": row.number("INDEX"),
        "ip": row.text("IP") or row.text("PUBLIC_IP"),
        "assigned_ip": row.text("ASSIGNED_IP"),
        "protocol": row.text("PROTOCOL"),
        "encryption": row.text("ENCRYPTION"),
        "hashing": row.text("HASHING"),
        "bytes_tx": row.number("BYTES_TX"),
        "bytes_rx": row.number("BYTES_RX"),
        "login_time": row.text("LOGIN_TIME"),
        "duration": row.text("DURATION"),
        "inactivity": row.text("INACTIVITY"),
        "group_policy": row.text("GROUP_POLICY"),
        "tunnel_group": row.text("TUNNEL_GROUP"),
        "filter": row.text("FILTER"),
        "type": row.text("SESSION_TYPE"),
    }
    if not whole:
        names = dict.fromkeys(names, None) | {"type": row.text("SESSION_TYPE")}
    return {**names, "tunnels": []}


def _kind(printed: str | None) -> str | None:
    """`IKE:` is what devices print that know IKEv1 only."""
    word = (printed or "").lower()
    return "ikev1" if word == "ike" else word or None


def _tunnel(row: Fields) -> dict[str, Any]:
    always: dict[str, Any] = {
        "id": row.text("ID"),
        "kind": _kind(row.text("KIND")),
        "local": row.text("LOCAL"),
        "remote": row.text("REMOTE"),
        "encapsulation": row.text("ENCAPSULATION"),
        "encryption": row.text("ENCRYPTION"),
        "hashing": row.text("HASHING"),
        **{name.lower(): row.number(name) for name in _TUNNEL_NUMBERS},
    }
    numbers = {name.lower(): row.number(name) for name in _MORE_NUMBERS if row.has(name)}
    words = {name.lower(): row.text(name) for name in _MORE_WORDS if row.has(name)}
    return always | numbers | words
