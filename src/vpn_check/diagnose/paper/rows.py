"""What two configurations say of a tunnel, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.paper.ends import IKEV1, IKEV2, TunnelEnd
from vpn_check.diagnose.paper.phase1 import agree
from vpn_check.diagnose.paper.phase2 import combinations, common, pfs
from vpn_check.model.comparison import Match, Row
from vpn_check.model.config import IkePolicy, KeyMark, quote
from vpn_check.model.packets import PacketSet

_NONE = "not configured"
_DEFAULT = "default of the release"


def rows(ours: TunnelEnd, theirs: TunnelEnd) -> Iterator[Row]:
    """Every parameter that must fit, from the outside in."""
    yield _addresses("our peer is their address", ours, theirs)
    yield _addresses("their peer is our address", theirs, ours)
    yield _row("IKE version", _versions(ours), _versions(theirs),
               bool(set(ours.versions) & set(theirs.versions)) if ours.versions and theirs.versions else None)
    for version in (IKEV1, IKEV2):
        if version in ours.versions and version in theirs.versions:
            yield _policy(ours, theirs, version)
            yield _key(ours, theirs, version)
            yield _transform(ours, theirs, version)
    yield _mode(ours, theirs)
    yield _pfs(ours, theirs)
    yield _lifetime(ours, theirs)
    if ours.entry is not None or theirs.entry is not None:
        yield _proxies(ours, theirs)
    yield _nat_traversal(ours, theirs)
    yield _dead_peers(ours, theirs)
    if ours.interface is not None and theirs.interface is not None:
        yield from _tunnel_interface(ours, theirs)


def _row(parameter: str, here: str, there: str, fits: bool | None, note: str = "") -> Row:  # noqa: FBT001  three-valued
    return Row(parameter=parameter, here=here, there=there, match=Match.of(fits), note=note)


def _addresses(parameter: str, ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    known = sorted(str(address) for address in theirs.site.addresses)
    fits = None
    if ours.peers and known:
        fits = any(peer in known for peer in ours.peers)
    return Row(parameter=parameter, here=", ".join(ours.peers) or _NONE, there=", ".join(known[:4]) or "not shown",
               match=Match.of(fits), note="a NAT between them would explain a difference" if fits is False else "",
               evidence=quote(*ours.statements["peers"]))


def _versions(end: TunnelEnd) -> str:
    return ", ".join(f"IKEv{version}" for version in end.versions) or _NONE


def _policy(ours: TunnelEnd, theirs: TunnelEnd, version: int) -> Row:
    found = agree(ours.policies(version), theirs.policies(version), version)
    if found.pair is None:
        return _row(f"IKEv{version} policy", _known(ours.policies(version)), _known(theirs.policies(version)), None,
                    "an end shows no policy; the defaults of its release hold")
    here, there = (_policy_words(policy) for policy in found.pair)
    note = "; ".join(f"{one.name}: {one.here} / {one.there}" for one in found.differing)
    if found.agreed is None:
        note = "depends on defaults that are not displayed"
    return Row(parameter=f"IKEv{version} policy", here=here, there=there, match=Match.of(found.agreed), note=note,
               evidence=quote(*(line for policy in found.pair for line in policy.at())))


def _known(policies: tuple[IkePolicy, ...]) -> str:
    return f"{len(policies)} of them" if policies else _DEFAULT


def _policy_words(policy: IkePolicy) -> str:
    parts = [policy.authentication or "", "/".join(policy.encryption), "/".join(policy.integrity),
             "group " + "/".join(policy.groups) if policy.groups else ""]
    return f"{policy.name}: {' '.join(part for part in parts if part) or _DEFAULT}"


def _key(ours: TunnelEnd, theirs: TunnelEnd, version: int) -> Row:
    peer, back = next(iter(ours.peers), ""), next(iter(theirs.peers), "")
    local, expected, lines = ours.key(peer, version)
    far_local, far_expected, far_lines = theirs.key(back, version)
    told = [one.same_as(other) for one, other in ((local, far_expected), (expected, far_local))
            if one is not None and other is not None]
    fits = False if False in told else True if told and None not in told else None
    note = "" if fits is not None or not told else "a key is hidden or encrypted: it cannot be compared"
    return Row(parameter=f"IKEv{version} key", here=_key_word(local), there=_key_word(far_local), match=Match.of(fits),
               note=note, evidence=quote(*lines, *far_lines))


def _key_word(mark: KeyMark | None) -> str:
    return "none seen for this peer" if mark is None else f"present ({mark.form.value})"


def _transform(ours: TunnelEnd, theirs: TunnelEnd, version: int) -> Row:
    mine, other = ours.transforms[version], theirs.transforms[version]
    shared = common(mine, other)
    here, there = (", ".join(dict.fromkeys(str(one) for one in combinations(held))) for held in (mine, other))
    fits = True if shared else None if ours.missing or theirs.missing else False
    return Row(parameter=f"transform (IKEv{version})", here=here, there=there, match=Match.of(fits),
               note=f"{shared[0]} is chosen" if shared else "",
               evidence=quote(*(line for held in (*mine, *other) for line in held.at())))


def _mode(ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    modes = [{held.mode or "tunnel" for sets in end.transforms.values() for held in sets} for end in (ours, theirs)]
    here, there = (", ".join(sorted(mode)) or "not shown" for mode in modes)
    fits = bool(modes[0] & modes[1]) if all(modes) else None
    return _row("mode", here, there, None if fits is False else fits,
                "negotiated down to tunnel mode where the flow is not between the peers" if fits is False else "")


def _pfs(ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    outcome = pfs(ours.pfs, theirs.pfs)
    both = (outcome.we_begin, outcome.they_begin)
    note = {(True, False): "works only when this end begins", (False, True): "works only when the other end begins"}
    fits = False if False in both else None if None in both else True
    return Row(parameter="PFS", here=_pfs_word(ours.pfs), there=_pfs_word(theirs.pfs), match=Match.of(fits),
               note=note.get((bool(both[0]), bool(both[1])), "") if fits is False else "",
               evidence=quote(*ours.statements["pfs"], *theirs.statements["pfs"]))


def _pfs_word(setting: str | None) -> str:
    return "none" if setting is None else _DEFAULT if setting == "default" else f"group {setting}"


def _lifetime(ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    here, there = (f"{end.lifetime_seconds} s" if end.lifetime_seconds else _DEFAULT for end in (ours, theirs))
    return _row("IPsec lifetime", here, there, True if here == there or _DEFAULT not in {here, there} else None,
                "" if here == there else "may differ: the shorter holds")


def _proxies(ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    here, there = ours.protects, theirs.protects
    if here is None or there is None:
        return _row("proxy identities", _set_word(here), _set_word(there), None,
                    "a crypto ACL was not given, or is not known exactly")
    only_here, only_there = here - there.mirror(), there.mirror() - here
    note = "; ".join(word for word in (f"only here: {only_here}" if only_here else "",
                                       f"only there, seen from here: {only_there}" if only_there else "") if word)
    return Row(parameter="proxy identities", here=_set_word(here), there=_set_word(there),
               match=Match.of(not note), note=note,
               evidence=quote(*ours.statements["acl"], *theirs.statements["acl"]))


def _set_word(packets: PacketSet | None) -> str:
    return "not known" if packets is None else str(packets)


def _nat_traversal(ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    settings = [False if end.entry is not None and end.entry.nat_t_disabled else end.config.ike.nat_traversal
                for end in (ours, theirs)]
    words = [_DEFAULT if setting is None else "on" if setting else "off" for setting in settings]
    off = settings.count(False)
    return _row("NAT traversal", words[0], words[1], None if None in settings and off else off != 1,
                "matters only where a NAT lies between the ends" if off else "")


def _dead_peers(ours: TunnelEnd, theirs: TunnelEnd) -> Row:
    words = []
    for end in (ours, theirs):
        profile, ike = end.profile(), end.config.ike
        group = next((held for peer in end.peers if (held := end.config.tunnel_group(peer)) is not None), None)
        if group is not None and group.keepalive_disabled:
            words.append("off")
        elif group is not None and group.keepalive_threshold:
            words.append(f"{group.keepalive_threshold} s")
        elif profile is not None and profile.dpd:
            words.append(profile.dpd)
        elif ike.ikev2_dpd or ike.keepalive:
            words.append(ike.ikev2_dpd or f"{ike.keepalive} s")
        else:
            words.append(_DEFAULT if end.config.firewall else "none")
    on = [word not in {"none", "off"} for word in words]
    return _row("dead peer detection", words[0], words[1], True if on[0] == on[1] else None,
                "one end would not notice that the other is gone" if on[0] != on[1] else "")


def _tunnel_interface(ours: TunnelEnd, theirs: TunnelEnd) -> Iterator[Row]:
    here, there = ours.interface, theirs.interface
    if here is None or there is None or here.tunnel is None or there.tunnel is None:
        return
    modes = (here.tunnel.mode or "gre (default)", there.tunnel.mode or "gre (default)")
    yield _row("tunnel mode", *modes, here.tunnel.ipsec == there.tunnel.ipsec)
    keys = ["none" if held.tunnel.key is None else str(held.tunnel.key) for held in (here, there) if held.tunnel]
    yield _row("tunnel key", keys[0], keys[1], keys[0] == keys[1])
    mtus = [str(held.ip_mtu) if held.ip_mtu else _DEFAULT for held in (here, there)]
    yield _row("ip mtu", mtus[0], mtus[1], True if mtus[0] == mtus[1] else None,
               "" if mtus[0] == mtus[1] else "may differ; the smaller one should be used at both ends")
