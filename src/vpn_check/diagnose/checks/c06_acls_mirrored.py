"""The crypto ACLs of the two ends are not mirror images.

Each permit of one end must be there on the other end with source and destination swapped, compared as sets of packets:
masks, wildcards, objects and the order of lines do not matter. Where one end covers more than the other, the tunnel
comes up only when the end with the smaller list asks for it. A list that names a mirrored line the other way round as
well says nothing new by it: that line matches no packet on the way out.
Source: config-checks C06; S13, S18, S37.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vpn_check.diagnose.acl_lines import added_lines, entries_behind
from vpn_check.diagnose.audit import Audit, Pairing, Site, entry_word, peer_of
from vpn_check.model.config import AccessEntry, AccessList, CryptoMapEntry, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import PacketSet

_MOST = 3


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge masks of this end alone, and every pair of entries whose both ends are known."""
    yield from _masks(audit)
    for pairing in audit.pairings():
        yield from _compare(pairing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One end of a comparison: what it lacks is `missing`, seen from itself; `extra` is what only it has."""

    site: Site
    entry: CryptoMapEntry
    acl: AccessList
    missing: PacketSet
    extra: PacketSet
    extra_lines: tuple[AccessEntry, ...]
    """The first permit lines that what only this end has comes from."""


def _compare(pairing: Pairing) -> Iterator[Finding]:
    ours = pairing.here.sets.protected(pairing.here_entry)
    theirs = pairing.there.sets.protected(pairing.there_entry)
    acl_here = pairing.here.config.acl(pairing.here_entry.match_address)
    acl_there = pairing.there.config.acl(pairing.there_entry.match_address)
    if ours is None or theirs is None or acl_here is None or acl_there is None or not (ours.exact and theirs.exact):
        return
    wanted = theirs.most.mirror()
    only_here, only_there = ours.most - wanted, wanted - ours.most
    if only_here.empty and only_there.empty:
        return
    turned = (ours.most & wanted).mirror()
    only_here, only_there = only_here - turned, only_there - turned
    if only_here.empty and only_there.empty:
        return
    yield _finding(
        _end(pairing.here, pairing.here_entry, acl_here, missing=only_there, extra=only_here),
        _end(pairing.there, pairing.there_entry, acl_there, missing=only_here.mirror(), extra=only_there.mirror()),
    )


def _end(site: Site, entry: CryptoMapEntry, acl: AccessList, *, missing: PacketSet, extra: PacketSet) -> _End:
    lines = tuple(entries_behind(site, acl, extra))
    return _End(site=site, entry=entry, acl=acl, missing=missing, extra=extra, extra_lines=lines)


def _finding(here: _End, there: _End) -> Finding:
    return Finding(
        cause="config.acl-not-mirrored",
        check="C06",
        severity=Severity.WARNING,
        confidence=0.9,
        peer=peer_of(here.entry),
        summary=_summary(here, there),
        evidence=quote(
            *here.entry.at("match_address"),
            *(line.statement for line in here.extra_lines or here.acl.permits[:_MOST]),
            *there.entry.at("match_address"),
            *(line.statement for line in there.extra_lines or there.acl.permits[:_MOST]),
        ),
        side=Side.UNDECIDED,
        causes=("a line was added or changed on one end only", "a host on one end, its whole network on the other"),
        remedies=tuple(
            _remedy(end, other, on_peer=on_peer)
            for end, other, on_peer in ((here, there, False), (there, here, True))
            if end.missing
        ),
        references=("S13", "S18", "S37"),
    )


def _summary(here: _End, there: _End) -> str:
    """Which lines lack their mirror, and who can begin all the same."""
    parts = [f"The crypto ACLs of {entry_word(here.entry)} and of {there.site.name} are no mirror images"]
    ends = ((here, "our", f"{there.acl.name} of {there.site.name}"), (there, "their", f"our {here.acl.name}"))
    for end, whose, other in ends:
        named = [str(end.site.sets.packets(line)) for line in end.extra_lines]
        if named:
            parts.append(f"{whose} {', '.join(named)} has no whole mirror in {other}")
    told = "; ".join(parts) + "."
    if here.extra.empty:
        return f"{told} What both name may come up only if we begin."
    if there.extra.empty:
        return f"{told} What both name may come up only if {there.site.name} begins."
    return told


def _remedy(end: _End, other: _End, *, on_peer: bool) -> Remedy:
    wanted = PacketSet.union_of(
        packets.mirror() for line in other.extra_lines if (packets := other.site.sets.packets(line)) is not None
    )
    read = "show access-lists" if end.site.generation.router else "show access-list"
    changes = added_lines(end.site.generation, end.acl, wanted)
    return Remedy(
        text=f"If that traffic belongs into the tunnel, add the mirror to {end.acl.name} on {end.site.name} and take "
        "out what it replaces; else take the line out at the other end. The tunnel is negotiated anew.",
        commands=(f"{read} {end.acl.name}",),
        changes=changes,
        on_peer=on_peer,
        disruptive=bool(changes),
    )


def _masks(audit: Audit) -> Iterator[Finding]:
    """A netmask where a wildcard belongs, or the reverse: the line means something else than it says."""
    wildcard = audit.config.generation.router
    for held, entry in audit.config.static_entries():
        acl = audit.config.acl(entry.match_address)
        for line in acl.permits if acl is not None else ():
            odd = [spec for spec in (line.source, line.destination) if _odd(spec.mask_text, wildcard=wildcard)]
            if odd and not held.dynamic:
                yield _mask_finding(audit, entry_word(entry), peer_of(entry), line, wildcard=wildcard)


def _odd(mask: str | None, *, wildcard: bool) -> bool:
    """Whether a mask is of the other kind: `255.255.255.0` as wildcard, `0.0.0.255` as netmask."""
    if mask is None or mask in {"0.0.0.0", "255.255.255.255"}:  # noqa: S104  masks, not bind addresses
        return False
    return mask.startswith("255.") if wildcard else mask.startswith("0.")


def _mask_finding(audit: Audit, name: str, peer: str | None, line: AccessEntry, *, wildcard: bool) -> Finding:
    kind, other = ("wildcard", "netmask") if wildcard else ("netmask", "wildcard")
    return Finding(
        cause="config.acl-not-mirrored",
        check="C06",
        severity=Severity.WARNING,
        confidence=0.85,
        peer=peer,
        summary=f"A line of the crypto ACL of {name} has a {other} where this platform reads a {kind}: "
        "it matches other addresses than it seems to.",
        evidence=quote(line.statement),
        side=Side.HERE,
        causes=(f"the line was copied from a device that writes a {other}",),
        remedies=(
            Remedy(
                text=f"Enter the line anew with a {kind}, then remove this one.",
                commands=("show access-lists",) if audit.config.generation.router else ("show access-list",),
            ),
        ),
        references=("S37",),
    )
