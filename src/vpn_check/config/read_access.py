"""Tunnel-groups, group-policies, client groups, pools, access-groups, trustpoints."""

from __future__ import annotations

from vpn_check.config.addresses import address
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.draft import Draft
from vpn_check.config.keys import mark
from vpn_check.config.tree import Node


def _secret(words: list[str], node: Node) -> object:
    form = int(words[0]) if words[0] in {"0", "6", "7"} and len(words) > 1 else None
    shown = words[1] if form is not None else words[0]
    node.hide(shown)
    return mark(shown, form)


def _tunnel_group(c: Collector, node: Node) -> None:
    words = node.words
    name = words[1].strip('"')
    if node.no:
        node.used = True
        return
    held = c.draft("tunnel-group", name, node, name=name)
    if words[2:3] == ["type"] and len(words) > 3:  # noqa: PLR2004  with its value
        kind = {"ipsec-ra": "ipsec-ra", "ra": "remote-access", "IPSec_L2L": "ipsec-l2l"}.get(words[3], words[3])
        held.set("type", kind, node)
    for child in node.children:
        _group_line(held, child)


def _group_line(held: Draft, node: Node) -> None:  # noqa: C901  one line a statement
    words = node.words
    text = " ".join(words[:3])
    if text.startswith(("ikev1 pre-shared-key", "pre-shared-key")):
        held.set("key", _secret(words[words.index("pre-shared-key") + 1 :] or ["*"], node), node)
    elif text.startswith("ikev2 local-authentication"):
        held.set("ikev2_local_method", words[2], node)
        if words[2] == "pre-shared-key" and len(words) > 3:  # noqa: PLR2004  with its value
            held.set("ikev2_local", _secret(words[3:], node), node)
    elif text.startswith("ikev2 remote-authentication"):
        held.add("ikev2_remote_methods", words[2], node)
        if words[2] == "pre-shared-key" and len(words) > 3:  # noqa: PLR2004  with its value
            held.set("ikev2_remote", _secret(words[3:], node), node)
    elif words[-2:-1] == ["trust-point"]:
        held.set("trustpoint", words[-1], node)
    elif words[0] == "default-group-policy":
        held.set("group_policy", words[1], node)
    elif words[0] == "peer-id-validate":
        held.set("peer_id_validate", words[1], node)
    elif words[0] == "address-pool":
        held.values.setdefault("address_pools", [])
        for pool in words[1:]:
            held.add("address_pools", pool, node)
    elif text.startswith("isakmp keepalive"):
        _keepalive(held, node)
    elif "ikev1-user-authentication" in words:
        held.set("xauth", words[-1] != "none", node)
    node.used = True


def _keepalive(held: Draft, node: Node) -> None:
    if "disable" in node.words or node.no:
        held.set("keepalive_disabled", True, node)
        return
    held.remove("keepalive_disabled")
    held.set("keepalive_threshold", number(node.after("threshold")), node)
    held.set("keepalive_retry", number(node.after("retry")), node)


def _group_policy(c: Collector, node: Node) -> None:
    name = node.words[1].strip('"')
    held = c.draft("group-policy", name, node, name=name)
    for child in node.children:
        _policy_line(held, child)


def _policy_line(held: Draft, node: Node) -> None:
    words = node.words
    value = words[2] if len(words) > 2 and words[1] == "value" else words[1] if len(words) > 1 else None  # noqa: PLR2004  with its value
    fields = {
        "vpn-filter": "vpn_filter",
        "split-tunnel-policy": "split_policy",
        "split-tunnel-network-list": "split_list",
        "vpn-idle-timeout": "idle_timeout",
        "vpn-session-timeout": "session_timeout",
    }
    if words[0] in fields:
        held.set(fields[words[0]], value, node)
    elif words[0] == "vpn-tunnel-protocol":
        held.set("tunnel_protocols", tuple(word.lower() for word in words[1:]), node)
    elif words[0] == "pfs":
        held.set("pfs", words[1:2] == ["enable"], node)
    elif words[0] == "address-pools":
        held.set("address_pools", tuple(words[2:]), node)
    node.used = True


def _vpngroup(c: Collector, node: Node) -> None:
    """PIX 6: `vpngroup G split-tunnel ACL`, one attribute a statement."""
    words = node.words
    if len(words) < 3:  # noqa: PLR2004  with its value
        return
    held = c.draft("client group", words[1], node, name=words[1])
    c.seen.add("vpngroup")
    if words[2] == "password" and len(words) > 3:  # noqa: PLR2004  with its value
        held.set("key", _secret(words[3:], node), node)
    elif words[2] == "address-pool":
        held.set("pool", words[3], node)
    elif words[2] == "split-tunnel":
        held.set("split_acl", words[3], node)
    elif words[2] == "idle-time":
        held.set("idle_timeout", number(words[3]), node)


def _client_group(c: Collector, node: Node) -> None:
    name = node.words[-1]
    held = c.draft("client group", name, node, name=name)
    c.seen.add("vpngroup")
    for child in node.children:
        words = child.words
        if words[0] == "key" and len(words) > 1:
            held.set("key", _secret(words[1:], child), child)
        elif words[0] == "pool":
            held.set("pool", words[1], child)
        elif words[0] == "acl":
            held.set("split_acl", words[1], child)
        child.used = True


def _pool(c: Collector, node: Node) -> None:
    """`ip local pool P A-B [mask M]`, `ip local pool P A B`."""
    words = node.words[3:]
    if len(words) < 2:  # noqa: PLR2004  with its value
        return
    held = c.draft("pool", words[0], node, name=words[0])
    ends = words[1].split("-") if "-" in words[1] else words[1:3]
    first, last = address(ends[0]), address(ends[-1])
    if first is not None:
        held.add("ranges", (first, last or first), node)


def _access_group(c: Collector, node: Node) -> None:
    """`access-group A in interface outside [control-plane]`, `access-group A global`."""
    words = node.words
    if len(words) < 3 or node.no:  # noqa: PLR2004  all of it
        return
    interface = node.after("interface")
    held = c.draft("access-group", f"{words[1]}\0{words[2]}\0{interface}", node)
    held.values |= {
        "acl": words[1],
        "direction": "global" if words[2] == "global" else words[2],
        "interface": interface,
        "control_plane": "control-plane" in words,
    }


def _trustpoint(c: Collector, node: Node) -> None:
    held = c.draft("trustpoint", node.words[3], node, name=node.words[3])
    for child in node.children:
        words = child.words
        if words[0] == "enrollment":
            held.set("enrollment", " ".join(words[1:]), child)
        elif words[0] == "revocation-check":
            held.set("revocation", tuple(words[1:]), child)
        elif words[0] in {"rsakeypair", "keypair"}:
            held.set("rsa_keypair", words[1], child)
            held.values["rsa_bits"] = number(words[2]) if len(words) > 2 else None  # noqa: PLR2004  with its value
        elif words[0] == "subject-name":
            held.set("subject_name", " ".join(words[1:]), child)
        elif words[0] == "fqdn":
            held.set("fqdn", words[1], child)
        elif words[0] == "ip-address":
            held.set("ip_address", words[1], child)
        elif words[0] == "password" and len(words) > 1:
            child.hide(words[-1])
        child.used = True


def _chain(c: Collector, node: Node) -> None:
    held = c.draft("trustpoint", node.words[4], node, name=node.words[4])
    held.set("enrolled", any(child.words[0] == "certificate" for child in node.children), node)
    for child in node.children:  # what is in a certificate is for other tools
        child.used = True
        for inner in child.children:
            inner.used = True


ACCESS: Table = {
    "tunnel-group": _tunnel_group,
    "group-policy": _group_policy,
    "vpngroup": _vpngroup,
    "crypto isakmp client configuration group": _client_group,
    "ip local pool": _pool,
    "access-group": _access_group,
    "crypto ca trustpoint": _trustpoint,
    "crypto pki trustpoint": _trustpoint,
    "crypto ca certificate chain": _chain,
    "crypto pki certificate chain": _chain,
}
"""Statements about who may come in."""
