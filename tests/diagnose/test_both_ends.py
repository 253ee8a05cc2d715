"""Both ends together: where the packets stop, and what the other end knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Answer

FLOW = """
interface: GigabitEthernet0/1
    Crypto map tag: CMAP, local addr {local}

   protected vrf: (none)
   local  ident (addr/mask/prot/port): ({inside}/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): ({beyond}/255.255.255.0/0/0)
   current_peer {peer} port 500
     PERMIT, flags={{origin_is_acl,}}
    #pkts encaps: {encaps}, #pkts encrypt: {encaps}, #pkts digest: {encaps}
    #pkts decaps: {decaps}, #pkts decrypt: {decaps}, #pkts verify: {decaps}
    #send errors 0, #recv errors {recv}

     local crypto endpt.: {local}, remote crypto endpt.: {peer}
     current outbound spi: {out}

     inbound esp sas:
      spi: {into}
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={{Tunnel, }}
        sa timing: remaining key lifetime (k/sec): (4607999/3000)
        Status: ACTIVE(ACTIVE)

     outbound esp sas:
      spi: {out}
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={{Tunnel, }}
        sa timing: remaining key lifetime (k/sec): (4607999/3000)
        Status: ACTIVE(ACTIVE)
"""
IKE = """IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
203.0.113.2     192.0.2.1       QM_IDLE           1001 ACTIVE
"""
HERE, THERE = "0x1F3B7D02(523992322)", "0x5C2F9A11(1546623505)"


def end(side: str, encaps: int, decaps: int, recv: int = 0, into: str | None = None) -> str:
    ends = {"local": "192.0.2.1", "inside": "10.1.10.0", "peer": "203.0.113.2", "beyond": "10.2.20.0"}
    if side == "b":
        ends = {"local": "203.0.113.2", "inside": "10.2.20.0", "peer": "192.0.2.1", "beyond": "10.1.10.0"}
    spis = (HERE, THERE) if side == "a" else (THERE, HERE)
    return FLOW.format(**ends, encaps=encaps, decaps=decaps, recv=recv, into=into or spis[0], out=spis[1])


@pytest.fixture
def both(vpn_check: Callable[..., Answer], tmp_path: Path) -> Callable[..., Answer]:
    """Analyze what is given for either end; the second is the other end."""

    def run(here: dict[str, str], there: dict[str, str]) -> Answer:
        for name, files in (("here", here), ("there", there)):
            (tmp_path / name).mkdir()
            for file, text in files.items():
                (tmp_path / name / file).write_text(text)
        return vpn_check("analyze", tmp_path / "here", "--remote", tmp_path / "there", "--json")

    return run


def sa(text: str) -> dict[str, str]:
    return {"show_crypto_ipsec_sa.txt": text, "show_crypto_isakmp_sa.txt": IKE}


@pytest.mark.parametrize(("a", "b", "cause", "side"), [
    ((500, 0), (0, 0), "traffic.esp-blocked", "path"),
    ((500, 0), (400, 0), "traffic.esp-blocked", "path"),
    ((500, 0), (490, 480), "traffic.esp-blocked", "path"),
    ((500, 480), (490, 0), "traffic.esp-blocked", "path"),
    ((0, 0), (490, 0), "traffic.esp-blocked", "path"),
    ((500, 0), (0, 490), "traffic.no-return", "peer"),
    ((0, 480), (490, 0), "traffic.not-encrypted", "here"),
])
def test_the_counters_of_both_ends_say_where_packets_stop(
    a: tuple[int, int], b: tuple[int, int], cause: str, side: str, both: Callable[..., Answer]
) -> None:
    answer = both(sa(end("a", *a)), sa(end("b", *b)))

    verdict: Any = answer.device["verdict"]
    assert (verdict["cause"], verdict["side"]) == (cause, side)
    assert verdict["confidence"] >= 0.8
    assert answer.code == 2
    quoted = " ".join(line["text"] for line in verdict["evidence"])
    assert f"encaps: {a[0]}" in quoted
    assert f"encaps: {b[0]}" in quoted
    assert {tunnel["cause"] for tunnel in answer.device["tunnels"]} == {cause}


@pytest.mark.parametrize(("a", "b"), [
    ((500, 480), (490, 470)),
    ((0, 0), (0, 0)),
    ((3, 0), (0, 0)),
    ((50000, 48000), (0, 0)),      # the other end has counted anew
    ((0, 0), (50000, 48000)),
])
def test_ends_that_work_or_do_not_compare_raise_no_alarm(a: tuple[int, int], b: tuple[int, int],
                                                         both: Callable[..., Answer]) -> None:
    answer = both(sa(end("a", *a)), sa(end("b", *b)))

    assert answer.code in {0, 1}
    assert answer.device["verdict"]["cause"] in {"healthy", "traffic.none", "traffic.no-return"}
    assert answer.device["verdict"]["severity"] != "critical"


def test_a_stale_sa_is_named_where_the_other_end_has_none(both: Callable[..., Answer]) -> None:
    there = sa(end("b", 0, 0, recv=300, into="0x77AB0001(2007695361)"))
    there["show_crypto_ipsec_sa.txt"] = there["show_crypto_ipsec_sa.txt"].replace(HERE, "0x77AB0002(2007695362)")
    answer = both(sa(end("a", 500, 0)), there)

    assert answer.device["verdict"]["cause"] == "traffic.invalid-spi"


def test_what_the_other_end_says_of_us_explains_our_silence(both: Callable[..., Answer]) -> None:
    stuck = IKE.replace("QM_IDLE    ", "MM_NO_STATE").replace("1001", "   0")
    refusal = "".join(f"Nov 12 10:01:02.123: ISAKMP:(0):{said}\n" for said in (
        "No pre-shared key with 192.0.2.1!", "no offers accepted!",
        " phase 1 SA policy not acceptable! (local 203.0.113.2 remote 192.0.2.1)"))
    answer = both({"show_crypto_isakmp_sa.txt": stuck}, {"debug.txt": refusal})

    verdict: Any = answer.device["verdict"]
    assert verdict["cause"] == "ike.no-key-for-peer"
    assert verdict["summary"].startswith("The other end")
    assert any("No pre-shared key with 192.0.2.1" in line["text"] for line in verdict["evidence"])


def test_the_other_ends_trouble_with_somebody_else_is_not_ours(both: Callable[..., Answer]) -> None:
    other = "Nov 12 10:01:02.123: ISAKMP:(0):No pre-shared key with 198.51.100.99!\n"
    answer = both(sa(end("a", 500, 480)), {**sa(end("b", 490, 470)), "log.txt": other})

    assert answer.code == 0
    assert answer.device["verdict"]["cause"] == "healthy"
