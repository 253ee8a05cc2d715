"""A crypto map entry lacks a part: no tunnel can come up through it.

A static entry needs a peer, a crypto ACL that exists and permits something, and a transform set (or IKEv2
ipsec-proposal) that exists. IOS marks such an entry with `! Incomplete`, ASA logs 752006 or 713223. A router from
12.4(20)T on has default transform sets, so that none needs to be named; what the device does not mark is complete.
An entry with neither peer nor list is a remnant of a tunnel that was removed: worth knowing, and no more.
Source: config-checks C01; S10, S37.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import CryptoMap, CryptoMapEntry, DeviceConfig, Generation, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

_DEFAULTS = (12, 4)   # release of IOS from which there are default transform sets


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lack:
    """What an entry lacks, in words. `sure`: it is missing on the device, and not only in the text given."""

    what: str
    sure: bool = True


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry that names a peer of its own, and every template."""
    for held in audit.config.crypto_maps:
        for entry in held.entries:
            if entry.kind == "ipsec-isakmp":
                config = audit.config
                lacks = [*_parts(config, held, entry), *_list(config, entry), *_transforms(config, entry)]
                for sure in (True, False):
                    missing = [lack.what for lack in lacks if lack.sure is sure]
                    if missing:
                        finding = _finding(audit.config, held, entry, missing, sure=sure)
                        yield replace(finding, severity=Severity.INFO) if _remnant(held, entry) else finding


def _remnant(held: CryptoMap, entry: CryptoMapEntry) -> bool:
    return not held.dynamic and not entry.peers and entry.match_address is None


def _default_transforms(config: DeviceConfig, entry: CryptoMapEntry) -> bool:
    """Whether the release brings transform sets of its own for entries that name none."""
    return config.generation.router and not entry.incomplete_marked and config.release_key[:2] >= _DEFAULTS


def _parts(config: DeviceConfig, held: CryptoMap, entry: CryptoMapEntry) -> Iterator[_Lack]:
    if not held.dynamic and not entry.peers:
        yield _Lack(what="a peer")
    if not held.dynamic and entry.match_address is None:
        yield _Lack(what="a crypto ACL (match address)")
    if not entry.transform_sets and not entry.ikev2_proposals and not _default_transforms(config, entry):
        yield _Lack(what="a transform set")


def _list(config: DeviceConfig, entry: CryptoMapEntry) -> Iterator[_Lack]:
    name = entry.match_address
    acl = config.acl(name)
    if name is not None and acl is None and config.given("access-list"):
        yield _Lack(what=f"the access list {name}", sure=config.shows("access-list"))
    elif acl is not None and not acl.permits:
        yield _Lack(what=f"a permit line in the access list {name}", sure=bool(acl.entries) or config.whole)


def _transforms(config: DeviceConfig, entry: CryptoMapEntry) -> Iterator[_Lack]:
    for version, kind, names in (
        (1, "transform-set", entry.transform_sets),
        (2, "ipsec-proposal", entry.ikev2_proposals),
    ):
        for name in names:
            preset = name == "default" and config.generation.router
            if config.transform_set(name, version) is None and config.given(kind) and not preset:
                yield _Lack(what=f"the {kind} {name}", sure=config.shows(kind))


def _finding(
    config: DeviceConfig, held: CryptoMap, entry: CryptoMapEntry, missing: list[str], *, sure: bool
) -> Finding:
    name = f"dynamic-map template {entry.map} {entry.sequence}" if held.dynamic else entry_word(entry)
    what = " and ".join(missing)
    return Finding(
        cause="config.incomplete",
        check="C01",
        severity=Severity.WARNING if sure else Severity.INFO,
        confidence=(0.9 if config.whole else 0.7) if sure else 0.4,
        peer=peer_of(entry),
        summary=f"{name[0].upper()}{name[1:]} lacks {what}: no tunnel comes up through it."
        if sure
        else f"{name[0].upper()}{name[1:]} names {what}, which is not in the text given. "
        "If the device does not have it either, no tunnel comes up through this entry.",
        evidence=quote(*entry.at()[:6]),
        side=Side.HERE,
        causes=("the entry was never finished", "a name is misspelt, so that its lines make another entry or list"),
        remedies=(
            Remedy(
                text="Complete the entry; the values must fit the other end's."
                if sure
                else "Look whether the device has it, and how the name is spelt.",
                commands=_reads(config.generation),
                changes=_changes(config.generation, held, entry) if sure else (),
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
