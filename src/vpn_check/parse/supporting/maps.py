"""`show crypto map`: the entries of the crypto maps, with what is missing in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

SIGNS = re.compile(
    r"\s*(?:Crypto Map:? +(?:IPv[46] +)?\"[^\"]+\"|Interfaces using crypto map +\S|No crypto maps? found)"
)


def crypto_maps(parsed: Parsed) -> list[dict[str, Any]]:
    """One object an entry."""
    return [_entry(row) for row in fields(parsed) if row.has("NAME")]


def _entry(row: Fields) -> dict[str, Any]:
    bound = row.text("BOUND") == row.text("NAME")
    family = row.text("FAMILY")
    entry: dict[str, Any] = {
        "name": row.text("NAME"),
        "family": f"ipv{family}" if family else None,
        "seq": row.number("SEQ"),
        "type": row.text("TYPE"),
        "peers": row.listed("PEERS"),
        "acl": row.text("ACL"),
        "current_peer": row.text("CURRENT_PEER"),
        "lifetime_kb": row.number("LIFETIME_KB"),
        "lifetime_sec": row.number("LIFETIME_SEC"),
        "pfs": row.text("PFS"),
        "dh": row.text("DH"),
        "interfaces": _interfaces(row, bound=bound),
        "local_address": row.text("LOCAL_ADDRESS") if bound else None,
        "description": row.text("DESCRIPTION"),
        "profile": row.text("PROFILE"),
        "ipsec_profile": row.text("IPSEC_PROFILE"),
        "dynamic_map": row.text("DYNAMIC_MAP"),
        "group": row.text("GROUP"),
        "responder_only": row.text("RESPONDER_ONLY"),
        "aces": row.listed("ACES"),
        "transform_sets": transform_sets(row),
    }
    if row.has("INCOMPLETE"):
        entry["incomplete"] = True
    return entry


def _interfaces(row: Fields, *, bound: bool) -> list[str] | None:
    """The interfaces that the map stands on; None where the device did not come to say it at this entry."""
    named = row.listed("INTERFACES")
    if named or row.has("LISTED"):
        return named
    words = row.text("BOUND_INTERFACES")
    return words.replace(",", " ").split() if bound and words else None


def transform_sets(row: Fields) -> list[dict[str, Any]]:
    """The transform sets of a map entry or a profile, in the order of preference."""
    names = re.split(r"[,\s]+", row.text("INLINE_SETS") or "") + row.listed("BARE_SETS")
    inline = [{"name": name, "transforms": None} for name in names if name]
    listed = zip(row.listed("TRANSFORM_SETS"), row.listed("TRANSFORMS"), strict=False)
    return inline + [{"name": name, "transforms": " ".join(words.split())} for name, words in listed]
