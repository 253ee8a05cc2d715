"""Lines of a crypto ACL that name a protocol or ports instead of whole IP.

Each such line makes SAs of its own, and many far ends refuse them. A list with nothing but ICMP lets a ping through
and nothing else.
Source: config-checks C07; S13.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import AccessEntry, CryptoMapEntry, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side

GRE, ICMP = 47, 1


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the crypto ACL of every entry with a peer."""
    for held, entry in audit.config.static_entries():
        acl = audit.config.acl(entry.match_address)
        if acl is None or held.dynamic or not acl.permits:
            continue
        narrow = [(line, protocols) for line in acl.permits if (protocols := _protocols(audit, line))]
        if len(narrow) == len(acl.permits) and all(protocols == {ICMP} for _, protocols in narrow):
            yield _finding(entry, [line for line, _ in narrow], "permits ICMP only: a ping passes, and nothing else "
                           "enters the tunnel", Severity.WARNING)
        elif lines := [line for line, protocols in narrow if protocols != {GRE}]:
            yield _finding(entry, lines, "names protocols or ports: each such line makes SAs of its own, and many far "
                           "ends refuse them", Severity.INFO)


def _protocols(audit: Audit, line: AccessEntry) -> set[int]:
    """The protocols that a line is limited to; empty for whole IP and where it is not known."""
    packets = audit.sets.packets(line)
    found = {flow.protocol for flow in packets.flows()} if packets is not None else set()
    return set() if None in found else {protocol for protocol in found if protocol is not None}


def _finding(entry: CryptoMapEntry, lines: list[AccessEntry], what: str, severity: Severity) -> Finding:
    return Finding(
        cause="config.acl-not-mirrored",
        check="C07",
        severity=severity,
        confidence=0.7,
        peer=peer_of(entry),
        summary=f"The crypto ACL {entry.match_address} of {entry_word(entry)} {what}.",
        evidence=quote(*entry.at("match_address"), *(line.statement for line in lines[:3])),
        side=Side.HERE,
        causes=("the list was written like a filter; what may pass belongs into an interface list or a vpn-filter",),
        remedies=(Remedy(text="Permit ip between the networks, at both ends alike, and filter elsewhere. The tunnel is "
                         "negotiated anew.", commands=("show crypto map",), disruptive=True),),
        references=("S13",),
    )
