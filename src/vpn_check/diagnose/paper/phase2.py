"""Phase 2 on paper: the transform that both ends share, its mode, PFS, and which proxy identities would be accepted.

A transform set is one combination, an IKEv2 proposal lists alternatives. The mode is negotiated down to tunnel mode
where the ends differ and the flow is not between the peers themselves. A responder without PFS takes any group that is
proposed; one with PFS refuses a proposal without it or with another group. In IKEv1 the responder takes a proposal that
its crypto ACL covers; in IKEv2 it may narrow it (RFC 7296, 2.9).
Source: config-checks C05, C06; S13, S14, S18.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vpn_check.diagnose.paper.ends import TunnelEnd
from vpn_check.model.config import TransformSet

_OWN_INTEGRITY = ("gcm", "gmac", "ccm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """One combination that may be proposed, in words that compare."""

    esp: str
    integrity: str
    ah: str
    source: TransformSet

    def __str__(self) -> str:
        return " + ".join(word for word in (self.esp, self.integrity, self.ah) if word) or "nothing"

    @property
    def key(self) -> tuple[str, str, str]:
        """What must be equal at both ends."""
        return self.esp, self.integrity, self.ah


def combinations(sets: Sequence[TransformSet]) -> tuple[Transform, ...]:
    """Every combination that these sets offer, in their order."""
    return tuple(one for held in sets for one in _of(held))


def _of(held: TransformSet) -> Iterator[Transform]:
    for esp in held.esp or ("",):
        own = any(mark in esp for mark in _OWN_INTEGRITY)
        for integrity in ("",) if own or not held.integrity else held.integrity:
            for ah in held.ah or ("",):
                yield Transform(esp=esp, integrity=integrity, ah=ah, source=held)


def common(here: Sequence[TransformSet], there: Sequence[TransformSet]) -> tuple[Transform, Transform] | None:
    """The first combination that both ends offer; None where they share none."""
    theirs = {other.key: other for other in reversed(combinations(there))}
    return next(((mine, theirs[mine.key]) for mine in combinations(here) if mine.key in theirs), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PfsOutcome:
    """What PFS does to a negotiation that either end begins: True works, False is refused, None cannot be told."""

    we_begin: bool | None
    they_begin: bool | None


def pfs(here: str | None, there: str | None) -> PfsOutcome:
    """The outcome for two PFS settings as displayed: None, `default`, or a group number."""
    return PfsOutcome(we_begin=_accepts(here, there), they_begin=_accepts(there, here))


def _accepts(offered: str | None, required: str | None) -> bool | None:
    if required is None or offered == required:
        return True
    if offered is None:
        return False
    return None if "default" in {offered, required} else False


def accepted(ours: TunnelEnd, theirs: TunnelEnd) -> bool | None:
    """Whether the other end accepts everything that this end's crypto ACL would propose; None: not known."""
    if ours.protects is None or theirs.protects is None:
        return None
    return ours.protects <= theirs.protects.mirror()
