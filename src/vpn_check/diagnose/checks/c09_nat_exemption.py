"""Traffic that a crypto ACL protects is translated before it reaches the crypto map, and does not match it any more.

For each permit of a crypto ACL the translation that would apply on the way to the crypto interface must leave the
packets alone. A crypto ACL that names the translated addresses is written so on purpose. No translation on the path:
nothing to exempt. Where only a part of a network that the list names is translated (a published server, another zone
in a summary), the tunnel works for the rest: worth knowing, and no more.
Source: config-checks C09; S33, S37.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from vpn_check.diagnose.acl_lines import added_lines, entries_behind, lines_behind
from vpn_check.diagnose.audit import Audit, Site, entry_word, peer_of
from vpn_check.diagnose.translation import Translated, Translation
from vpn_check.model.config import AccessList, AddressKind, AddressSpec, CryptoMapEntry, Generation, NatKind, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import AddressSet, PacketSet

_MOST = 3
_PAIRS = 1000   # pairs of members of two groups that are looked at


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry against the translation towards the interface that its map is applied to."""
    for held, entry in audit.config.static_entries():
        protected = audit.sets.protected(entry)
        if protected is None or protected.least.empty or audit.here.inside_vrf(held, entry) is not None:
            continue
        for egress in audit.here.egress(held):
            found = list(Translation(audit.here, egress).of(protected.least))
            found.sort(key=lambda caught: caught.rule.kind is NatKind.STATIC)  # a server's own rule says less
            if found:
                whole = _whole(audit.here, entry, PacketSet.union_of(caught.packets for caught in found))
                first = next((caught for caught in found if caught.packets.overlaps(whole)), found[0])
                finding = _finding(audit, entry, egress, first)
                yield replace(finding, severity=Severity.INFO) if whole.empty else finding
            dropped = Translation(audit.here, egress).uncovered(protected.least)
            if not dropped.empty:
                yield _dropped(audit, entry, dropped)


def _whole(site: Site, entry: CryptoMapEntry, translated: PacketSet) -> PacketSet:
    """Those networks of the crypto ACL, as its lines and groups name them, of which nothing gets out untranslated."""
    acl = site.config.acl(entry.match_address)
    found = []
    for line in acl.permits if acl is not None else ():
        packets = site.sets.packets(line)
        if packets is None or not packets.overlaps(translated):
            continue
        pairs = product(site.sets.members(line.source), site.sets.members(line.destination))
        for source, destination in islice(pairs, _PAIRS):
            part = packets & PacketSet.of(source, destination)
            if not part.empty and part <= translated:
                found.append(part)
    return PacketSet.union_of(found)


def _lines_of(site: Site, acl: AccessList | None, packets: PacketSet) -> PacketSet:
    """The whole lines of a crypto ACL that these packets come from: an exemption names networks, not remainders."""
    lines = entries_behind(site, acl, packets)
    named = PacketSet.union_of(found for line in lines if (found := site.sets.packets(line)) is not None)
    return named | packets


def _dropped(audit: Audit, entry: CryptoMapEntry, dropped: PacketSet) -> Finding:
    acl = audit.config.acl(entry.match_address)
    inside = next((held.nameif for held in audit.config.interfaces if (held.security_level or 0) > 0), None) or "inside"
    wanted = _lines_of(audit.here, acl, dropped)
    lines = added_lines(audit.here.generation, AccessList(name="NONAT", kind="extended"), wanted)
    return Finding(
        cause="config.nat-exemption",
        check="C09",
        severity=Severity.WARNING,
        confidence=0.7,
        peer=peer_of(entry),
        summary=f"No translation rule and no exemption covers traffic of {entry_word(entry)} ({dropped}): this release "
        "drops what has no translation (305005).",
        evidence=quote(*entry.at("match_address"), *lines_behind(audit.here, acl, dropped)),
        side=Side.HERE,
        causes=("the exemption (`nat 0 access-list`) is missing or too narrow",),
        remedies=(
            Remedy(
                text="Exempt this traffic from translation.",
                commands=("show nat", "show xlate", "show access-list"),
                changes=(*lines, f"nat ({inside}) 0 access-list NONAT"),
            ),
        ),
        references=("S33", "S37"),
    )


def _finding(audit: Audit, entry: CryptoMapEntry, egress: str, caught: Translated) -> Finding:
    site, packets = audit.here, caught.packets
    acl = audit.config.acl(entry.match_address)
    evidence = (
        *entry.at("match_address"),
        *lines_behind(site, acl, packets),
        *caught.rule.at(),
        *lines_behind(site, _selecting(site, caught), packets),
    )
    into = _into(caught)
    return Finding(
        cause="config.nat-exemption",
        check="C09",
        severity=Severity.WARNING,
        confidence=0.85,
        peer=peer_of(entry),
        summary=f"Traffic of {entry_word(entry)} ({packets}) is translated{into} before encryption "
        "and no longer matches the crypto ACL: it does not enter the tunnel.",
        evidence=quote(*evidence),
        side=Side.HERE,
        causes=("the exemption from translation is missing, too narrow, or stands behind the rule that translates",),
        remedies=(_remedy(site, egress, replace(caught, packets=_lines_of(site, acl, packets))),),
        caveats=("Translations that exist go on until they are cleared or time out.",),
        references=("S33", "S37"),
    )


def _into(caught: Translated) -> str:
    rule = caught.rule
    if rule.overload_interface is not None:
        return f" to the address of {rule.overload_interface}"
    if rule.mapped_source is not None and rule.mapped_source.kind is AddressKind.INTERFACE:
        return f" to the address of {rule.mapped_source.name or rule.mapped_interface or 'the interface'}"
    if rule.mapped_source is not None:
        return f" to {rule.mapped_source.text}"
    return ""


def _selecting(site: Site, caught: Translated) -> AccessList | None:
    """The access list that makes a rule catch the packets."""
    if caught.rule.acl is not None:
        return site.config.acl(caught.rule.acl)
    route_map = site.config.route_map(caught.rule.route_map)
    names = [name for clause in route_map.clauses for name in clause.acls] if route_map else []
    return site.config.acl(names[0]) if names else None


def _remedy(site: Site, egress: str, caught: Translated) -> Remedy:
    reads = {
        True: ("show ip nat translations", "show ip nat statistics", "show access-lists"),
        False: ("show running-config nat", "show xlate"),
    }[site.generation.router]
    if site.generation.object_nat:
        reads = ("show running-config nat", "show nat detail")
    if site.generation is Generation.PIX6:
        reads = ("show nat", "show xlate", "show access-list")
    return Remedy(
        text="Exempt this traffic from translation, ahead of the rule that translates it.",
        commands=reads,
        changes=_changes(site, egress, caught),
        disruptive=True,
    )


def _changes(site: Site, egress: str, caught: Translated) -> tuple[str, ...]:
    if site.generation.object_nat:
        return _identity_rule(site, egress, caught)
    if site.generation.old_nat:
        return _exemption(site, caught)
    acl = _selecting(site, caught)
    if acl is not None and acl.kind != "standard":
        return (
            *added_lines(site.generation, acl, caught.packets, permit=False, first=True),
            "clear ip nat translation *",
        )
    if caught.rule.kind is NatKind.STATIC:
        return ()
    return _extended_list(site, caught)


def _exemption(site: Site, caught: Translated) -> tuple[str, ...]:
    """`nat (inside) 0 access-list`, with the list that exists or a new one."""
    interface = caught.rule.real_interface
    present = next(
        (rule for rule in site.config.nat if rule.kind is NatKind.EXEMPT and rule.real_interface == interface), None
    )
    acl = site.config.acl(present.acl) if present is not None else None
    lines = added_lines(site.generation, acl or AccessList(name="NONAT", kind="extended"), caught.packets)
    return lines if acl is not None else (*lines, f"nat ({interface}) 0 access-list NONAT")


def _identity_rule(site: Site, egress: str, caught: Translated) -> tuple[str, ...]:
    """An identity rule in front of all others, over objects that exist or over new object-groups."""
    lines: list[str] = []
    names: list[str] = []
    for wish, wanted in (("VPN-LOCAL", caught.packets.sources), ("VPN-REMOTE", caught.packets.destinations)):
        name = _known(site, wanted)
        if name is None:
            name = _free(site, wish)
            lines.append(f"object-group network {name}")
            lines += [f" network-object {block.as_entry(wildcard=False)}" for block in islice(wanted.blocks(), _MOST)]
        names.append(name)
    local, remote = names
    rule = f"nat ({caught.rule.real_interface},{egress}) 1 source static {local} {local} "
    return (*lines, rule + f"destination static {remote} {remote} no-proxy-arp route-lookup")


def _known(site: Site, wanted: AddressSet) -> str | None:
    """An object or group that means just these addresses."""
    for held in site.config.objects:
        if held.spec is not None and site.sets.addresses(held.spec) == wanted:
            return held.name
    for group in site.config.groups:
        spec = AddressSpec(kind=AddressKind.GROUP, text=group.name, name=group.name)
        if group.kind == "network" and site.sets.addresses(spec) == wanted:
            return group.name
    return None


def _free(site: Site, name: str) -> str:
    taken = {held.name for held in site.config.objects} | {held.name for held in site.config.groups}
    return next(word for word in (name, *(f"{name}-{number}" for number in range(2, 99))) if word not in taken)


def _extended_list(site: Site, caught: Translated) -> tuple[str, ...]:
    """A standard list cannot name a destination: a new extended list takes its place."""
    acl = AccessList(name="NAT-BUT-VPN", kind="extended")
    deny = added_lines(site.generation, acl, caught.packets, permit=False)
    sources = PacketSet.of(caught.packets.sources, PacketSet.everything().destinations)
    old = [statement.text for statement in caught.rule.at("")]
    permit = added_lines(site.generation, acl, sources)[1:]
    new = [text.replace(f" list {caught.rule.acl} ", f" list {acl.name} ") for text in old]
    return (*deny, *permit, *(f"no {text}" for text in old), *new, "clear ip nat translation *")
