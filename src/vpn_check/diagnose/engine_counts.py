"""The engine table alone: `show crypto engine connections active` where no flow was shown.

Each phase 2 row counts in one direction (S4), so a zero in a row says nothing: only the sums of both directions do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.diagnose.context import Context
    from vpn_check.model.snapshot import DeviceSnapshot


def judge(snapshot: DeviceSnapshot, context: Context) -> list[Finding]:
    """Say what the engine's IPsec rows add up to; nothing where there are none."""
    rows = [
        row for row in snapshot.engine if row.kind == "IPsec" or (row.kind is None and (row.encrypt or row.decrypt))
    ]
    if not rows:
        return []
    encrypted = sum(row.encrypt or 0 for row in rows)
    decrypted = sum(row.decrypt or 0 for row in rows)
    evidence = tuple(line for row in rows[:2] for line in context.quote(row.where, "id"))
    if not evidence:
        return []
    if encrypted and decrypted:
        return [
            Finding(
                cause="healthy",
                severity=Severity.INFO,
                confidence=0.7,
                evidence=evidence,
                side=Side.NONE,
                summary=f"The crypto engine encrypted {encrypted} and decrypted {decrypted} packets: both ways.",
            )
        ]
    if not encrypted and not decrypted:
        return [
            Finding(
                cause="traffic.none",
                severity=Severity.INFO,
                confidence=0.6,
                evidence=evidence,
                side=Side.NONE,
                summary="The crypto engine holds IPsec SAs and no packet went through them.",
            )
        ]
    cause, side, what = (
        ("traffic.no-return", Side.BEYOND, "encrypted and decrypted nothing")
        if encrypted
        else ("traffic.not-encrypted", Side.HERE, "decrypted and encrypted nothing")
    )
    return [
        Finding(
            cause=cause,
            severity=Severity.WARNING,
            confidence=0.55,
            evidence=evidence,
            side=side,
            summary=f"The crypto engine {what} ({encrypted or decrypted} packets) over all its IPsec SAs.",
            causes=("which tunnel it is, `show crypto ipsec sa` tells",),
        )
    ]
