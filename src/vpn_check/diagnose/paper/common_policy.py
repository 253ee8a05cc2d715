"""The smallest change that gives two ends something in common: one end learns what the other has, if that is good.

A policy or transform with algorithms that are no longer considered safe is not spread any further: then both ends get
a good one. What a platform cannot express in its syntax is not proposed to it (SHA-2 in IKEv1 on firewalls, group 14
on a PIX before 7.0).
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.paper.ends import IKEV1, TunnelEnd
from vpn_check.model.config import DeviceConfig, Generation, IkePolicy, TransformSet
from vpn_check.model.finding import Remedy

_WEAK = {"des", "3des", "null", "md5", "1", "2", "24"}
_NAME = "VPN-SUITE"
_GROUP_5 = {Generation.PIX6, Generation.ASA7, Generation.ASA83}


def shared_policy(ours: TunnelEnd, theirs: TunnelEnd, version: int) -> Iterator[Remedy]:
    """The policy of one end for the other, or a good one for both. IKEv1 only: proposals of IKEv2 hang together."""
    if version != IKEV1:
        return
    ends = ((ours, theirs, False), (theirs, ours, True))
    for end, other, on_peer in ends:
        copied = next((held for held in other.policies(version) if _worth(held) and _fits(end.config, held)), None)
        if copied is not None:
            yield _policy_remedy(end, copied, on_peer=on_peer)
            return
    plain = any(end.config.firewall for end in (ours, theirs))
    old = any(end.config.generation in _GROUP_5 for end in (ours, theirs))
    good = IkePolicy(version=version, name="", authentication="pre-share", encryption=("aes-256",),
                     integrity=("sha1" if plain else "sha256",), groups=("5" if old else "14",))
    for end, _, on_peer in ends:
        yield _policy_remedy(end, good, on_peer=on_peer)


def _worth(policy: IkePolicy) -> bool:
    """Whether all of it is displayed, and none of it is weak."""
    words = {*policy.encryption, *policy.integrity, *policy.groups}
    told = policy.encryption and policy.groups and policy.authentication == "pre-share"
    return bool(told) and not words & (_WEAK | {"5"})


def _fits(config: DeviceConfig, policy: IkePolicy) -> bool:
    if not config.firewall:
        return True
    return set(policy.integrity) <= {"sha1"} and (config.generation not in _GROUP_5 or set(policy.groups) <= {"5"})


def _policy_remedy(end: TunnelEnd, policy: IkePolicy, *, on_peer: bool) -> Remedy:
    generation, number = end.config.generation, _free(end)
    cipher = policy.encryption[0].replace("aes-", "aes " if generation.router else "aes-").replace("aes-128", "aes")
    if generation.router and cipher == "aes 128":
        cipher = "aes"
    digest = policy.integrity[0].replace("sha1", "sha") if policy.integrity else "sha"
    words = [("authentication", "pre-share"), ("encryption", cipher), ("hash", digest), ("group", policy.groups[0])]
    if generation is Generation.PIX6:
        lines = tuple(f"isakmp policy {number} {name} {value}" for name, value in words)
    else:
        lines = (f"{generation.ikev1_word} policy {number}", *(f" {name} {value}" for name, value in words))
    return Remedy(text=f"Add one policy on {end.site.name}; those that exist stay.", changes=lines, on_peer=on_peer)


def _free(end: TunnelEnd) -> int:
    taken = {policy.priority for policy in end.policies(IKEV1)}
    return next(number for number in range(5, 65000, 5) if number not in taken)


def shared_transform(ours: TunnelEnd, theirs: TunnelEnd, version: int) -> Iterator[Remedy]:
    """The transform of one end for the other, or a good one for both; only where crypto maps name transform sets."""
    ends = ((ours, theirs, False), (theirs, ours, True))
    if version != IKEV1 or any(end.entry is None for end in (ours, theirs)):
        return
    for end, other, on_peer in ends:
        copied = next((held for held in other.transforms[version] if _good(held) and _words(end.config, held)), None)
        if copied is not None:
            yield _transform_remedy(end, copied, on_peer=on_peer)
            return
    plain = any(end.config.firewall for end in (ours, theirs))
    good = TransformSet(name=_NAME, esp=("aes-256",), integrity=("sha1" if plain else "sha256",))
    for end, _, on_peer in ends:
        yield _transform_remedy(end, good, on_peer=on_peer)


def _good(held: TransformSet) -> bool:
    return bool(held.esp and held.integrity) and not held.ah and not {*held.esp, *held.integrity} & _WEAK


def _words(config: DeviceConfig, held: TransformSet) -> str | None:
    """The transforms of a set in the syntax of a platform; None where it has no words for them."""
    cipher = {"aes-128": "esp-aes", "aes-192": "esp-aes-192", "aes-256": "esp-aes-256"}.get(held.esp[0])
    digest = {"sha1": "esp-sha-hmac", "sha256": "esp-sha256-hmac", "sha512": "esp-sha512-hmac"}.get(held.integrity[0])
    if cipher is None or digest is None or (config.firewall and held.integrity[0] != "sha1"):
        return None
    if config.generation.router:
        cipher = cipher.replace("esp-aes-", "esp-aes ")
    return f"{cipher} {digest}"


def _transform_remedy(end: TunnelEnd, held: TransformSet, *, on_peer: bool) -> Remedy:
    config, entry = end.config, end.entry
    ikev1 = "ikev1 " if config.generation is Generation.ASA84 else ""
    start = f"crypto map {entry.map} {entry.sequence}" if entry is not None else ""
    names = " ".join((_NAME, *(entry.transform_sets if entry is not None else ())))
    made = (f"crypto ipsec {ikev1}transform-set {_NAME} {_words(config, held)}",)
    lines: tuple[str, ...] = (*made, f"{start} set {ikev1}transform-set {names}")
    if config.generation.router:
        lines = (*made, " mode tunnel", f"{start} ipsec-isakmp", f" set transform-set {names}")
    return Remedy(text=f"Offer one transform more on {end.site.name}; those that exist stay.", changes=lines,
                  on_peer=on_peer, disruptive=True)
