"""Statements of phase 1."""

from __future__ import annotations

from vpn_check.config.addresses import address, network
from vpn_check.config.algorithms import encryption, group, integrity
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.draft import Draft
from vpn_check.config.keys import mark
from vpn_check.config.tree import Node
from vpn_check.model.config import KeyMark


def _policy(c: Collector, node: Node) -> None:
    version = 2 if "ikev2" in node.words[:2] else 1
    name = node.words[-1] if not node.starts("isakmp") else node.words[2]
    if node.no:
        c.drop(f"policy{version}", name, node)
        return
    if version == 2 and c.generation.router:  # noqa: PLR2004  IKEv2
        _selection(c, node)
        return
    held = c.draft(f"policy{version}", name, node, version=version, name=name, priority=number(name))
    c.seen.add("ikev2" if version == 2 else "isakmp")  # noqa: PLR2004  IKEv2
    if node.starts("isakmp"):  # PIX 6: `isakmp policy 10 encryption 3des`
        _policy_word(held, node, node.words[3:])
    for child in node.children:
        _policy_word(held, child, child.words)


def _policy_word(held: Draft, node: Node, words: list[str]) -> None:
    """One attribute of a policy or proposal. Routers abbreviate `encryption` to `encr`."""
    if not words or node.no:
        return
    first, rest = words[0], words[1:]
    if first.startswith("encr"):
        held.set("encryption", encryption(rest), node)
    elif first in {"hash", "integrity"}:
        held.set("integrity", integrity(rest), node)
    elif first == "prf":
        held.set("prf", integrity(rest), node)
    elif first == "group":
        held.set("groups", tuple(group(word) for word in rest), node)
    elif first == "lifetime":
        held.set("lifetime", number(rest[-1] if rest else None), node)
    elif first.startswith("auth"):
        held.set("authentication", rest[0] if rest else None, node)


def _proposal(c: Collector, node: Node) -> None:
    name = node.words[3]
    held = c.draft("proposal2", name, node, version=2, name=name)
    c.seen.add("ikev2")
    for child in node.children:
        _policy_word(held, child, child.words)


def _selection(c: Collector, node: Node) -> None:
    held = c.draft("selection2", node.words[3], node, name=node.words[3])
    c.seen.add("ikev2")
    for child in node.children:
        if child.starts("proposal"):
            held.add("proposals", child.words[1], child)
        elif child.starts("match", "fvrf"):
            held.set("fvrf", child.words[2], child)
        elif child.starts("match", "address", "local"):
            held.add("local_addresses", child.words[-1], child)


def _typed_key(words: list[str], node: Node) -> KeyMark | None:
    """A key from `[0|6|7|hex] KEY ...`; the word is hidden from everything that quotes the statement."""
    if not words:
        return None
    form = int(words[0]) if words[0] in {"0", "6", "7"} and len(words) > 1 else None
    skip = 1 if form is not None or (words[0] in {"hex", "encrypted"} and len(words) > 1) else 0
    shown = words[skip]
    node.hide(shown)
    return mark(shown, form)


def _global_key(c: Collector, node: Node) -> None:
    """`crypto isakmp key [0|6|7] K address P [mask] [no-xauth]`, `... hostname H`; PIX `... P netmask M`."""
    if node.no:
        return
    words = node.rest("key")
    for word in ("address", "hostname"):
        if word not in words[1:]:
            continue
        place = words.index(word, 1)
        key = _typed_key(words[:place], node)
        peer = words[place + 1 :]
        held = c.draft("key", f"{node.source.origin}:{node.line}", node, local=key, remote=key)
        held.values["no_xauth"] = "no-xauth" in peer
        if word == "hostname":
            held.set("hostname", peer[0] if peer else None, node)
        else:
            _key_networks(
                held, node, [part for part in peer if part not in {"netmask", "no-xauth", "no-config-mode", "ipv6"}]
            )
        c.seen.add("isakmp")
        return


def _key_networks(held: Draft, node: Node, words: list[str]) -> None:
    """Whom a key is for: an address alone is a host, `0.0.0.0` is everybody."""
    if not words:
        return
    mask = words[1] if len(words) > 1 and address(words[1]) is not None else None
    if mask is None and words[0] == "0.0.0.0":  # noqa: S104  a wildcard, not a bind address
        mask = "0.0.0.0"  # noqa: S104  same
    found = network(words[0], mask)
    if found is not None:
        held.add("networks", found, node)
    else:
        held.set("hostname", words[0], node)


def _keyring(c: Collector, node: Node) -> None:
    name = node.words[2]
    held = c.draft("keyring1", name, node, name=name, version=1, vrf=node.after("vrf"))
    for child in node.children:
        if child.starts("local-address"):
            held.set("local_address", " ".join(child.words[1:]), child)
        elif child.starts("pre-shared-key") and "key" in child.words:
            key = _typed_key(child.rest("key"), child)
            made = Draft(local=key, remote=key, keyring=name)
            made.say("", child)
            before = child.words[1 : child.words.index("key")]
            if before[:1] == ["hostname"]:
                made.set("hostname", before[1], child)
            else:
                _key_networks(made, child, [word for word in before if word not in {"address", "ipv6"}])
            held.add("keys", made, child)
        elif child.starts("rsa-pubkey"):
            child.used = True


def _keyring2(c: Collector, node: Node) -> None:
    name = node.words[3]
    held = c.draft("keyring2", name, node, name=name, version=2)
    c.seen.add("ikev2")
    for block in node.children:
        if not block.starts("peer"):
            continue
        made = Draft(keyring=name, name=block.words[1])
        made.say("", block)
        for child in block.children:
            if child.starts("address"):
                _key_networks(made, child, child.words[1:])
            elif child.starts("hostname"):
                made.set("hostname", child.words[1], child)
            elif child.starts("identity"):
                made.set("identity", " ".join(child.words[1:]), child)
            elif child.starts("pre-shared-key"):
                _ikev2_key(made, child)
        held.add("keys", made, block)


def _ikev2_key(made: Draft, node: Node) -> None:
    words = node.words[1:]
    sides = [words[0]] if words[:1] in (["local"], ["remote"]) else ["local", "remote"]
    key = _typed_key(words[1:] if len(sides) == 1 else words, node)
    for side in sides:
        made.set(side, key, node)


def _enable(c: Collector, node: Node) -> None:
    held = c.settings("ike")
    name = node.words[-1]
    if name == "enable":  # routers: on for all interfaces
        held.set("disabled", node.no, node)
        return
    field = "enabled_v2" if "ikev2" in node.words else "enabled_v1"
    name = node.after("enable") or name
    c.seen.add("ikev2" if "ikev2" in node.words else "isakmp")
    if node.no:
        node.used = True
    else:
        held.add(field, name, node)


def _identity(c: Collector, node: Node) -> None:
    c.settings("ike").set("identity", " ".join(node.rest("identity")), node)


def _nat_traversal(c: Collector, node: Node) -> None:
    held = c.settings("ike")
    held.set("nat_traversal", not node.no, node)
    held.values["nat_keepalive"] = number(node.words[-1])


def _keepalive(c: Collector, node: Node) -> None:
    words = node.rest("keepalive")
    held = c.settings("ike")
    held.set("keepalive", number(words[0]) if words and not node.no else None, node)
    held.values["keepalive_retry"] = number(words[1]) if len(words) > 1 else None
    held.values["keepalive_periodic"] = "periodic" in words


def _flag(name: str) -> object:
    def handler(c: Collector, node: Node) -> None:
        c.settings("ike").set(name, not node.no, node)

    return handler


def _dpd(c: Collector, node: Node) -> None:
    c.settings("ike").set("ikev2_dpd", " ".join(node.words[3:]), node)


def _used(_: Collector, node: Node) -> None:
    node.used = True


IKE: Table = {
    "crypto isakmp policy": _policy,
    "crypto ikev1 policy": _policy,
    "crypto ikev2 policy": _policy,
    "isakmp policy": _policy,
    "crypto ikev2 proposal": _proposal,
    "crypto isakmp key": _global_key,
    "isakmp key": _global_key,
    "crypto keyring": _keyring,
    "crypto ikev2 keyring": _keyring2,
    "crypto isakmp enable": _enable,
    "crypto ikev1 enable": _enable,
    "crypto ikev2 enable": _enable,
    "isakmp enable": _enable,
    "crypto isakmp identity": _identity,
    "isakmp identity": _identity,
    "crypto isakmp nat-traversal": _nat_traversal,
    "crypto isakmp nat keepalive": _used,
    "isakmp nat-traversal": _nat_traversal,
    "crypto ipsec nat-transparency udp-encapsulation": _nat_traversal,
    "crypto ipsec nat-transparency udp-encaps": _nat_traversal,
    "crypto isakmp keepalive": _keepalive,
    "isakmp keepalive": _keepalive,
    "crypto ikev2 dpd": _dpd,
    "crypto isakmp invalid-spi-recovery": _flag("invalid_spi_recovery"),  # type: ignore[dict-item]  # a Handler
    "crypto isakmp aggressive-mode disable": _flag("aggressive_disabled"),  # type: ignore[dict-item]  # same
    "crypto isakmp am-disable": _flag("aggressive_disabled"),  # type: ignore[dict-item]  # same
    "crypto ikev1 am-disable": _flag("aggressive_disabled"),  # type: ignore[dict-item]  # same
}
"""Statements of phase 1 by their first words."""
