"""The same advice for many tunnels is said once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vpn_check.model.finding import Finding

_ADVICE = "config.weak-crypto"
_SHOWN = 4


def gather(findings: list[Finding]) -> list[Finding]:
    """Fold findings about weak algorithms into one, with the lines of the first few tunnels."""
    advice = [finding for finding in findings if finding.cause == _ADVICE]
    if len(advice) < 2:  # noqa: PLR2004  one is said as it is
        return findings
    evidence = tuple(dict.fromkeys(line for finding in advice[:_SHOWN] for line in finding.evidence))
    peers = list(dict.fromkeys(finding.peer for finding in advice if finding.peer))
    if len(peers) < 2:  # noqa: PLR2004  several flows, or state and log, of one peer
        whole = replace(advice[0], evidence=evidence, tunnel=None, about=None, count=len(advice))
    else:
        named = ", ".join(peers[:_SHOWN]) + (" ..." if len(peers) > _SHOWN else "")
        text = f"{advice[0].summary} So do {len(peers)} peers in all: {named}."
        whole = replace(
            advice[0], evidence=evidence, summary=text, peer=None, tunnel=None, about=None, count=len(advice)
        )
    return [*(finding for finding in findings if finding.cause != _ADVICE), whole]
