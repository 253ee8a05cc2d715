"""Phase 1 on paper: which IKE policy the two ends would agree on, or the first attribute that prevents it.

The responder compares each policy of the initiator with its own, by encryption, hash, group and authentication method;
lifetimes need not be equal. In IKEv2 a proposal lists alternatives, and one of each kind must be common (RFC 7296,
section 3.3).
What a configuration does not display is the default of its release: where the choice hangs on that, it is not known.
Source: RFC 2409 and 7296; config-checks C04; S20.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vpn_check.diagnose.paper.ends import IKEV1
from vpn_check.model.config import IkePolicy

_AEAD = ("gcm", "ccm")
_NOT_SHOWN = "default of the release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of two policies. `same` None: not displayed on one side, so it cannot be told."""

    name: str
    here: str
    there: str
    same: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What comes of two lists of policies.

    `agreed` True: `pair` is chosen; False: no pair fits, and `pair` is the one with the fewest differences; None: it
    depends on defaults that are not displayed. `attributes` compare that pair.
    """

    version: int
    agreed: bool | None
    pair: tuple[IkePolicy, IkePolicy] | None = None
    attributes: tuple[Attribute, ...] = ()

    @property
    def differing(self) -> tuple[Attribute, ...]:
        """The attributes that prevent the agreement."""
        return tuple(attribute for attribute in self.attributes if attribute.same is False)


def agree(here: Sequence[IkePolicy], there: Sequence[IkePolicy], version: int) -> Agreement:
    """Negotiate on paper; both lists in the order in which they are tried."""
    compared = [((mine, other), tuple(_attributes(mine, other, version))) for mine in here for other in there]
    if not compared:
        return Agreement(version=version, agreed=None)
    for pair, attributes in compared:
        if all(attribute.same for attribute in attributes):
            return Agreement(version=version, agreed=True, pair=pair, attributes=attributes)
    best = min(compared, key=lambda one: sum(attribute.same is False for attribute in one[1]))
    undecided = not any(attribute.same is False for attribute in best[1])
    return Agreement(version=version, agreed=None if undecided else False, pair=best[0], attributes=best[1])


def _attributes(mine: IkePolicy, other: IkePolicy, version: int) -> Iterator[Attribute]:
    yield _common("encryption", mine.encryption, other.encryption)
    if not (_aead(mine) and _aead(other)):
        yield _common("hash" if version == IKEV1 else "integrity", mine.integrity, other.integrity)
    yield _common("DH group", mine.groups, other.groups)
    if version == IKEV1:
        ours, theirs = mine.authentication, other.authentication
        yield _common("authentication", (ours,) if ours else (), (theirs,) if theirs else ())
    elif mine.prf and other.prf:
        yield _common("PRF", mine.prf, other.prf)


def _aead(policy: IkePolicy) -> bool:
    """Whether a policy offers nothing but ciphers that carry their own integrity."""
    return bool(policy.encryption) and all(any(mark in word for mark in _AEAD) for word in policy.encryption)


def _common(name: str, ours: Sequence[str], theirs: Sequence[str]) -> Attribute:
    known = bool(ours) and bool(theirs)
    return Attribute(
        name=name,
        here=", ".join(ours) or _NOT_SHOWN,
        there=", ".join(theirs) or _NOT_SHOWN,
        same=bool(set(ours) & set(theirs)) if known else None,
    )
