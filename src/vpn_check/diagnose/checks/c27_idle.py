"""A LAN-to-LAN tunnel is ended when it is idle.

An idle timeout that is displayed ends the tunnel after so long without traffic; the next packet brings it up again and
waits for it. Monitoring that calls an idle tunnel down is wrong then.
Source: config-checks C27.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the group-policies of LAN-to-LAN peers, and the idle time of routers."""
    config = audit.config
    for _, entry in config.static_entries():
        group = next((held for peer in entry.peers if (held := config.tunnel_group(peer.text)) is not None), None)
        policy = config.group_policy(group.group_policy) if group is not None else None
        if policy is not None and policy.idle_timeout not in {None, "none"}:
            yield Finding(
                cause="traffic.none",
                check="C27",
                severity=Severity.INFO,
                confidence=0.7,
                peer=peer_of(entry),
                summary=f"The tunnel of {entry_word(entry)} is ended after {policy.idle_timeout} minutes without "
                f"traffic (group-policy {policy.name}); the next packet brings it up again.",
                evidence=quote(*policy.at("", "idle_timeout"), *entry.at("peers")),
                side=Side.HERE,
                causes=("the policy was made for clients",),
                remedies=(Remedy(text="Where the tunnel should stay up, give it a policy without idle timeout.",
                                 commands=(f"show running-config group-policy {policy.name}",),
                                 changes=(f"group-policy {policy.name} attributes", " vpn-idle-timeout none")),),
                references=("Cisco 81824",),
            )
