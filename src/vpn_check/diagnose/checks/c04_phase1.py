"""A peer without a key or tunnel-group here, or two ends whose phase 1 cannot agree.

For each peer of a static entry there must be something to authenticate it with: a key for its address (the longest
match counts, 0.0.0.0 included), a tunnel-group of its name, or certificates. Where both configurations are given, the
IKE policies are negotiated on paper, and keys that are visible are compared by a keyed hash, never shown.
Source: config-checks C04; S11, S15, S20.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.diagnose.paper.common_policy import shared_policy
from vpn_check.diagnose.paper.ends import IKEV1, IKEV2, TunnelEnd, generation_word, joined, map_end
from vpn_check.diagnose.paper.phase1 import Agreement, agree
from vpn_check.model.config import DeviceConfig, Generation, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every peer of this end, and every tunnel that both configurations describe."""
    for held, entry in audit.config.static_entries():
        if entry.kind == "ipsec-isakmp" and not held.ike_profile and not entry.ike_profile:
            end = map_end(audit.here, entry)
            for peer in entry.peers:
                yield from _key_here(end, peer.text)
    for ours, theirs in joined(audit):
        yield from _versions(ours, theirs)
        yield from _policies(ours, theirs)
        yield from _keys(ours, theirs)


def _key_here(end: TunnelEnd, peer: str) -> Iterator[Finding]:
    config = end.config
    if not _looks_like_address(peer) or _by_certificate(end):
        return
    versions = [version for version in end.versions or (IKEV1,) if end.key(peer, version) != (None, None, ())]
    if versions or (config.generation.router and IKEV2 in end.versions):
        return
    if config.firewall and config.generation is not Generation.PIX6:
        default = config.tunnel_group("DefaultL2LGroup")   # takes the peers that have no group of their own
        listed, what = config.shows("tunnel-group") and not (default and default.stated), "tunnel-group"
    else:
        listed, what = config.shows("key") and config.shows("keyring"), "pre-shared key"
    if not listed:
        return
    yield Finding(
        cause="ike.no-key-for-peer",
        check="C04",
        severity=Severity.WARNING,
        confidence=0.85,
        peer=peer,
        summary=f"There is no {what} for the peer {peer} of {end.name}: phase 1 has nothing to authenticate it with.",
        evidence=quote(*end.statements["end"], *end.statements["peers"]),
        side=Side.HERE,
        causes=(f"the {what} was made for another address", "it was never configured"),
        remedies=(Remedy(
            text="Add it, with the key that the other end holds for us.",
            commands=("show running-config tunnel-group",) if what == "tunnel-group" else ("show crypto isakmp key",),
            changes=_key_lines(config, peer, end.versions),
        ),),
        references=("S15",),
    )


def _looks_like_address(word: str) -> bool:
    return word.replace(".", "").isdigit() or ":" in word


def _by_certificate(end: TunnelEnd) -> bool:
    """Whether phase 1 may use certificates or public keys, so that no pre-shared key is needed."""
    policies = [policy for version in (IKEV1, IKEV2) for policy in end.policies(version)]
    methods = {policy.authentication for policy in policies if policy.version == IKEV1}
    if "rsa-encr" in methods:
        return True
    return bool(end.config.trustpoints) and methods != {"pre-share"}


def _key_lines(config: DeviceConfig, peer: str, versions: tuple[int, ...]) -> tuple[str, ...]:
    if config.generation is Generation.PIX6:
        return (f"isakmp key KEY address {peer} netmask 255.255.255.255",)
    if not config.firewall:
        return (f"crypto isakmp key KEY address {peer}",)
    words = [f"tunnel-group {peer} type ipsec-l2l", f"tunnel-group {peer} ipsec-attributes"]
    if config.generation is not Generation.ASA84:
        return (*words, " pre-shared-key KEY")
    if IKEV2 in versions:
        words += [" ikev2 local-authentication pre-shared-key KEY", " ikev2 remote-authentication pre-shared-key KEY"]
    if IKEV1 in versions or not versions:
        words.append(" ikev1 pre-shared-key KEY")
    return tuple(words)


def _peer(end: TunnelEnd) -> str | None:
    return end.peers[0] if len(end.peers) == 1 else None


def _versions(ours: TunnelEnd, theirs: TunnelEnd) -> Iterator[Finding]:
    if not ours.versions or not theirs.versions or set(ours.versions) & set(theirs.versions):
        return
    mine, other = (f"IKEv{end.versions[0]}" for end in (ours, theirs))
    yield Finding(
        cause="ike.version-mismatch",
        check="C04",
        severity=Severity.WARNING,
        confidence=0.85,
        peer=_peer(ours),
        summary=f"{ours.name} speaks {mine} only, {theirs.name} of {theirs.site.name} {other} only.",
        evidence=quote(*ours.statements["end"], *ours.statements["transforms"], *theirs.statements["end"],
                       *theirs.statements["transforms"]),
        side=Side.UNDECIDED,
        causes=("one end was moved to IKEv2 and the other was not",),
        remedies=(Remedy(text="Configure IKEv2 at both ends, or the same version for this tunnel.",
                         commands=("show crypto ikev2 sa", "show crypto isakmp sa")),),
        references=("RFC 7296",),
    )


def _policies(ours: TunnelEnd, theirs: TunnelEnd) -> Iterator[Finding]:
    for version in sorted(set(ours.versions) & set(theirs.versions)):
        kind = "isakmp" if version == IKEV1 else "ikev2"
        if not (ours.config.shows(kind) and theirs.config.shows(kind)):
            continue
        found = agree(ours.policies(version), theirs.policies(version), version)
        if found.agreed is False and len(set(ours.versions) & set(theirs.versions)) == 1:
            yield _no_policy(ours, theirs, found)


def _no_policy(ours: TunnelEnd, theirs: TunnelEnd, found: Agreement) -> Finding:
    nearest = found.pair
    lines = [line for policy in nearest or () for line in policy.at()]
    told = "; ".join(f"{one.name}: {one.here} here, {one.there} there" for one in found.differing)
    word = generation_word(ours.config.generation, found.version)
    return Finding(
        cause="ike.policy-mismatch",
        check="C04",
        severity=Severity.WARNING,
        confidence=0.9,
        peer=_peer(ours),
        summary=f"No IKEv{found.version} policy of this end fits one of {theirs.site.name}. The nearest pair differs "
        f"in {told}.",
        evidence=quote(*lines),
        side=Side.UNDECIDED,
        causes=("the policy was changed at one end only",),
        remedies=(
            Remedy(
                text="Give both ends one policy in common; AES-256, SHA-256 and group 14 or 19 are a good one.",
                commands=("show crypto isakmp policy", "show crypto ikev2 proposal") if ours.config.generation.router
                else (f"show running-config {word.rsplit(' ', 1)[0]}",),
            ),
            *shared_policy(ours, theirs, found.version),
        ),
        references=("S20",),
    )


def _keys(ours: TunnelEnd, theirs: TunnelEnd) -> Iterator[Finding]:
    for peer, back in ((peer, back) for peer in ours.peers for back in theirs.peers):
        for version in sorted(set(ours.versions) & set(theirs.versions)):
            local, expected, lines = ours.key(peer, version)
            far_local, far_expected, far_lines = theirs.key(back, version)
            told = [one.same_as(other) for one, other in ((local, far_expected), (expected, far_local))
                    if one is not None and other is not None]
            if False in told:
                yield Finding(
                    cause="ike.psk-mismatch",
                    check="C04",
                    severity=Severity.WARNING,
                    confidence=0.95,
                    peer=peer,
                    summary=f"The pre-shared keys for this tunnel differ between {ours.site.name} and "
                    f"{theirs.site.name} (IKEv{version}); both are visible in the configurations.",
                    evidence=quote(*lines, *far_lines),
                    side=Side.UNDECIDED,
                    causes=("the key was changed or mistyped at one end",),
                    remedies=(
                        Remedy(text="Enter the same long random key anew at both ends.",
                               changes=_key_lines(ours.config, peer, (version,)), disruptive=True),
                        Remedy(text="The same key there.", changes=_key_lines(theirs.config, back, (version,)),
                               on_peer=True, disruptive=True),
                    ),
                    references=("S11", "S15"),
                )
                return
