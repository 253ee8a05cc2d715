"""A crypto map entry lacks a part: no tunnel can come up through it.

A static entry needs a peer, a crypto ACL that exists and permits something, and a transform set (or IKEv2
ipsec-proposal) that exists. IOS marks such an entry with `! Incomplete`, ASA logs 752006 or 713223.
Source: config-checks C01; S10, S37.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import CryptoMap, CryptoMapEntry, DeviceConfig, Generation, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry that names a peer of its own, and every template."""
    for held in audit.config.crypto_maps:
        for entry in held.entries:
            if entry.kind == "ipsec-isakmp":
                missing = list(_missing(audit.config, held, entry))
                if missing:
                    yield _finding(audit.config, held, entry, missing)


def _missing(config: DeviceConfig, held: CryptoMap, entry: CryptoMapEntry) -> Iterator[str]:
    """What the entry lacks, in words. Only what the given text can prove to be missing."""
    if not held.dynamic:
        if not entry.peers:
            yield "a peer"
        if entry.match_address is None:
            yield "a crypto ACL (match address)"
    if entry.match_address is not None:
        acl = config.acl(entry.match_address)
        if acl is None and config.shows("access-list"):
            yield f"the access list {entry.match_address}, which does not exist"
        elif acl is not None and not any(rule.permit for rule in acl.rules):
            yield f"a permit line in the access list {acl.name}"
    if not entry.transform_sets and not entry.ikev2_proposals:
        yield "a transform set"
    for version, names in ((1, entry.transform_sets), (2, entry.ikev2_proposals)):
        for name in names:
            if config.transform_set(name, version) is None and config.shows("transform-set" if version == 1 else "ipsec-proposal"):
                yield f"the {'transform set' if version == 1 else 'ipsec-proposal'} {name}, which does not exist"


def _finding(config: DeviceConfig, held: CryptoMap, entry: CryptoMapEntry, missing: list[str]) -> Finding:
    name = f"dynamic-map template {entry.map} {entry.sequence}" if held.dynamic else entry_word(entry)
    return Finding(
        cause="config.incomplete",
        check="C01",
        severity=Severity.WARNING,
        confidence=0.9 if config.whole else 0.7,
        peer=peer_of(entry),
        summary=f"{name[0].upper()}{name[1:]} lacks {' and '.join(missing)}: no tunnel comes up through it.",
        evidence=quote(*entry.at()[:6]),
        side=Side.HERE,
        causes=("the entry was never finished", "a name is misspelt, so that its lines make another entry or list"),
        remedies=(
            Remedy(
                text="Complete the entry; the values must fit the other end's.",
                commands=_reads(config.generation),
                changes=_changes(config.generation, held, entry),
            ),
        ),
        references=("S10", "S37"),
    )


def _reads(generation: Generation) -> tuple[str, ...]:
    if generation.router:
        return ("show crypto map", "show access-lists", "show crypto ipsec transform-set")
    if generation is Generation.PIX6:
        return ("show crypto map", "show access-list", "show crypto ipsec transform-set")
    return ("show running-config crypto map", "show running-config access-list", "show running-config crypto ipsec")


def _changes(generation: Generation, held: CryptoMap, entry: CryptoMapEntry) -> tuple[str, ...]:
    """The lines of a complete entry that this one lacks; words in capitals are to be filled in."""
    word = "crypto dynamic-map" if held.dynamic else "crypto map"
    start = f"{word} {entry.map} {entry.sequence}"
    ikev1 = "ikev1 " if generation is Generation.ASA84 else ""
    lines = []
    if not entry.peers and not held.dynamic:
        lines.append("set peer PEER-ADDRESS")
    if entry.match_address is None and not held.dynamic:
        lines.append("match address ACL-NAME")
    if not entry.transform_sets and not entry.ikev2_proposals:
        lines.append(f"set {ikev1}transform-set TRANSFORM-SET")
    if not lines:
        return ()
    if generation.router:
        return (start if held.dynamic else f"{start} ipsec-isakmp", *(f" {line}" for line in lines))
    return tuple(f"{start} {line}" for line in lines)
