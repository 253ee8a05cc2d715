"""What more to ask a device for the sake of its configuration: show commands about what the configuration names."""

from __future__ import annotations

import re
from ipaddress import ip_address
from itertools import islice
from typing import TYPE_CHECKING

from vpn_check.model.config import ConfigSets
from vpn_check.model.transcript import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.config import DeviceConfig

_MOST = 10
"""Commands of a kind: enough for the tunnels of a branch, few on a hub."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#@-]{0,62}")
"""Names that may stand in a command that is sent."""


def further_reads(config: DeviceConfig) -> tuple[Command, ...]:
    """Routes to peers and protected networks, counts of crypto ACLs, MTU of the interfaces; at most a few of each."""
    words = [
        *islice(dict.fromkeys(_routes(config)), 2 * _MOST),
        *islice(dict.fromkeys(_lists(config)), _MOST),
        *islice(dict.fromkeys(_interfaces(config)), _MOST),
        *(("show nat",) if config.generation.object_nat and config.nat else ()),
    ]
    return tuple(Command(text=text, needed=False) for text in words)


def _routes(config: DeviceConfig) -> Iterator[str]:
    """The table itself may have a million routes: only the best route to single addresses is asked for."""
    command = "show route" if config.firewall else "show ip route"
    for _, entry in config.static_entries():
        for peer in entry.peers:
            if _is_address(peer.text):
                yield f"{command} {peer.text}"
    for interface in config.interfaces:
        target = interface.tunnel.destination if interface.tunnel is not None else None
        if interface.tunnel is not None and target is not None and _is_address(target):
            table = interface.tunnel.vrf
            yield f"{command} vrf {table} {target}" if table and _PLAIN.fullmatch(table) else f"{command} {target}"
    sets = ConfigSets(config)
    for _, entry in config.static_entries():
        protected = sets.protected(entry)
        for block in islice(protected.most.destinations.blocks(), 2) if protected is not None else ():
            if block.version == 4 and block.care:  # noqa: PLR2004  IPv4
                yield f"{command} {ip_address(block.value)}"


def _lists(config: DeviceConfig) -> Iterator[str]:
    command = "show access-list" if config.firewall else "show access-lists"
    names = [entry.match_address for _, entry in config.static_entries()]
    names += [rule.acl for rule in config.nat]
    yield from (f"{command} {name}" for name in names if name is not None and _PLAIN.fullmatch(name))


def _interfaces(config: DeviceConfig) -> Iterator[str]:
    command = "show interface" if config.firewall else "show interfaces"
    applied = [name for held in config.crypto_maps for name in held.interfaces]
    tunnels = [interface.name for interface in config.interfaces if interface.tunnel is not None]
    yield from (f"{command} {name}" for name in (*applied, *tunnels) if _PLAIN.fullmatch(name))


def _is_address(word: str) -> bool:
    try:
        return ip_address(word).version == 4  # noqa: PLR2004  IPv4
    except ValueError:
        return False
