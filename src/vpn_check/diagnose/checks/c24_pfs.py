"""PFS differs between the ends: the tunnel comes up from one side only, or not at all.

The end that begins proposes its own group. A responder without `set pfs` takes any group; one with it refuses a
proposal without PFS or with another group. In IKEv2 the first child SA is made without PFS, so that a difference shows
at the first rekey only.
Source: config-checks C05, C24; S18.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.diagnose.paper.ends import IKEV2, TunnelEnd, joined
from vpn_check.diagnose.paper.phase2 import PfsOutcome, pfs
from vpn_check.model.config import quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_GOOD = {"14", "15", "16", "19", "20", "21"}


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every tunnel that both configurations describe."""
    for ours, theirs in joined(audit):
        outcome = pfs(ours.pfs, theirs.pfs)
        if False in {outcome.we_begin, outcome.they_begin}:
            yield _finding(ours, theirs, outcome)


def _finding(ours: TunnelEnd, theirs: TunnelEnd, outcome: PfsOutcome) -> Finding:
    group = max((held for held in (ours.pfs, theirs.pfs) if held in _GOOD), key=int, default="14")
    both = outcome.we_begin is False and outcome.they_begin is False
    starter = ours.site.name if outcome.we_begin is not False else theirs.site.name
    rekey = IKEV2 in ours.versions and IKEV2 in theirs.versions
    effect = (
        "the tunnel comes up and fails at its first rekey" if both and rekey
        else "no IPsec SA comes up" if both
        else f"it works only when {starter} begins{', or until the first rekey' if rekey else ''}"
    )
    return Finding(
        cause="ipsec.pfs-mismatch",
        check="C24",
        severity=Severity.WARNING,
        confidence=0.85 if both else 0.7,
        peer=ours.peers[0] if len(ours.peers) == 1 else None,
        summary=f"PFS differs: {_word(ours.pfs)} in {ours.name} here, {_word(theirs.pfs)} in {theirs.name} of "
        f"{theirs.site.name}: {effect}.",
        evidence=quote(*ours.statements["end"], *ours.statements["pfs"], *theirs.statements["end"],
                       *theirs.statements["pfs"]),
        side=Side.UNDECIDED,
        causes=("PFS was configured at one end only, or with another group",),
        remedies=(
            Remedy(text="Set the same group at both ends, 14 or higher.", commands=("show crypto map",),
                   changes=_change(ours, group), disruptive=True),
            Remedy(text="The same group there.", changes=_change(theirs, group), on_peer=True, disruptive=True),
        ),
        references=("S18",),
    )


def _change(end: TunnelEnd, group: str) -> tuple[str, ...]:
    """The line that sets the group, as this end writes it; nothing where it stands there."""
    if end.pfs == group:
        return ()
    if end.entry is None:
        tunnel = end.interface.tunnel if end.interface is not None else None
        name = tunnel.protection if tunnel is not None else None
        return (f"crypto ipsec profile {name}", f" set pfs group{group}") if name is not None else ()
    start = f"crypto map {end.entry.map} {end.entry.sequence}"
    if end.config.firewall:
        return (f"{start} set pfs group{group}",)
    return (f"{start} ipsec-isakmp", f" set pfs group{group}")


def _word(setting: str | None) -> str:
    return "none" if setting is None else "the release's default group" if setting == "default" else f"group {setting}"
