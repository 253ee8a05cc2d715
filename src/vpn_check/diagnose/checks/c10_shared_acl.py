"""One access list serves the crypto map and another purpose: a change for one changes the other.

The lists of crypto map, NAT exemption and split tunnel may have the same content, and should not be the same list.
Source: config-checks C10; S34, S37.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit, entry_word, peer_of
from vpn_check.model.config import Statement, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every crypto ACL against the other uses of lists."""
    uses = _uses(audit)
    told = set()
    for _, entry in audit.config.static_entries():
        name = entry.match_address
        if name is None or name in told or name not in uses:
            continue
        told.add(name)
        what, lines = uses[name]
        yield Finding(
            cause="config.acl-overlap",
            check="C10",
            severity=Severity.INFO,
            confidence=0.8,
            peer=peer_of(entry),
            summary=f"The access list {name} serves {entry_word(entry)} and {what}: a line changed for one changes the "
            "other, and a running device may need the map applied anew.",
            evidence=quote(*entry.at("match_address"), *lines),
            side=Side.HERE,
            causes=("one list was used because its content is the same today",),
            remedies=(Remedy(text="Make a list of its own for each purpose, with the same lines.",
                             commands=(f"show access-list {name}" if audit.config.firewall
                                       else f"show access-lists {name}",)),),
            references=("S37",),
        )


def _uses(audit: Audit) -> dict[str, tuple[str, tuple[Statement, ...]]]:
    config = audit.config
    found: dict[str, tuple[str, tuple[Statement, ...]]] = {}
    for rule in config.nat:
        if rule.acl is not None:
            found.setdefault(rule.acl, ("a NAT rule", rule.at()))
    for group in config.client_groups:
        if group.split_acl is not None:
            found.setdefault(group.split_acl, ("a split tunnel", group.at("split_acl")))
    for policy in config.group_policies:
        if policy.split_list is not None:
            found.setdefault(policy.split_list, ("a split tunnel", policy.at("split_list")))
    for bound in config.access_groups:
        found.setdefault(bound.acl, ("an interface filter", bound.at()))
    return found
