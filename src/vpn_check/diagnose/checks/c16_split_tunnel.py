"""A split tunnel whose list is missing, or has the clients' pool as its source.

The list names the inside networks that clients reach through the tunnel. Without any split tunnel all traffic of the
clients goes through it, which is a policy and no fault; the Internet then needs hairpin routing at the device. A
policy without a list of its own inherits that of DfltGrpPolicy.
Source: config-checks C16; S34; ASA syslog 713140.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import Statement, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge the client groups of routers and PIX, and the group-policies of firewalls."""
    config = audit.config
    for policy in config.group_policies:
        default = config.group_policy("DfltGrpPolicy")
        inherited = default.split_list if default is not None else None
        if policy.split_policy == "tunnelspecified" and policy.split_list is None and inherited is None:
            if not config.shows("group-policy"):
                continue
            yield _missing(f"The group-policy {policy.name} tunnels what a list specifies, and names no list",
                           policy.at("", "split_policy"), f"show running-config group-policy {policy.name}",
                           (f"group-policy {policy.name} attributes", " split-tunnel-network-list value ACL-NAME"))
        elif policy.split_list is not None:
            yield from _list(audit, f"group-policy {policy.name}", policy.split_list, policy.at("", "split_list"))
    for group in config.client_groups:
        if group.split_acl is not None:
            yield from _list(audit, f"client group {group.name}", group.split_acl, group.at("", "split_acl"))


def _list(audit: Audit, what: str, name: str, lines: tuple[Statement, ...]) -> Iterator[Finding]:
    acl = audit.config.acl(name)
    command = f"show access-list {name}" if audit.config.firewall else f"show access-lists {name}"
    if acl is None and audit.config.shows("access-list"):
        yield _missing(f"The {what} names the list {name}, which does not exist", lines, command)


def _missing(
    what: str, lines: tuple[Statement, ...], command: str, changes: tuple[str, ...] = ()
) -> Finding:
    return Finding(
        cause="config.split-tunnel",
        check="C16",
        severity=Severity.WARNING,
        confidence=0.85,
        summary=f"{what}: clients reach nothing, or send everything through the tunnel.",
        evidence=quote(*lines),
        side=Side.HERE,
        causes=("the list was renamed or removed",),
        remedies=(
            Remedy(text="Name a list with the inside networks as source.", commands=(command,), changes=changes),
        ),
        references=("S34", "ASA syslog 713140"),
    )
