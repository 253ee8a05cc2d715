"""A vpn-filter that is written from our side, although it is read from the far side.

The list of a group-policy's vpn-filter sees packets as they arrive from the tunnel: the remote network is the source,
whatever the direction. A list with our networks as source permits nothing.
Source: config-checks C15.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.acl_lines import added_lines
from vpn_check.diagnose.audit import Audit, peer_of
from vpn_check.model.config import quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.packets import PacketSet


def _turned(audit: Audit, name: str | None, packets: PacketSet) -> tuple[str, ...]:
    acl = audit.config.acl(name)
    return added_lines(audit.config.generation, acl, packets.mirror(), first=True) if acl is not None else ()


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the filter of every LAN-to-LAN peer against what its crypto ACL protects."""
    config = audit.config
    for _, entry in config.static_entries():
        protected = audit.sets.protected(entry)
        group = next((held for peer in entry.peers if (held := config.tunnel_group(peer.text)) is not None), None)
        policy = config.group_policy(group.group_policy) if group is not None else None
        if policy is None or policy.vpn_filter in {None, "none"} or protected is None or protected.least.empty:
            continue
        permitted = audit.sets.permitted(policy.vpn_filter)
        if permitted is None:
            continue
        arriving = protected.least.mirror()
        if arriving.overlaps(permitted.most) or not permitted.least.overlaps(protected.least):
            continue
        acl = config.acl(policy.vpn_filter)
        yield Finding(
            cause="config.permit-vpn-bypass",
            check="C15",
            severity=Severity.WARNING,
            confidence=0.85,
            peer=peer_of(entry),
            summary=f"The vpn-filter {policy.vpn_filter} of group-policy {policy.name} has our networks as source; it "
            "is read from the far side, so nothing from the tunnel passes it.",
            evidence=quote(*policy.at("", "vpn_filter"), *(acl.at()[:3] if acl is not None else ()),
                           *entry.at("match_address")),
            side=Side.HERE,
            causes=("the filter was written like an outbound list",),
            remedies=(Remedy(text="Turn its lines round: remote network as source, ours as destination. It holds for "
                             "sessions that begin afterwards.",
                             commands=(f"show access-list {policy.vpn_filter}", "show asp drop"),
                             changes=_turned(audit, policy.vpn_filter, permitted.least & protected.least),
                             disruptive=True),),
            references=("Cisco ASA VPN guide, vpn-filter",),
        )
