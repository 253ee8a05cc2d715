"""How an ASA prints what it holds of its tunnels: IKEv1 with a crypto map. A flow without SAs is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.poll.script import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.poll.tunnel import Moment, Pair, Tunnel

_FLOW = """\
    Crypto map tag: outside_map, seq num: {sequence}, local addr: {local}

      access-list VPN{number} extended permit ip {lan} 255.255.255.0 {far} 255.255.255.0 
      local ident (addr/mask/prot/port): ({lan}/255.255.255.0/0/0)
      remote ident (addr/mask/prot/port): ({far}/255.255.255.0/0/0)
      current_peer: {peer}


      #pkts encaps: {out}, #pkts encrypt: {out}, #pkts digest: {out}
      #pkts decaps: {back}, #pkts decrypt: {back}, #pkts verify: {back}
      #pkts compressed: 0, #pkts decompressed: 0
      #pkts not compressed: {out}, #pkts comp failed: 0, #pkts decomp failed: 0
      #pre-frag successes: 0, #pre-frag failures: 0, #fragments created: 0
      #PMTUs sent: 0, #PMTUs rcvd: 0, #decapsulated frgs needing reassembly: 0
      #TFC rcvd: 0, #TFC sent: 0
      #Valid ICMP Errors rcvd: 0, #Invalid ICMP Errors rcvd: 0
      #send errors: 0, #recv errors: 0

      local crypto endpt.: {local}/0, remote crypto endpt.: {peer}/0
      path mtu 1500, ipsec overhead 74(44), media mtu 1500
      PMTU time remaining (sec): 0, DF policy: copy-df
      ICMP error validation: disabled, TFC packets: disabled
      current outbound spi: {newest.outbound:08X}
      current inbound spi : {newest.inbound:08X}

    inbound esp sas:
{inbound}    outbound esp sas:
{outbound}
"""   # noqa: W291  an ASA leaves a blank at the end of an access list
_SA = """\
      spi: 0x{spi:08X} ({spi})
         SA State: active
         transform: esp-aes-256 esp-sha-hmac no compression
         in use settings ={{L2L, Tunnel, IKEv1, }}
         slot: 0, conn_id: {conn}, crypto-map: outside_map
         sa timing: remaining key lifetime (kB/sec): ({left_kb}/{left})
         IV size: 16 bytes
         replay detection support: Y
         Anti replay bitmap:
          0xFFFFFFFF 0xFFFFFFFF
"""
_IKE = """\
{row:<3} IKE Peer: {peer}
    Type    : {kind:<15} Role    : {role:<9}
    Rekey   : {rekey:<15} State   : {state}
"""


def ipsec_sa(held: Iterable[tuple[Tunnel, Moment]]) -> str:
    """`show crypto ipsec sa`."""
    flows = [_flow(tunnel, now) for tunnel, now in held if now.pairs]
    return "interface: outside\n" + "".join(flows) if flows else "\nThere are no ipsec sas\n"


def _flow(tunnel: Tunnel, now: Moment) -> str:
    return _FLOW.format(
        sequence=10 * (tunnel.number + 1), number=tunnel.number, local=tunnel.local, peer=tunnel.peer, lan=tunnel.lan,
        far=tunnel.far, out=now.encaps, back=now.decaps, newest=now.pairs[-1],
        inbound="".join(_sa(tunnel, pair, pair.inbound) for pair in now.pairs),
        outbound="".join(_sa(tunnel, pair, pair.outbound) for pair in now.pairs),
    )


def _sa(tunnel: Tunnel, pair: Pair, spi: int) -> str:
    return _SA.format(spi=spi, conn=4096 * (tunnel.number + 1 + 50 * (pair.number % 40)), left=pair.left,
                      left_kb=4374000 - 2 * (28800 - pair.left))


def isakmp_sa(held: Iterable[tuple[Tunnel, Moment]]) -> str:
    """`show crypto isakmp sa`."""
    rows = [row for tunnel, now in held for row in _rows(tunnel, now)]
    if not rows:
        return "\nThere are no IKEv1 SAs\n\nThere are no IKEv2 SAs\n"
    renewing = sum(row["rekey"] == "yes" for row in rows)
    text = "".join(_IKE.format(row=place + 1, **row) for place, row in enumerate(rows))
    return (f"\nIKEv1 SAs:\n\n   Active SA: {len(rows) - renewing}\n"
            f"    Rekey SA: {renewing} (A tunnel will report 1 Active and 1 Rekey SA during rekey)\n"
            f"Total IKE SA: {len(rows)}\n\n{text}\nThere are no IKEv2 SAs\n")


def _rows(tunnel: Tunnel, now: Moment) -> list[dict[str, str]]:
    if now.trouble is Trouble.UNREACHABLE:
        waiting = {"peer": tunnel.peer, "kind": "user", "role": "initiator", "rekey": "no", "state": "MM_WAIT_MSG2"}
        return [waiting] if now.asks else []
    one = {"peer": tunnel.peer, "kind": "L2L", "role": "initiator", "rekey": "no", "state": "MM_ACTIVE"}
    return [one] * bool(now.ike) + [one | {"rekey": "yes", "state": "MM_ACTIVE_REKEY"}] * (len(now.ike) - 1)


def ikev2_sa() -> str:
    """`show crypto ikev2 sa`."""
    return "\nThere are no IKEv2 SAs\n"
