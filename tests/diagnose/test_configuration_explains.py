"""What the SAs show and what the configuration lacks become one answer, through `vpn-check analyze`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Answer

FLOW = """
interface: GigabitEthernet0/0
    Crypto map tag: M, local addr 198.51.100.1

   protected vrf: (none)
   local  ident (addr/mask/prot/port): (10.1.0.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.0.0/255.255.255.0/0/0)
   current_peer 203.0.113.2 port 500
     PERMIT, flags={{origin_is_acl,}}
    #pkts encaps: {encaps}, #pkts encrypt: {encaps}, #pkts digest: {encaps}
    #pkts decaps: {decaps}, #pkts decrypt: {decaps}, #pkts verify: {decaps}
    #send errors {errors}, #recv errors 0

     local crypto endpt.: 198.51.100.1, remote crypto endpt.: 203.0.113.2
     current outbound spi: {out}

     inbound esp sas:
{into}
     outbound esp sas:
{away}
"""
SA = """      spi: {spi}
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={{Tunnel, }}
        sa timing: remaining key lifetime (k/sec): (4607999/3000)
        Status: ACTIVE(ACTIVE)
"""
IKE = """IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
203.0.113.2     198.51.100.1    {state}           {number} ACTIVE
"""
CONFIG = """version 15.4
hostname site-a
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp key Tulip-77 address 203.0.113.2
crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac
crypto map M 10 ipsec-isakmp
 set peer 203.0.113.2
 set transform-set T
 match address VPN
interface GigabitEthernet0/0
 ip address 198.51.100.1 255.255.255.0
 crypto map M
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 198.51.100.254
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
end
"""
FAR = (
    CONFIG.replace("site-a", "site-b").replace("198.51.100", "198.51.7").replace("203.0.113.2", "198.51.100.1")
    .replace("198.51.7", "203.0.113").replace("203.0.113.1 255", "203.0.113.2 255")
    .replace("10.1.0.1", "10.2.0.1")
    .replace("permit ip 10.1.0.0 0.0.0.255 10.2.0.0", "permit ip 10.2.0.0 0.0.0.255 10.1.0.0")
)  # fmt: skip
ASA_SA = """interface: outside
    Crypto map tag: M, seq num: 10, local addr: 198.51.100.1

      access-list VPN extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0
      local ident (addr/mask/prot/port): (10.1.0.0/255.255.255.0/0/0)
      remote ident (addr/mask/prot/port): (10.2.0.0/255.255.255.0/0/0)
      current_peer: 203.0.113.2

      #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0
      #pkts decaps: 4712, #pkts decrypt: 4712, #pkts verify: 4712
      #send errors: 0, #recv errors: 0

      local crypto endpt.: 198.51.100.1/0, remote crypto endpt.: 203.0.113.2/0
      current outbound spi: 7719C5AE
      current inbound spi : F04B6D92

    inbound esp sas:
      spi: 0xF04B6D92 (4031475090)
         SA State: active
         transform: esp-aes-256 esp-sha-hmac no compression
         in use settings ={L2L, Tunnel, IKEv1, }
         sa timing: remaining key lifetime (kB/sec): (4373701/26110)
    outbound esp sas:
      spi: 0x7719C5AE (1998177710)
         SA State: active
         transform: esp-aes-256 esp-sha-hmac no compression
         in use settings ={L2L, Tunnel, IKEv1, }
         sa timing: remaining key lifetime (kB/sec): (4374000/26110)
"""
ASA = """ASA Version 9.8(4)
hostname asa-a
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.1 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.255.0
access-list VPN extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0
nat (inside,outside) source dynamic any interface
route outside 0.0.0.0 0.0.0.0 198.51.100.254 1
crypto ipsec ikev1 transform-set T esp-aes-256 esp-sha-hmac
crypto map M 10 match address VPN
crypto map M 10 set peer 203.0.113.2
crypto map M 10 set ikev1 transform-set T
crypto map M interface outside
crypto ikev1 enable outside
crypto ikev1 policy 10
 authentication pre-share
 encryption aes-256
 hash sha
 group 14
tunnel-group 203.0.113.2 type ipsec-l2l
tunnel-group 203.0.113.2 ipsec-attributes
 ikev1 pre-shared-key *****
: end
"""


def shown(
    encaps: int, decaps: int, errors: int = 0, *, up: bool = True, state: str | None = "QM_IDLE    "
) -> dict[str, str]:
    """The SAs as a router shows them; without `up` none exists for the flow."""
    spis = ("0x1F3B7D02(523992322)", "0x5C2F9A11(1546623505)")
    into, away = (SA.format(spi=spi) for spi in spis) if up else ("", "")
    out = spis[1] if up else "0x0(0)"
    flow = FLOW.format(encaps=encaps, decaps=decaps, errors=errors, into=into, away=away, out=out)
    ike = IKE.format(state=state, number=1001 if up else 0) if state is not None else IKE.rsplit("\n", 2)[0] + "\n"
    return {"show_crypto_ipsec_sa.txt": flow, "show_crypto_isakmp_sa.txt": ike}


@pytest.fixture
def analyzed(vpn_check: Callable[..., Answer], tmp_path: Path) -> Callable[..., Answer]:
    """Analyze what a device showed beside its configuration; `there` is the configuration of the other end."""

    def run(files: dict[str, str], config: str, there: str | None = None, *more: str) -> Answer:
        for name, held in (("here", {**files, "show_running-config.txt": config}),
                           ("there", {"show_running-config.txt": there} if there else {})):
            for file, text in held.items():
                (tmp_path / name).mkdir(exist_ok=True)
                (tmp_path / name / file).write_text(text)
        remote = ("--remote", tmp_path / "there") if there else ()
        return vpn_check("analyze", tmp_path / "here", *remote, "--json", *more)

    return run


IN = " ip access-group IN in\n crypto map M"
BLOCKS_ESP = CONFIG.replace(" crypto map M\ninterface", f"{IN}\ninterface").replace(
    "end\n",
    "ip access-list extended IN\n permit udp host 203.0.113.2 host 198.51.100.1 eq isakmp\n deny ip any any\nend\n",
)
CAUGHT = CONFIG.replace("crypto map M 10", "crypto map M 5 ipsec-isakmp\n set peer 203.0.113.9\n set transform-set T\n"
                        " match address BROAD\ncrypto map M 10").replace(
    "end\n", "ip access-list extended BROAD\n permit ip 10.1.0.0 0.0.0.255 10.0.0.0 0.255.255.255\nend\n").replace(
    "crypto ipsec", "crypto isakmp key Tulip-78 address 203.0.113.9\ncrypto ipsec", 1)
STUCK = shown(0, 0, 120, up=False, state="MM_NO_STATE")


@pytest.mark.parametrize(("files", "config", "there", "cause", "check", "quotes"), [
    pytest.param(
        shown(0, 480), CONFIG.replace("ip route 0", "ip route 10.2.0.0 255.255.255.0 10.1.0.9\nip route 0"), None,
        "config.route-missing", "C11", ("#pkts encaps: 0", "ip route 10.2.0.0"), id="route-elsewhere"),
    pytest.param(
        shown(0, 480), CONFIG.replace(" crypto map M\ninterface", " ip nat outside\n crypto map M\ninterface").replace(
            "10.1.0.1 255.255.255.0", "10.1.0.1 255.255.255.0\n ip nat inside").replace(
            "end\n", "ip nat inside source list 7 interface GigabitEthernet0/0 overload\n"
            "access-list 7 permit 10.1.0.0 0.0.0.255\nend\n"), None,
        "config.nat-exemption", "C09", ("#pkts decaps: 480", "ip nat inside source list 7"), id="nat-router"),
    pytest.param(
        {"show_crypto_ipsec_sa.txt": ASA_SA}, ASA, None,
        "config.nat-exemption", "C09", ("#pkts encaps: 0", "nat (inside,outside) source dynamic"), id="nat-asa"),
    pytest.param(
        shown(480, 0), BLOCKS_ESP, None,
        "traffic.esp-blocked", "C17", ("#pkts decaps: 0", "ip access-group IN in"), id="outside-list"),
    pytest.param(
        shown(0, 480), CAUGHT, None,
        "ipsec.crypto-map-order", "C08", ("#pkts encaps: 0", "match address BROAD"), id="order"),
    pytest.param(
        STUCK, CONFIG, FAR.replace("group 14", "group 5"),
        "ike.policy-mismatch", "C04", ("MM_NO_STATE", "group 14", "group 5"), id="policies-differ"),
    pytest.param(
        shown(0, 0, 120, up=False, state="MM_KEY_EXCH"), CONFIG, FAR.replace("Tulip-77", "Tulip-97"),
        "ike.psk-mismatch", "C04", ("MM_KEY_EXCH",), id="keys-differ"),
    pytest.param(
        STUCK, CONFIG.replace("Tulip-77 address 203.0.113.2", "Tulip-77 address 203.0.113.3"), None,
        "ike.no-key-for-peer", "C04", ("MM_NO_STATE", "set peer 203.0.113.2"), id="no-key"),
    pytest.param(
        shown(0, 0, 120, up=False), CONFIG, FAR.replace("esp-sha256-hmac", "esp-sha-hmac"),
        "ipsec.transform-mismatch", "C05", ("#send errors 120", "esp-sha-hmac"), id="transforms-differ"),
    pytest.param(
        shown(0, 0, 120, up=False), CONFIG, FAR.replace("0.0.0.255 10.1.0.0 0.0.0.255", "0.0.0.255 host 10.1.0.7"),
        "config.acl-not-mirrored", "C06", ("#send errors 120",), id="not-mirrored"),
    pytest.param(
        shown(0, 0, 120, up=False, state=None), CONFIG.replace(" crypto map M\n", "", 1), None,
        "ipsec.crypto-map-not-applied", "C02", ("#send errors 120", "crypto map M 10 ipsec-isakmp"), id="not-applied"),
])  # fmt: skip
def test_what_the_configuration_lacks_is_the_verdict(
    files: dict[str, str], config: str, there: str | None, cause: str, check: str, quotes: tuple[str, ...],
    analyzed: Callable[..., Answer],
) -> None:
    answer = analyzed(files, config, there)

    verdict: Any = answer.device["verdict"]
    assert (verdict["cause"], verdict["check"], verdict["severity"]) == (cause, check, "critical"), verdict["summary"]
    assert answer.code == 2
    quoted = " ".join(line["text"] for line in verdict["evidence"])
    assert [word for word in quotes if word not in quoted] == [], quoted
    assert {tunnel["cause"] for tunnel in answer.device["tunnels"]} == {cause}
    assert "Tulip" not in answer.out


def test_a_map_on_no_interface_is_the_answer_where_the_device_shows_no_sa_at_all(
    analyzed: Callable[..., Answer],
) -> None:
    files = {"show_crypto_ipsec_sa.txt": "No SAs found\n", "show_crypto_isakmp_sa.txt": shown(0, 0, state=None)[
        "show_crypto_isakmp_sa.txt"]}
    answer = analyzed(files, CONFIG.replace(" crypto map M\n", "", 1), None, "--peer", "203.0.113.2")

    verdict: Any = answer.device["verdict"]
    assert (verdict["cause"], verdict["severity"]) == ("ipsec.crypto-map-not-applied", "critical")


@pytest.mark.parametrize("config", [CAUGHT, BLOCKS_ESP])
def test_a_tunnel_that_works_both_ways_is_no_alarm_whatever_the_configuration_says(
    config: str, analyzed: Callable[..., Answer]
) -> None:
    answer = analyzed(shown(500, 480), config)

    assert answer.code == 0
    assert answer.device["verdict"]["cause"] == "healthy"
    assert {finding["severity"] for finding in answer.device["findings"]} == {"info"}
