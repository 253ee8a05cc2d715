"""The JSON of `parse`: the facts of one output, in the field names of the contract. Absent values are null, never 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.printed_mtu import PrintedMtu
from vpn_check.model.snapshot import Topic
from vpn_check.report.words import counted, spi_word, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.sa import EngineConnection, IkeSa, IpsecSa
    from vpn_check.model.tunnel import Tunnel


def facts_document(
    topic: Topic,
    into: dict[str, Any],
    *,
    tunnels: Sequence[Tunnel] = (),
    ike_sas: Sequence[IkeSa] = (),
    connections: Sequence[EngineConnection] = (),
    unmatched: Sequence[tuple[int, str]] = (),
) -> None:
    """Add the facts of one section to a document. `unmatched` are lines that were not understood."""
    if topic is Topic.IPSEC_SA:
        into.setdefault("tunnels", []).extend(_tunnel(tunnel) for tunnel in tunnels)
    elif topic is Topic.ENGINE:
        into.setdefault("connections", []).extend(_connection(row) for row in connections)
    elif topic is Topic.IKEV2_SA:
        into.setdefault("ikev2_sas", []).extend(_ikev2(sa) for sa in ike_sas)
    else:
        into.setdefault("ike_sas", []).extend(_ike(sa) for sa in ike_sas)
    if unmatched:
        into.setdefault("unparsed", []).extend({"line": number, "text": text.strip()} for number, text in unmatched)


def _tunnel(tunnel: Tunnel) -> dict[str, Any]:
    mtu = tunnel.printed_mtu or PrintedMtu()
    return {
        "interface": tunnel.interface,
        "crypto_map": tunnel.crypto_map,
        "local_addr": word(tunnel.local_address),
        "vrf": tunnel.vrf,
        "local_ident": word(tunnel.local_ident),
        "remote_ident": word(tunnel.remote_ident),
        "peer": word(tunnel.peer),
        "peer_port": tunnel.peer_port,
        **counted(tunnel.counters),
        "path_mtu": tunnel.path_mtu,
        "plaintext_mtu": mtu.plaintext,
        "ip_mtu": mtu.ip,
        "ip_mtu_interface": mtu.interface,
        "media_mtu": mtu.media,
        "override_mtu": mtu.override,
        "ipsec_overhead": mtu.overhead,
        "ipsec_overhead_short": mtu.overhead_short,
        "outbound_spi": spi_word(tunnel.outbound_spi),
        "sas": [_sa(sa) for sa in tunnel.sas],
    }


def _sa(sa: IpsecSa) -> dict[str, Any]:
    return {
        "direction": sa.direction,
        "protocol": sa.protocol,
        "spi_hex": spi_word(sa.spi),
        "spi_dec": sa.spi if sa.spi_printed is None else sa.spi_printed,
        "transform": sa.transform,
        "settings": sa.settings,
        "conn_id": sa.conn_id,
        "lifetime_kb": sa.lifetime_kb,
        "lifetime_sec": sa.lifetime_sec,
        "replay": sa.replay,
        "status": sa.status,
    }


def _ike(sa: IkeSa) -> dict[str, Any]:
    if sa.dst is not None:
        return {
            "dst": word(sa.dst),
            "src": word(sa.src),
            "state": sa.state,
            "conn_id": sa.conn_id,
            "status": sa.status,
        }
    body = {
        "local": word(sa.local),
        "remote": word(sa.peer),
        "peer": word(sa.peer),
        "conn_id": sa.conn_id,
        "vrf": sa.vrf,
        "status": sa.status,
        "encr": sa.encr,
        "hash": sa.hash,
        "auth": sa.auth,
        "dh": sa.dh,
        "capabilities": sa.capabilities,
        "type": sa.kind,
        "role": sa.role.value if sa.role else None,
        "rekey": sa.rekey,
        "state": sa.state,
        "lifetime": sa.lifetime_left or sa.lifetime,
    }
    return {name: value for name, value in body.items() if value is not None or name in {"state", "status"}}


def _ikev2(sa: IkeSa) -> dict[str, Any]:
    def with_port(address: object, port: int | None) -> str | None:
        return None if address is None else f"{address}/{port}" if port is not None else str(address)

    return {
        "local": with_port(sa.local, sa.local_port),
        "remote": with_port(sa.peer, sa.peer_port),
        "state": sa.state,
        "role": sa.role.value if sa.role else None,
        "encr": sa.encr,
        "keysize": sa.keysize,
        "integrity": sa.integrity,
        "prf": sa.prf,
        "dh": sa.dh,
        "auth_sign": sa.auth_sign,
        "auth_verify": sa.auth_verify,
        "lifetime": sa.lifetime,
        "active_time": sa.active_time,
        "fvrf": sa.fvrf,
        "ivrf": sa.ivrf,
        "local_spi": sa.local_spi,
        "remote_spi": sa.remote_spi,
        "tunnel_id": sa.tunnel_id,
        "session_id": sa.session_id,
        "session_status": sa.session_status,
        "ike_count": sa.ike_count,
        "child_count": sa.child_count,
        "children": [{"spi_in": inside, "spi_out": outside} for inside, outside in sa.children],
    }


def _connection(row: EngineConnection) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.kind,
        "interface": row.interface,
        "algorithm": row.algorithm,
        "encrypt": row.encrypt,
        "decrypt": row.decrypt,
        "ip": row.ip,
        "state": row.state,
    }
