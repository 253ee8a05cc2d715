"""What a device would propose: IPsec profiles, IKEv2 proposals, and the peers that IKE knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vpn_check.parse.supporting.fields import Fields, fields
from vpn_check.parse.supporting.maps import transform_sets

if TYPE_CHECKING:
    from vpn_check.parse.engine import Parsed

PROFILE_SIGNS = re.compile(r"\s*IPSEC profile +\S")
PROPOSAL_SIGNS = re.compile(r"\s*IKEv2 proposal *: *\S+\s*$")
PEER_SIGNS = re.compile(r"\s*(?:Peer: +\S+ +Port: *[0-9]+ +Local: |ISAKMP Peers Configuration)")

_CONFIGURED = ("KEY_EXCHANGE", "AUTH", "ENCRYPTION", "HASH", "LOCAL_ID", "REMOTE_ID")
_GROUP = re.compile(r"Group ([0-9]+)")


def ipsec_profiles(parsed: Parsed) -> list[dict[str, Any]]:
    """`show crypto ipsec profile`: one object a profile."""
    return [
        {
            "name": row.text("NAME"),
            "profile": row.text("PROFILE"),
            "lifetime_kb": row.number("LIFETIME_KB"),
            "lifetime_sec": row.number("LIFETIME_SEC"),
            "responder_only": row.text("RESPONDER_ONLY"),
            "pfs": row.text("PFS"),
            "dh": row.text("DH"),
            "pqc": row.text("PQC"),
            "mixed_mode": row.text("MIXED_MODE"),
            "transform_sets": transform_sets(row),
        }
        for row in fields(parsed)
        if row.has("NAME")
    ]


def ikev2_proposals(parsed: Parsed) -> list[dict[str, Any]]:
    """`show crypto ikev2 proposal`: one object a proposal, its algorithms in the order of preference."""
    return [
        {
            "name": row.text("NAME"),
            "encryption": _words(row, "ENCRYPTION"),
            "integrity": _words(row, "INTEGRITY"),
            "prf": _words(row, "PRF"),
            "dh": [int(number) for number in _GROUP.findall(" ".join(row.listed("DH")))],
        }
        for row in fields(parsed)
        if row.has("NAME")
    ]


def _words(row: Fields, name: str) -> list[str]:
    return (row.text(name) or "").split()


def isakmp_peers(parsed: Parsed) -> list[dict[str, Any]]:
    """`show crypto isakmp peers`: one object a peer."""
    return [
        {
            "peer": row.text("PEER"),
            "port": row.number("PORT"),
            "local": row.text("LOCAL"),
            "vrf": row.text("VRF"),
            "phase1_id": row.text("PHASE1_ID"),
            **{name.lower(): row.text(name) for name in _CONFIGURED if row.has(name)},
            **{name.lower(): row.number(name) for name in ("DH", "LIFETIME_SEC") if row.has(name)},
        }
        for row in fields(parsed)
        if row.has("PEER")
    ]
