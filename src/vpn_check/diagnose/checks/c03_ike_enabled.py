"""IKE is not switched on where a tunnel needs it.

A firewall answers and begins IKE only on interfaces that are enabled for it, for each version by itself. A router does
so everywhere unless `no crypto isakmp enable` stands in its configuration.
Source: config-checks C03; S31.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.diagnose.paper.ends import IKEV1, IKEV2, map_end
from vpn_check.model.config import CryptoMapEntry, Generation, quote
from vpn_check.model.finding import Evidence, Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every entry with a peer whose map is applied."""
    ike = audit.config.ike
    for held, entry in audit.config.static_entries():
        if entry.kind != "ipsec-isakmp" or not entry.peers or not held.interfaces:
            continue
        if audit.config.generation.router:
            if ike.disabled and IKEV1 in map_end(audit.here, entry).versions:
                yield _finding(audit, entry, "IKE is switched off on the whole device (`no crypto isakmp enable`)",
                               quote(*ike.at("disabled"), *entry.at("", "peers")), ("crypto isakmp enable",))
            continue
        if not audit.config.whole:
            continue
        names = audit.here.egress(held)
        missing = [version for version in map_end(audit.here, entry).versions
                   if not set(names) & set(ike.enabled_v1 if version == IKEV1 else ike.enabled_v2)]
        offered = map_end(audit.here, entry).versions
        if missing and missing == list(offered):
            words = [_enable(audit.config.generation, version, names[0]) for version in missing]
            yield _finding(audit, entry, f"IKE is not enabled on {', '.join(names)} "
                           f"(IKEv{', IKEv'.join(map(str, missing))})",
                           quote(*entry.at("", "peers"), *held.at("interfaces"), *ike.at("enabled_v1", "enabled_v2")),
                           tuple(words))


def _enable(generation: Generation, version: int, interface: str) -> str:
    word = "crypto ikev2" if version == IKEV2 else generation.ikev1_word
    return f"{word} enable {interface}"


def _finding(audit: Audit, entry: CryptoMapEntry, what: str, evidence: tuple[Evidence, ...],
             changes: tuple[str, ...]) -> Finding:
    return Finding(
        cause="config.incomplete",
        check="C03",
        severity=Severity.WARNING,
        confidence=0.9,
        peer=peer_of(entry),
        summary=f"{what}: no negotiation for {entry_word(entry)} begins or is answered.",
        evidence=evidence,
        side=Side.HERE,
        causes=("the statement was never entered, or names another interface",),
        remedies=(Remedy(text="Switch IKE on there.",
                         commands=("show running-config crypto",) if audit.config.firewall
                         else ("show crypto isakmp policy",),
                         changes=changes),),
        references=("S31",),
    )
