"""The changes that would remove what an audit found, device by device, as text for a person to review and to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vpn_check.model.finding import Diagnosis, Finding, Remedy

_HEAD = "! Proposed by vpn-check. Nothing was sent. Review every line; words in CAPITALS are yours to fill in."


def suggestion(diagnoses: Sequence[Diagnosis], *, redact: Callable[[str], str]) -> str:
    """The proposal. Comments begin with `!`, which all platforms pass over."""
    lines = [_HEAD]
    for diagnosis in diagnoses:
        own = [_block(finding, remedy, redact) for finding, remedy in _proposals(diagnosis, on_peer=False)]
        theirs = [_block(finding, remedy, redact) for finding, remedy in _proposals(diagnosis, on_peer=True)]
        open_ends = [finding for finding in diagnosis.findings if not any(held.changes for held in finding.remedies)]
        lines += _section(f"On {diagnosis.device}", own)
        lines += _section(f"At the other end of {diagnosis.device}", theirs)
        lines += _section(
            f"Without a proposal, for {diagnosis.device}", [[f"! {_title(finding, redact)}"] for finding in open_ends]
        )
    return "\n".join(lines) + "\n"


def _proposals(diagnosis: Diagnosis, *, on_peer: bool) -> Iterator[tuple[Finding, Remedy]]:
    for finding in diagnosis.findings:
        for remedy in finding.remedies:
            if remedy.changes and remedy.on_peer is on_peer:
                yield finding, remedy


def _section(title: str, blocks: Sequence[Sequence[str]]) -> list[str]:
    return ["!", f"! ---- {title}", *(line for block in blocks for line in ("!", *block))] if blocks else []


def _block(finding: Finding, remedy: Remedy, redact: Callable[[str], str]) -> list[str]:
    impact = ["! INTERRUPTS TRAFFIC: tunnels may be torn down or negotiated anew."] if remedy.disruptive else []
    return [f"! {_title(finding, redact)}", f"! {remedy.text}", *impact, *remedy.changes]


def _title(finding: Finding, redact: Callable[[str], str]) -> str:
    return f"{finding.check or finding.cause} ({finding.severity}): {redact(finding.summary)}"
