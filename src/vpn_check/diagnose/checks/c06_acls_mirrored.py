"""The crypto ACLs of the two ends are not mirror images.

Each permit of one end must be there on the other end with source and destination swapped, compared as sets of packets:
masks, wildcards, objects and the order of lines do not matter. Where one end covers more than the other, the tunnel
comes up only when the end with the smaller list asks for it.
Source: config-checks C06; S13, S18, S37.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.acl_lines import added_lines, lines_behind
from vpn_check.diagnose.audit import Audit, Pairing, Site, entry_word, peer_of
from vpn_check.model.config import AccessEntry, AccessList, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import PacketSet


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge masks of this end alone, and every pair of entries whose both ends are known."""
    yield from _masks(audit)
    for pairing in audit.pairings():
        yield from _compare(pairing)


def _compare(pairing: Pairing) -> Iterator[Finding]:
    ours = pairing.here.sets.protected(pairing.here_entry)
    theirs = pairing.there.sets.protected(pairing.there_entry)
    if ours is None or theirs is None or not (ours.exact and theirs.exact):
        return
    wanted = theirs.most.mirror()
    only_here, only_there = ours.most - wanted, wanted - ours.most
    if only_here.empty and only_there.empty:
        return
    acl_here = pairing.here.config.acl(pairing.here_entry.match_address)
    acl_there = pairing.there.config.acl(pairing.there_entry.match_address)
    if acl_here is None or acl_there is None:
        return
    evidence = quote(
        *pairing.here_entry.at("match_address"),
        *lines_behind(pairing.here, acl_here, only_here),
        *pairing.there_entry.at("match_address"),
        *lines_behind(pairing.there, acl_there, only_there.mirror()),
    )
    yield Finding(
        cause="config.acl-not-mirrored",
        check="C06",
        severity=Severity.WARNING,
        confidence=0.9,
        peer=peer_of(pairing.here_entry),
        summary=_summary(pairing, only_here, only_there),
        evidence=evidence,
        side=Side.UNDECIDED,
        causes=("a line was added or changed on one end only", "a host on one end, its whole network on the other"),
        remedies=tuple(
            _missing_lines(site, acl, missing, on_peer=on_peer)
            for site, acl, missing, on_peer in (
                (pairing.here, acl_here, only_there, False),
                (pairing.there, acl_there, only_here.mirror(), True),
            )
            if missing
        ),
        references=("S13", "S18", "S37"),
    )


def _summary(pairing: Pairing, only_here: PacketSet, only_there: PacketSet) -> str:
    name, other = entry_word(pairing.here_entry), f"{entry_word(pairing.there_entry)} of {pairing.there.name}"
    if only_there.empty:
        return (
            f"The crypto ACL of {name} covers more than that of {other}: {only_here} is only here. "
            "Nothing that we ask for beyond the other end's list is accepted; "
            f"it works at most when {pairing.there.name} begins."
        )
    if only_here.empty:
        return (
            f"The crypto ACL of {other} covers more than that of {name}: {only_there} is not encrypted here, "
            "and we refuse when the other end asks for it; the rest works at most when we begin."
        )
    return (
        f"The crypto ACLs of {name} and {other} are no mirror images: "
        f"only here {only_here}; only there, seen from here, {only_there}."
    )


def _missing_lines(site: Site, acl: AccessList, missing: PacketSet, *, on_peer: bool) -> Remedy:
    read = f"show access-lists {acl.name}" if site.generation.router else f"show access-list {acl.name}"
    changes = added_lines(site.generation, acl, missing)
    return Remedy(
        text=f"If that traffic belongs into the tunnel, add it to {acl.name} on {site.name}; "
        "else take it out at the other end. The tunnel is negotiated anew.",
        commands=(read,),
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
