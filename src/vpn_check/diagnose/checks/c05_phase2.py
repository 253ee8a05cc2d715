"""The transforms of the two ends have nothing in common, or differ in mode.

A tunnel needs one combination of ESP encryption, integrity and AH that both ends offer. Transport mode is negotiated
only for flows between the peers themselves (GRE, L2TP); elsewhere both fall back to tunnel mode.
Source: config-checks C05; S14.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.diagnose.paper.common_policy import shared_transform
from vpn_check.diagnose.paper.ends import TunnelEnd, joined
from vpn_check.diagnose.paper.phase2 import combinations, common
from vpn_check.model.config import TransformSet, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every tunnel that both configurations describe."""
    for ours, theirs in joined(audit):
        shared = [version for version in ours.versions if version in theirs.versions]
        if not shared or ours.missing or theirs.missing:
            continue
        agreed = [common(ours.transforms[version], theirs.transforms[version]) for version in shared]
        if not any(agreed):
            yield _nothing_common(ours, theirs, shared[0])


def _nothing_common(ours: TunnelEnd, theirs: TunnelEnd, version: int) -> Finding:
    mine, other = ours.transforms[version], theirs.transforms[version]
    return Finding(
        cause="ipsec.transform-mismatch",
        check="C05",
        severity=Severity.WARNING,
        confidence=0.9,
        peer=ours.peers[0] if len(ours.peers) == 1 else None,
        summary=f"{ours.name} and {theirs.name} of {theirs.site.name} share no transform: here {_words(mine)}; there "
        f"{_words(other)}.",
        evidence=quote(*ours.statements["transforms"], *(line for held in mine for line in held.at()),
                       *theirs.statements["transforms"], *(line for held in other for line in held.at())),
        side=Side.UNDECIDED,
        causes=("the transform set was changed at one end only",),
        remedies=(
            Remedy(
                text="Give both ends the same transform; AES-256 with SHA-256, or AES-GCM, are good ones. Changing it "
                "negotiates the tunnel anew.",
                commands=("show crypto ipsec transform-set",) if ours.config.generation.router
                else ("show running-config crypto ipsec",),
            ),
            *shared_transform(ours, theirs, version),
        ),
        references=("S14",),
    )


def _words(sets: tuple[TransformSet, ...]) -> str:
    return ", ".join(dict.fromkeys(str(one) for one in combinations(sets)))
