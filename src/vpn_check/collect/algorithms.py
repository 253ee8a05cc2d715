"""SSH algorithms: what this installation can speak, and whether a device needs the old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import paramiko

from vpn_check.collect.transport import OLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.collect.transport import PeerTransport

_LISTS = (("kex", "kex_algo_list", "key exchange"), ("keys", "server_key_algo_list", "host key"),
          ("ciphers", "server_encrypt_algo_list", "cipher"), ("macs", "server_mac_algo_list", "MAC"))
"""Each kind of algorithm: its name in paramiko, in what a device offers, and for people."""

_SHA1 = "diffie-hellman-group14-sha1"   # gone from paramiko 5, as all of SHA-1


def speaks_sha1() -> bool:
    """Whether the SSH library still has the algorithms of old IOS, ASA and PIX."""
    return _SHA1 in _spoken("kex")


def only_old(offer: Mapping[str, object]) -> tuple[str, ...]:
    """The kinds of algorithm of which a device offers nothing but what only `legacy: true` allows."""
    found = []
    for kind, field, name in _LISTS:
        offered = offer.get(field)
        if isinstance(offered, list) and not (_spoken(kind) - {*OLD[kind]}) & {*offered}:
            found.append(name)
    return tuple(found)


def agreed(transport: PeerTransport) -> str:
    """The algorithms that a connection uses, for people; empty before the key exchange."""
    offered = transport.seen.offer.get("kex_algo_list", ())
    names = offered if isinstance(offered, list) else []
    exchange = next((name for name in transport.get_security_options().kex if name in names), "")
    words = (exchange, getattr(transport, "host_key_type", ""), getattr(transport, "remote_cipher", ""))
    return ", ".join(word for word in words if word)


def _spoken(kind: str) -> set[str]:
    return {*getattr(paramiko.Transport, f"_preferred_{kind}")}   # paramiko shows its lists nowhere else
