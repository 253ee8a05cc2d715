"""Algorithms in use that are no longer considered safe. Advice, never the verdict of an outage.

Recognised by: the transforms of live IPsec SAs (DES, 3DES, MD5, NULL) and, where printed, the cipher, hash and
Diffie-Hellman group of the IKE SA (groups 1, 2, 5). What is in use beats what is configured.
Sources: S3, S28; RFC 8221, RFC 8247.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.context import Context, peer_word
from vpn_check.model.finding import Evidence, Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel

_WEAK_ESP = re.compile(r"\b(?:esp-(?:3des|des|null|md5-hmac)|ah-md5-hmac)\b")
_WEAK_GROUPS = {"1", "2", "5"}
_WEAK_IKE = re.compile(r"^(?:3?des\S*|md5\S*)$", re.IGNORECASE)


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Name the weak algorithms that a tunnel uses."""
    weak: list[str] = []
    evidence: list[Evidence] = []
    for sa in tunnel.sas:
        found = [
            word.removeprefix("esp-").removeprefix("ah-").removesuffix("-hmac").upper()
            for word in _WEAK_ESP.findall(sa.transform or "")
        ]
        if sa.live and found:
            weak += found
            line = sa.where.line("transform", "spi")
            quoted = context.snapshot.quote(sa.where.source, line)
            evidence += [quoted] if quoted and not evidence else []
    for ike in tunnel.ike:
        named = [word.upper() for word in (ike.encr, ike.hash, ike.integrity) if word and _WEAK_IKE.match(word)]
        if ike.dh in _WEAK_GROUPS:
            named.append(f"DH group {ike.dh}")
        if named:
            weak += named
            evidence += [line for line in context.quote(ike.where, "encr", "conn_id") if line not in evidence][:1]
    if not weak or not evidence:
        return None
    words = ", ".join(dict.fromkeys(weak))
    return Finding(
        cause="config.weak-crypto",
        severity=Severity.INFO,
        confidence=0.95,
        summary=f"The tunnel with {peer_word(tunnel)} uses {words}: no longer considered safe.",
        evidence=tuple(evidence),
        side=Side.NONE,
        causes=("an old configuration, or a peer that offers nothing better",),
        remedies=(
            Remedy(
                text="Agree with the other end on AES-GCM (or AES-256 with SHA-256) and DH group 19, 20 or 14, "
                "in IKE and IPsec, and change both ends in one maintenance window.",
                disruptive=True,
            ),
        ),
        references=("RFC 8221", "RFC 8247"),
    )
