"""Writes the `show crypto ipsec sa detail` of a hub that does not exist, with as many tunnels as asked."""

from __future__ import annotations

import argparse
import random
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """interface: Tunnel{n}
    Crypto map tag: Tunnel{n}-head-0, local addr 192.0.2.1

   protected vrf: (none)
   local  ident (addr/mask/prot/port): (192.0.2.1/255.255.255.255/47/0)
   remote ident (addr/mask/prot/port): ({peer}/255.255.255.255/47/0)
   current_peer {peer} port 500
     PERMIT, flags={{origin_is_acl,}}
    #pkts encaps: {out}, #pkts encrypt: {out}, #pkts digest: {out}
    #pkts decaps: {back}, #pkts decrypt: {back}, #pkts verify: {back}
    #pkts compressed: 0, #pkts decompressed: 0
    #pkts not compressed: 0, #pkts compr. failed: 0
    #pkts not decompressed: 0, #pkts decompress failed: 0
    #pkts no sa (send) {lost}, #pkts invalid sa (rcv) 0
    #pkts encaps failed (send) 0, #pkts decaps failed (rcv) 0
    #pkts invalid prot (recv) 0, #pkts verify failed: 0
    #pkts invalid identity (recv) 0, #pkts invalid len (rcv) 0
    #pkts replay rollover (send): 0, #pkts replay rollover (rcv) 0
    ##pkts replay failed (rcv): 0
    #pkts tagged (send): 0, #pkts untagged (rcv): 0
    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0
    #pkts internal err (send): 0, #pkts internal err (recv) 0

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: {peer}
     plaintext mtu 1438, path mtu 1500, ip mtu 1500, ip mtu idb GigabitEthernet1
     current outbound spi: 0x{spi_out:X}({spi_out})
     PFS (Y/N): Y, DH group: group19
"""
SA = """      spi: 0x{spi:X}({spi})
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={{Transport, }}
        conn id: {conn}, flow_id: CSR:{conn}, sibling_flags FFFFFFFF80000008, crypto map: Tunnel{n}-head-0
        sa timing: remaining key lifetime (k/sec): ({left}/{seconds})
        IV size: 16 bytes
        replay detection support: Y  replay window size: 1024
        Status: ACTIVE(ACTIVE)
"""
DOWN_EVERY = 25


def tunnels(count: int) -> Iterator[str]:
    """The text of each tunnel; each twenty-fifth one has no SA and lost packets."""
    chance = random.Random(2026)
    for n in range(count):
        peer = f"198.{18 + n // 62_500}.{n // 250 % 250}.{n % 250 + 1}"
        up = n % DOWN_EVERY != DOWN_EVERY - 1
        spi_in, spi_out = chance.randrange(256, 2**32), chance.randrange(256, 2**32) if up else 0
        out, back = (chance.randrange(10**6), chance.randrange(10**6)) if up else (0, 0)
        yield HEAD.format(n=n, peer=peer, out=out, back=back, lost=0 if up else 9, spi_out=spi_out)
        for title, spi in (("inbound", spi_in), ("outbound", spi_out)):
            held = {
                "n": n,
                "conn": 2000 + n,
                "left": chance.randrange(4_000_000, 4_608_000),
                "seconds": chance.randrange(60, 3600),
            }
            yield f"\n     {title} esp sas:\n" + (SA.format(spi=spi, **held) if up else "")
            yield f"\n     {title} ah sas:\n\n     {title} pcp sas:\n"
        yield "\n"


def main() -> None:
    """Write to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tunnels", type=int)
    sys.stdout.writelines(tunnels(parser.parse_args().tunnels))


if __name__ == "__main__":
    main()
