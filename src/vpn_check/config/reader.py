"""The door of the room: configuration texts in, one DeviceConfig out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from vpn_check.config import read_nat
from vpn_check.config.collector import Collector, Handler
from vpn_check.config.draft import Draft
from vpn_check.config.listing import is_whole, listed
from vpn_check.config.lists import access_lists
from vpn_check.config.read_access import ACCESS
from vpn_check.config.read_ike import IKE
from vpn_check.config.read_interfaces import INTERFACES
from vpn_check.config.read_ipsec import IPSEC
from vpn_check.config.read_nat import NAT
from vpn_check.config.read_objects import OBJECTS
from vpn_check.config.read_profiles import PROFILES
from vpn_check.config.read_routing import ROUTING
from vpn_check.config.recognise import generation
from vpn_check.config.tree import Mask, Node, read_tree
from vpn_check.model.config import (
    AccessGroup,
    ClientGroup,
    ConfigText,
    CryptoMap,
    CryptoMapEntry,
    DeviceConfig,
    GlobalPool,
    GroupPolicy,
    IkePolicy,
    IkeProfile,
    IkeSettings,
    Ikev2Selection,
    Interface,
    IpsecProfile,
    IpsecSettings,
    Keyring,
    NetworkObject,
    Nhrp,
    ObjectGroup,
    PeerKey,
    Pool,
    RouteMap,
    RouteMapClause,
    RoutingProtocol,
    ServiceObject,
    Standby,
    StaticRoute,
    SystemSettings,
    TransformSet,
    Trustpoint,
    TunnelGroup,
    TunnelSettings,
)
from vpn_check.model.device import PlatformName

_TABLE: dict[tuple[str, ...], Handler] = {
    tuple(words.split()): handler
    for table in (IKE, PROFILES, IPSEC, INTERFACES, OBJECTS, ACCESS, NAT, ROUTING)
    for words, handler in table.items()
}
_LONGEST = max(map(len, _TABLE))
_MANY = 500
"""Nouns of a kind beyond which repetitions are not looked for."""
_QUIET = ("!", ":", "end", "exit", "names", "version ", "ASA Version ", "PIX Version ", "Cryptochecksum:")


def read_config(texts: Sequence[ConfigText], *, mask: Mask, platform: PlatformName | None = None) -> DeviceConfig:
    """Read the configuration texts of one device; several fragments become one configuration.

    Never raises: what is not understood is kept in `unknown`.

    Args:
        texts: whole configurations or parts of one, in any order.
        mask: takes secrets out of a line that may be quoted.
        platform: what is known of the device from elsewhere.
    """
    kind, release = generation((line for text in texts for line in text.lines), platform)
    c = Collector(generation=kind)
    nodes: list[Node] = []
    for text in texts:
        read = read_tree(text.lines, text.source, mask)
        nodes += read
        for node in read if text.typed else ():
            _spell_out(node)
    for first in (True, False):  # names and interfaces are spoken of before they are made
        for node in nodes:
            if (node.words[0] in {"name", "interface", "nameif", "object", "object-group"}) is first:
                _dispatch(c, node)
    c.listed = {kind for text in texts for kind in listed(text.source.command)}
    return _assemble(c, release, nodes, whole=any(is_whole(text) for text in texts))


def _dispatch(c: Collector, node: Node) -> None:
    for length in range(min(_LONGEST, len(node.words)), 0, -1):
        handler = _TABLE.get(tuple(node.words[:length]))
        if handler is not None:
            try:
                handler(c, node)
            except (IndexError, ValueError):  # a statement cut short: it stays among the unknown
                node.used = False
            return


def _spell_out(node: Node) -> None:
    """Give abbreviated words of a statement typed by hand (`cry isa pol 10`) their full form, where only one fits."""
    if any(tuple(node.words[:length]) in _TABLE for length in range(1, _LONGEST + 1)):
        return
    fitting = [words for words in _TABLE if _abbreviates(node.words, words)]
    longest = max((len(words) for words in fitting), default=0)
    found = [words for words in fitting if len(words) == longest]
    if len(found) == 1:
        node.words[:longest] = found[0]


def _abbreviates(typed: list[str], full: tuple[str, ...]) -> bool:
    pairs = list(zip(typed, full, strict=False))
    return len(pairs) == len(full) and all(len(one) > 1 and other.startswith(one) for one, other in pairs)


def _assemble(c: Collector, release: str | None, nodes: list[Node], *, whole: bool) -> DeviceConfig:
    made = c.drafts
    system = c.settings("system")
    every = list(_walk(nodes))
    config = c.settings("device").make(
        DeviceConfig,
        generation=c.generation,
        release=release,
        whole=whole,
        interfaces=[_interface(draft) for draft in made["interface"].values()],
        acls=access_lists(c),
        names=dict(c.names),
        objects=_all(made["object"], NetworkObject),
        service_objects=_all(made["service object"], ServiceObject),
        groups=_all(made["object-group"], ObjectGroup),
        ike=c.settings("ike").make(IkeSettings),
        ike_policies=_policies(c),
        ikev2_selections=_all(made["selection2"], Ikev2Selection),
        keys=_all(made["key"], PeerKey),
        keyrings=[_keyring(draft) for kind in ("keyring1", "keyring2") for draft in made[kind].values()],
        ike_profiles=[*_all(made["ike_profile1"], IkeProfile), *_all(made["ike_profile2"], IkeProfile)],
        transform_sets=[*_all(made["transform-set"], TransformSet), *_all(made["ipsec-proposal"], TransformSet)],
        ipsec=c.settings("ipsec").make(IpsecSettings),
        ipsec_profiles=_all(made["ipsec profile"], IpsecProfile),
        crypto_maps=_maps(c),
        tunnel_groups=_all(made["tunnel-group"], TunnelGroup),
        group_policies=_all(made["group-policy"], GroupPolicy),
        client_groups=_all(made["client group"], ClientGroup),
        pools=_all(made["pool"], Pool),
        access_groups=_all(made["access-group"], AccessGroup),
        nat=read_nat.rules(c),
        globals=_all(made["global"], GlobalPool),
        nat_pools=_all(made["nat pool"], Pool),
        route_maps=_route_maps(c),
        routes=_all(made["route"], StaticRoute),
        protocols=_all(made["router"], RoutingProtocol),
        trustpoints=_all(made["trustpoint"], Trustpoint),
        system=system.make(SystemSettings),
        seen=frozenset(c.seen),
        listed=frozenset(c.listed),
        statements=len(every),
    )
    unknown = tuple(node.statement for node in every if not node.used and not node.text.startswith(_QUIET))
    return replace(config, unknown=unknown)


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _all(drafts: dict[str, Draft], noun: Any) -> list[Any]:  # noqa: ANN401  any noun
    """Each noun once: fragments of one configuration may repeat statements."""
    made: list[Any] = []
    for draft in drafts.values():
        one = draft.make(noun)
        if len(made) > _MANY or one not in made:
            made.append(one)
    return made


def _interface(draft: Draft) -> Interface:
    tunnel, nhrp, standby = (draft.get(name) for name in ("tunnel", "nhrp", "standby"))
    return draft.make(
        Interface,
        tunnel=tunnel.make(TunnelSettings) if tunnel is not None else None,
        nhrp=nhrp.make(Nhrp) if nhrp is not None else None,
        standby=[held.make(Standby) for held in (standby or {}).values()],
    )


def _policies(c: Collector) -> list[IkePolicy]:
    found = [*_all(c.drafts["policy1"], IkePolicy), *_all(c.drafts["policy2"], IkePolicy)]
    found.sort(key=lambda policy: (policy.version, policy.priority or 0))
    return [*found, *_all(c.drafts["proposal2"], IkePolicy)]


def _keyring(draft: Draft) -> Keyring:
    keys: list[PeerKey] = []
    for held in draft.get("keys", []):
        key = held.make(PeerKey)
        if key not in keys:
            keys.append(key)
    return draft.make(Keyring, keys=keys)


def _maps(c: Collector) -> list[CryptoMap]:
    found = []
    for kind in ("crypto map", "dynamic map"):
        for name, draft in c.drafts[kind].items():
            entries = [
                held.make(CryptoMapEntry)
                for key, held in c.drafts[f"{kind} entry"].items()
                if key.partition("\0")[0] == name
            ]
            entries.sort(key=lambda entry: entry.sequence)
            found.append(draft.make(CryptoMap, entries=entries))
    if c.generation.router:
        found = [_with_interfaces(c, held) for held in found]
    return found


def _with_interfaces(c: Collector, held: CryptoMap) -> CryptoMap:
    on = tuple(draft.get("name") for draft in c.drafts["interface"].values() if draft.get("crypto_map") == held.name)
    return replace(held, interfaces=on) if on and not held.dynamic else held


def _route_maps(c: Collector) -> list[RouteMap]:
    found = []
    for name, draft in c.drafts["route-map"].items():
        clauses = [
            held.make(RouteMapClause)
            for key, held in c.drafts["route-map clause"].items()
            if key.partition("\0")[0] == name
        ]
        found.append(draft.make(RouteMap, clauses=sorted(clauses, key=lambda clause: clause.sequence)))
    return found
