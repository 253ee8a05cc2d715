"""An earlier entry of a crypto map catches traffic that is meant for a later one.

Entries are tried by sequence number; the first whose crypto ACL permits a packet takes it. Overlap with an entry of the
same peers is harmless, and a deny that punches a hole on purpose is respected. Sets are compared exactly.
Source: config-checks C08; S16, S37.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.acl_lines import added_lines, lines_behind
from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import CryptoMapEntry, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import PacketSet


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry against those before it."""
    for held in audit.config.crypto_maps:
        if held.dynamic:
            continue
        before: list[tuple[CryptoMapEntry, PacketSet]] = []
        taken: PacketSet | None = None
        for entry in sorted(held.entries, key=lambda entry: entry.sequence):
            protected = audit.sets.protected(entry) if entry.kind == "ipsec-isakmp" and entry.peers else None
            if protected is None or protected.least.empty:
                continue
            if taken is not None and taken.overlaps(protected.least):
                yield from _culprits(audit, entry, protected.least, before)
            before.append((entry, protected.least))
            taken = protected.least if taken is None else taken | protected.least


def _culprits(audit: Audit, entry: CryptoMapEntry, own: PacketSet,
              before: list[tuple[CryptoMapEntry, PacketSet]]) -> Iterator[Finding]:
    peers = {peer.text for peer in entry.peers}
    for earlier, packets in before:
        if peers & {peer.text for peer in earlier.peers} or not packets.overlaps(own):
            continue
        yield _finding(audit, earlier, entry, packets & own, whole=own <= packets)
        return


def _hole(audit: Audit, earlier: CryptoMapEntry, caught: PacketSet) -> tuple[str, ...]:
    """Deny lines that leave the traffic to the later entry; none where they would leave nothing to the earlier."""
    acl, protected = audit.config.acl(earlier.match_address), audit.sets.protected(earlier)
    if acl is None or protected is None or protected.most <= caught:
        return ()
    return added_lines(audit.config.generation, acl, caught, permit=False, first=True)


def _finding(audit: Audit, earlier: CryptoMapEntry, entry: CryptoMapEntry, caught: PacketSet, *,
             whole: bool) -> Finding:
    config = audit.config
    peer = earlier.peers[0].text
    return Finding(
        cause="ipsec.crypto-map-order" if whole else "config.acl-overlap",
        check="C08",
        severity=Severity.WARNING,
        confidence=0.9 if whole else 0.8,
        peer=peer_of(entry),
        summary=f"{'All' if whole else 'A part'} of what {entry_word(entry)} protects ({caught}) is caught by "
        f"{entry_word(earlier)} before it and goes to {peer}.",
        evidence=quote(*earlier.at("", "match_address"), *lines_behind(audit.here, config.acl(earlier.match_address),
                                                                       caught),
                       *entry.at("", "match_address"), *lines_behind(audit.here, config.acl(entry.match_address),
                                                                    caught)),
        side=Side.HERE,
        causes=("a broad entry has a lower number than a narrow one", "a network was added to the wrong list"),
        remedies=(Remedy(
            changes=_hole(audit, earlier, caught),
            text="Give the narrower entry the lower number, or deny its traffic in the list of the broader one. Both "
            "tunnels are negotiated anew.",
            commands=("show running-config crypto map",) if config.firewall else ("show crypto map",),
            disruptive=True,
        ),),
        references=("S16", "S37"),
    )
