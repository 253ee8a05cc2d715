"""Statements of phase 2."""

from __future__ import annotations

from vpn_check.config.algorithms import encryption, group, integrity, transforms
from vpn_check.config.collector import Collector, Table, number
from vpn_check.config.draft import Draft
from vpn_check.config.tree import Node
from vpn_check.model.config import Peer


def _transform_set(c: Collector, node: Node) -> None:
    words = node.rest("transform-set")
    name = words[0]
    if node.no:
        c.drop("transform-set", name, node)
        return
    version = 1 if "ikev1" in node.words else None
    held = c.draft("transform-set", name, node, name=name, version=version)
    rest = words[1:]
    if rest[:1] == ["mode"]:  # PIX, ASA: `crypto ipsec transform-set T mode transport`
        held.set("mode", rest[1], node)
    elif rest:
        held.set("words", tuple(rest), node)
        held.values |= transforms(rest)
    for child in node.children:
        if child.starts("mode"):
            held.set("mode", child.words[1], child)


def _ipsec_proposal(c: Collector, node: Node) -> None:
    name = node.words[4]
    held = c.draft("ipsec-proposal", name, node, name=name, version=2)
    for child in node.children:
        if child.starts("protocol", "esp", "encryption"):
            held.set("esp", encryption(child.words[3:]), child)
        elif child.starts("protocol", "esp", "integrity"):
            held.set("integrity", integrity(child.words[3:]), child)
        elif child.starts("protocol", "ah"):
            held.set("ah", integrity(child.words[3:]), child)


def _profile(c: Collector, node: Node) -> None:
    name = node.words[3]
    held = c.draft("ipsec profile", name, node, name=name)
    for child in node.children:
        if child.starts("responder-only"):
            held.set("responder_only", not child.no, child)
        elif child.words:
            _set(held, child, child.words)


def _set(held: Draft, node: Node, words: list[str]) -> None:  # noqa: C901, PLR0912  one line a statement
    """One line of a crypto map entry or profile, behind `crypto map M N` where that stands in front."""
    text = " ".join(words[:4])
    if node.no and "replay" not in text:
        node.used = True
        return
    if words[:2] == ["match", "address"]:
        held.set("match_address", words[-1] if len(words) > 2 else None, node)  # noqa: PLR2004  with its value
    elif words[:2] == ["set", "peer"]:
        _peers(held, node, words[2:])
    elif words[:2] == ["set", "transform-set"] or words[:3] == ["set", "ikev1", "transform-set"]:
        held.set("transform_sets", tuple(words[words.index("transform-set") + 1 :]), node)
    elif words[:3] == ["set", "ikev2", "ipsec-proposal"]:
        held.set("ikev2_proposals", tuple(words[3:]), node)
    elif words[:2] == ["set", "pfs"]:
        held.set("pfs", group(words[2]) if len(words) > 2 else "default", node)  # noqa: PLR2004  with its value
    elif text.startswith("set security-association lifetime"):
        _lifetime(held, node, words[3:])
    elif text.startswith("set security-association replay"):
        _replay(held, node, words[3:])
    elif text.startswith("set security-association idle-time"):
        held.set("idle_time", number(words[3]), node)
    elif words[:2] == ["set", "isakmp-profile"] or words[0] == "isakmp-profile":
        held.set("ike_profile", words[-1], node)
    elif words[:2] == ["set", "ikev2-profile"]:
        held.set("ikev2_profile", words[-1], node)
    elif words[0] == "reverse-route" or words[:2] == ["set", "reverse-route"]:
        held.set("reverse_route", True, node)
    elif words[:2] == ["set", "nat-t-disable"]:
        held.set("nat_t_disabled", True, node)
    elif words[:2] == ["set", "trustpoint"]:
        held.set("trustpoint", words[2] if len(words) > 2 else None, node)  # noqa: PLR2004  with its value
        held.values["trustpoint_chain"] = "chain" in words[3:]
    elif words[:2] == ["set", "connection-type"]:
        held.set("connection_type", words[2], node)
    elif "phase1-mode" in words[:4]:
        held.set("aggressive", "aggressive" in words, node)
    elif words[:3] == ["set", "ip", "access-group"] and len(words) > 3:  # noqa: PLR2004  with its value
        held.set("access_group_out" if words[-1] == "out" else "access_group_in", words[3], node)
    elif words[:2] == ["set", "df-bit"] or words[:2] == ["set", "ip"]:
        held.set("df_bit", words[-1], node)
    elif words[:2] == ["set", "group"]:
        held.set("gdoi_group", words[2], node)
    elif words[:2] == ["set", "session-key"] or "session-key" in words[:4]:
        _session_key(held, node, words)
    elif words[0] in {"set", "match", "description", "qos", "client"}:
        node.used = True


def _session_key(held: Draft, node: Node, words: list[str]) -> None:
    for word in words[4:]:
        if len(word) > 7:  # noqa: PLR2004  a key in hexadecimal, not an SPI
            node.hide(word)
    held.set("session_keys", True, node)


def _peers(held: Draft, node: Node, words: list[str]) -> None:
    """`set peer A [default|dynamic]`; an ASA lists several in one statement."""
    names = [word for word in words if word not in {"dynamic", "default"}]
    for name in names:
        held.add("peers", Peer(text=name, dynamic="dynamic" in words, default="default" in words), node)


def _lifetime(held: Draft, node: Node, words: list[str]) -> None:
    for unit, field in (("seconds", "lifetime_seconds"), ("kilobytes", "lifetime_kilobytes")):
        if unit in words:
            place = words.index(unit) + 1
            held.set(field, number(words[place]) if place < len(words) else None, node)
    node.used = True


def _replay(held: Draft, node: Node, words: list[str]) -> None:
    if words[:1] == ["disable"]:
        held.set("replay_disabled", not node.no, node)
    elif words[:1] == ["window-size"] and len(words) > 1:
        held.set("replay_window", number(words[1]), node)
    node.used = True


def _map(c: Collector, node: Node) -> None:  # noqa: C901  the forms of one statement
    dynamic = node.words[1] == "dynamic-map"
    words = node.words[2:] if node.words[2:3] != ["ipv6"] else node.words[3:]
    name, rest = words[0], words[1:]
    if not rest:
        return
    kind = "dynamic map" if dynamic else "crypto map"
    if not rest[0].isdigit():
        _map_wide(c, node, name, rest)
        return
    key = f"{name}\0{rest[0]}"
    if node.no and len(rest) < 3:  # noqa: PLR2004  the whole entry
        c.drop(f"{kind} entry", key, node)
        return
    held = c.draft(f"{kind} entry", key, node, map=name, sequence=int(rest[0]))
    c.draft(kind, name, node, name=name, dynamic=dynamic)
    held.say("", node)
    c.seen.add("crypto map")
    words = rest[1:]
    if words[:1] and words[0] in {"ipsec-isakmp", "ipsec-manual", "gdoi", "isakmp"}:
        held.values["kind"] = words[0].replace("isakmp", "ipsec-isakmp") if words[0] == "isakmp" else words[0]
        if words[1:2] == ["dynamic"]:
            held.values["kind"] = "dynamic"
            held.set("dynamic_map", words[2], node)
        elif words[1:2] == ["profile"]:
            held.set("ike_profile", words[2], node)
    elif words:
        _set(held, node, words)
    for child in node.children:
        if "Incomplete" in child.text:
            held.set("incomplete_marked", True, child)
        elif child.words:
            _set(held, child, child.words)


def _map_wide(c: Collector, node: Node, name: str, rest: list[str]) -> None:
    held = c.draft("crypto map", name, node, name=name, dynamic=False)
    if rest[0] == "interface" and len(rest) > 1:
        held.add("interfaces", rest[1], node)
    elif rest[0] == "local-address" and len(rest) > 1:
        held.set("local_address", " ".join(rest[1:]), node)
    elif rest[:2] == ["client", "authentication"]:
        held.set("client_authentication", rest[-1], node)
    elif rest[:2] == ["client", "configuration"]:
        held.set("client_configuration", " ".join(rest[2:]), node)
    elif rest[0] == "isakmp-profile":
        held.set("ike_profile", rest[-1], node)


def _association(c: Collector, node: Node) -> None:
    """`crypto ipsec security-association ...`."""
    words = node.rest("security-association")
    held = c.settings("ipsec")
    if words[:1] == ["lifetime"]:
        _lifetime(held, node, words[1:])
    elif words[:1] == ["replay"]:
        _replay(held, node, words[1:])
    elif words[:1] == ["idle-time"]:
        held.set("idle_time", number(words[1]), node)
    node.used = True


def _df_bit(c: Collector, node: Node) -> None:
    words = node.words[3:]
    held = c.settings("ipsec")
    if len(words) > 1:
        held.add("df_bits", (words[1], words[0]), node)
    elif words:
        held.set("df_bit", words[0], node)


def _fragmentation(c: Collector, node: Node) -> None:
    words = node.words[3:]
    if words[:1] == ["after-encryption"] or (words[:1] == ["before-encryption"] and node.no):
        c.settings("ipsec").add("after_encryption", words[1] if len(words) > 1 else "*", node)
    elif words[:1] == ["before-encryption"]:  # a later statement takes an earlier one back
        held = c.settings("ipsec").get("after_encryption", [])
        if (name := words[1] if len(words) > 1 else "*") in held:
            held.remove(name)
    node.used = True


IPSEC: Table = {
    "crypto ipsec transform-set": _transform_set,
    "crypto ipsec ikev1 transform-set": _transform_set,
    "crypto ipsec ikev2 ipsec-proposal": _ipsec_proposal,
    "crypto ipsec profile": _profile,
    "crypto map": _map,
    "crypto dynamic-map": _map,
    "crypto ipsec security-association": _association,
    "crypto ipsec df-bit": _df_bit,
    "crypto ipsec fragmentation": _fragmentation,
}
"""Statements of phase 2 by their first words."""
