"""Summaries alone decide where the tunnels were not shown, and never where they were and work."""

from __future__ import annotations

from pathlib import Path

import pytest

from vpn_check.jobs.analyze import analyze
from vpn_check.model.finding import Diagnosis

SESSION = """Crypto session current status

Interface: GigabitEthernet0/0
Session status: {status}
Peer: 203.0.113.9 port 500
  IKEv1 SA: local 192.0.2.1/500 remote 203.0.113.9/500 {ike}
  IPSEC FLOW: permit ip 10.1.0.0/255.255.0.0 10.9.0.0/255.255.0.0
        Active SAs: {sas}, origin: crypto map
        Inbound:  #pkts dec'ed {back} drop 0 life (KB/Sec) 4608000/2100
        Outbound: #pkts enc'ed {out} drop {lost} life (KB/Sec) 4608000/2100
"""
DMVPN = """Interface: Tunnel0, IPv4 NHRP Details
Type:Spoke, NHRP Peers:1,

 # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb
 ----- --------------- --------------- ----- -------- -----
     1 203.0.113.9          10.255.0.1 {state:>5} 00:01:10     S
"""
SESSION_DB = """
Session Type: LAN-to-LAN

Connection   : 203.0.113.9
Index        : 7                      IP Addr      : 203.0.113.9
Protocol     : IKEv2 IPsec
Encryption   : IKEv2: (1)AES256  IPsec: (1)AES256
Hashing      : IKEv2: (1)SHA256  IPsec: (1)SHA256
Bytes Tx     : {out}               Bytes Rx     : {back}
Login Time   : 10:11:12 UTC Mon Jan 9 2023
Duration     : 2d 03h:04m:05s
"""
FLOW = """interface: Tunnel0
    Crypto map tag: Tunnel0-head-0, local addr 192.0.2.1
   local  ident (addr/mask/prot/port): (192.0.2.1/255.255.255.255/47/0)
   remote ident (addr/mask/prot/port): (203.0.113.9/255.255.255.255/47/0)
   current_peer 203.0.113.9 port 500
    #pkts encaps: {out}, #pkts encrypt: {out}, #pkts digest: {out}
    #pkts decaps: {back}, #pkts decrypt: {back}, #pkts verify: {back}
    #send errors 0, #recv errors 0
     current outbound spi: 0x{spi}(0)
"""


def diagnose(tmp_path: Path, *texts: str, peers: tuple[str, ...] = ()) -> Diagnosis:
    for number, text in enumerate(texts):
        (tmp_path / f"capture{number}.txt").write_text(text)
    return analyze([str(tmp_path / f"capture{number}.txt") for number in range(len(texts))], peers=peers)[0]


def session(status: str, *, out: int = 900, back: int = 800, lost: int = 0, sas: int = 2, ike: str = "Active") -> str:
    return SESSION.format(status=status, out=out, back=back, lost=lost, sas=sas, ike=ike)


@pytest.mark.parametrize(
    ("text", "code", "cause"),
    [
        (session("UP-ACTIVE"), 0, "healthy"),
        (session("UP-NO-IKE"), 0, "healthy"),
        (session("UP-ACTIVE", back=0), 2, "traffic.no-return"),
        (session("UP-ACTIVE", out=0), 2, "traffic.not-encrypted"),
        (session("UP-ACTIVE", out=0, back=0), 0, "traffic.none"),
        (session("UP-IDLE", out=0, back=0, sas=0), 1, "ipsec.no-sa"),
        (session("DOWN-NEGOTIATING", out=0, back=0, sas=0, ike="Inactive"), 2, "ike.negotiation-failed"),
        (session("DOWN", out=0, back=0, sas=0, lost=12), 2, "ike.negotiation-failed"),
        (session("DOWN", out=0, back=0, sas=0), 0, "ike.no-attempt"),
        (DMVPN.format(state="UP"), 0, "healthy"),
        (DMVPN.format(state="IKE"), 2, "ike.negotiation-failed"),
        (DMVPN.format(state="IPSEC"), 2, "ipsec.no-sa"),
        (DMVPN.format(state="NHRP"), 2, "overlay.nhrp"),
        (SESSION_DB.format(out=4_000, back=9_000), 0, "healthy"),
        (SESSION_DB.format(out=4_000, back=0), 2, "traffic.no-return"),
    ],
)
def test_a_summary_alone(text: str, code: int, cause: str, tmp_path: Path) -> None:
    diagnosis = diagnose(tmp_path, text)
    assert diagnosis.verdict is not None
    assert (diagnosis.status.exit_code, diagnosis.verdict.cause) == (code, cause)
    assert diagnosis.verdict.peer == "203.0.113.9"
    assert all(line.text in text for line in diagnosis.verdict.evidence)


def test_an_unused_tunnel_that_was_asked_for_should_be_up(tmp_path: Path) -> None:
    text = session("DOWN", out=0, back=0, sas=0)
    assert diagnose(tmp_path, text, peers=("203.0.113.9",)).status.exit_code == 2


def test_the_tunnels_themselves_outrank_the_summary(tmp_path: Path) -> None:
    one_way = FLOW.format(out=74, back=0, spi="1A2B3C4D")
    found = diagnose(tmp_path, one_way, DMVPN.format(state="NHRP"))
    assert [finding.cause for finding in found.findings if finding.severity == "critical"] == ["traffic.no-return"]


def test_a_tunnel_that_nobody_asks_for_is_asked_for_by_nhrp(tmp_path: Path) -> None:
    unused = (
        FLOW.format(out=0, back=0, spi="0")
        + "\nIPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
    )
    found = diagnose(tmp_path, unused, DMVPN.format(state="IKE"))
    assert (found.status.exit_code, found.verdict and found.verdict.cause) == (2, "ike.negotiation-failed")


def test_ike_without_its_ipsec_output_is_fine_where_the_summary_shows_it_up(tmp_path: Path) -> None:
    ike = "dst  src  state  conn-id status\n203.0.113.9     192.0.2.1       QM_IDLE           1004 ACTIVE\n"
    assert diagnose(tmp_path, ike).status.exit_code == 3
    assert diagnose(tmp_path, ike, session("UP-ACTIVE")).status.exit_code == 0


def test_the_same_advice_for_many_tunnels_is_said_once(tmp_path: Path) -> None:
    def old(peer: str) -> str:
        return FLOW.format(out=9, back=9, spi="1A2B").replace("203.0.113.9", peer) + (
            "     inbound esp sas:\n      spi: 0xAB12(43794)\n        transform: esp-3des esp-md5-hmac ,\n"
        )

    found = diagnose(tmp_path, "".join(old(f"203.0.113.{number}") for number in range(9, 19)))
    advice = [finding for finding in found.findings if finding.cause == "config.weak-crypto"]
    assert len(advice) == 1
    assert (advice[0].count, found.status.exit_code) == (10, 0)
    assert "10 peers" in advice[0].summary
