"""How IOS and IOS-XE print what they hold of their tunnels: IKEv1 with a crypto map, IKEv2 with tunnel interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.poll.script import Trouble

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.poll.tunnel import Moment, Pair, Tunnel

Held = tuple["Tunnel", "Moment"]

_FLOW = """\
   protected vrf: (none)
   local  ident (addr/mask/prot/port): ({lan})
   remote ident (addr/mask/prot/port): ({far})
   current_peer {peer} port 500
     PERMIT, flags={{origin_is_acl,{flags}}}
    #pkts encaps: {out}, #pkts encrypt: {out}, #pkts digest: {out}
    #pkts decaps: {back}, #pkts decrypt: {back}, #pkts verify: {back}
    #pkts compressed: 0, #pkts decompressed: 0
    #pkts not compressed: 0, #pkts compr. failed: 0
    #pkts not decompressed: 0, #pkts decompress failed: 0
    #send errors {errors}, #recv errors 0

     local crypto endpt.: {local}, remote crypto endpt.: {peer}
     plaintext mtu {clear}, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet0/1
     current outbound spi: {spi}
     PFS (Y/N): N, DH group: none

     inbound esp sas:
{inbound}
     inbound ah sas:

     inbound pcp sas:

     outbound esp sas:
{outbound}
     outbound ah sas:

     outbound pcp sas:
"""
_SA = """\
      spi: 0x{spi:08X}({spi})
        transform: {transform} ,
        in use settings ={{Tunnel, }}
        conn id: {conn}, flow_id: {engine}:{conn}, sibling_flags 80000040, crypto map: {map}
        sa timing: remaining key lifetime (k/sec): ({left_kb}/{left})
        IV size: {iv} bytes
        replay detection support: Y
        Status: ACTIVE(ACTIVE)
"""
_IKEV2 = """\
{number:<9} {local:<21} {peer:<21} none/none            {state}
      Encr: {encryption}, PRF: {prf}, Hash: None, DH Grp:{group}, Auth sign: {auth}, Auth verify: {auth}
      Life/Active Time: 86400/{age} sec

"""
_DAY = 86400


def ipsec_sa(held: Iterable[Held]) -> str:
    """`show crypto ipsec sa`."""
    text, head = "", ""
    for tunnel, now in held:
        if tunnel.platform is PlatformName.IOS:
            place, name = "GigabitEthernet0/1", "CMAP"
        else:
            place, name = f"Tunnel{tunnel.number}", f"Tunnel{tunnel.number}-head-0"
        if place != head:
            text += f"\ninterface: {place}\n    Crypto map tag: {name}, local addr {tunnel.local}\n"
            head = place
        text += "\n" + _flow(tunnel, now, name)
    return text


def _flow(tunnel: Tunnel, now: Moment, name: str) -> str:
    ios = tunnel.platform is PlatformName.IOS
    asks = now.asks or (not ios and not now.pairs)   # a tunnel interface always wants to be up
    return _FLOW.format(
        lan=f"{tunnel.lan}/255.255.255.0/0/0" if ios else "0.0.0.0/0.0.0.0/0/0",
        far=f"{tunnel.far}/255.255.255.0/0/0" if ios else "0.0.0.0/0.0.0.0/0/0",
        peer=tunnel.peer, local=tunnel.local, flags="ipsec_sa_request_sent" if asks else "",
        out=now.encaps, back=now.decaps, errors=now.send_errors, clear=1438 if now.pairs else 1500,
        spi=f"0x{now.pairs[-1].outbound:08X}({now.pairs[-1].outbound})" if now.pairs else "0x0(0)",
        inbound="".join(_sa(tunnel, pair, name, inbound=True) for pair in now.pairs),
        outbound="".join(_sa(tunnel, pair, name, inbound=False) for pair in now.pairs),
    )


def _sa(tunnel: Tunnel, pair: Pair, name: str, *, inbound: bool) -> str:
    ios = tunnel.platform is PlatformName.IOS
    return _SA.format(
        spi=pair.inbound if inbound else pair.outbound, map=name,
        transform="esp-256-aes esp-sha256-hmac" if ios else "esp-gcm 256", iv=16 if ios else 8,
        engine="Onboard VPN" if ios else "ESG", conn=2 * (tunnel.number + 50 * (pair.number % 40)) + (not inbound) + 1,
        left_kb=4608000 - 11 * (3600 - pair.left), left=pair.left,
    )


def isakmp_sa(held: Iterable[Held]) -> str:
    """`show crypto isakmp sa`."""
    rows = ""
    for tunnel, now in held:
        if tunnel.platform is PlatformName.IOS:
            for state, number, word in _ikev1(now):
                rows += f"{tunnel.peer:<15} {tunnel.local:<15} {state:<17} {number:>4} {word}\n"
    return ("IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
            f"{rows}\nIPv6 Crypto ISAKMP SA\n\n")


def _ikev1(now: Moment) -> list[tuple[str, int, str]]:
    if now.trouble is Trouble.UNREACHABLE:
        failed = [("MM_NO_STATE", 0, "ACTIVE"), ("MM_NO_STATE", 0, "ACTIVE (deleted)")]
        return failed if now.asks else []
    rows = [("QM_IDLE", now.ike_number, "ACTIVE")] if now.ike else []
    return rows + [("MM_NO_STATE", now.ike_number - 20, "ACTIVE (deleted)")] * (len(now.ike) - 1)


def ikev2_sa(held: Iterable[Held]) -> str:
    """`show crypto ikev2 sa`; nothing at all where there is no IKEv2."""
    rows = ""
    for tunnel, now in held:
        if tunnel.platform is PlatformName.IOSXE:
            ages = now.ike if now.trouble is not Trouble.UNREACHABLE else ()
            rows += "".join(_IKEV2.format(
                number=tunnel.number + 1 + 100 * place, local=f"{tunnel.local}/500", peer=f"{tunnel.peer}/500",
                state="READY  ", encryption="AES-GCM, keysize: 256", prf="SHA384", group=20, auth="PSK",
                age=min(age, _DAY)) for place, age in enumerate(ages))
            if not ages:
                rows += _IKEV2.format(
                    number=tunnel.number + 1, local=f"{tunnel.local}/500", peer=f"{tunnel.peer}/500", state="IN-NEG ",
                    encryption="Unknown - 0", prf="Unknown - 0", group=0, auth="Unknown - 0", age=0)
    if not rows:
        return ""
    return (" IPv4 Crypto IKEv2  SA \n\n"
            "Tunnel-id Local                 Remote                fvrf/ivrf            Status \n"
            f"{rows} IPv6 Crypto IKEv2  SA \n\n")
