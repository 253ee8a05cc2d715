"""Two looks at the counters of a flow: growth decides what is now and what is history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.diagnose.verdict import diagnose
from vpn_check.lab.scenario import load
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Status
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Answer

FLOW = """
interface: GigabitEthernet0/1
    Crypto map tag: CMAP, local addr 192.0.2.1

   protected vrf: (none)
   local  ident (addr/mask/prot/port): (10.1.10.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.20.0/255.255.255.0/0/0)
   current_peer 203.0.113.2 port 500
     PERMIT, flags={{origin_is_acl,}}
    #pkts encaps: {encaps}, #pkts encrypt: {encaps}, #pkts digest: {encaps}
    #pkts decaps: {decaps}, #pkts decrypt: {decaps}, #pkts verify: {decaps}
    #send errors {send}, #recv errors {recv}

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 203.0.113.2
     current outbound spi: 0x5C2F9A11(1546623505)

     inbound esp sas:
      spi: 0x1F3B7D02(523992322)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={{Tunnel, }}
        sa timing: remaining key lifetime (k/sec): (4607999/{left})
        Status: ACTIVE(ACTIVE)

     outbound esp sas:
      spi: 0x5C2F9A11(1546623505)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={{Tunnel, }}
        sa timing: remaining key lifetime (k/sec): (4607999/{left})
        Status: ACTIVE(ACTIVE)
"""


def look(encaps: int, decaps: int, send: int = 0, recv: int = 0, left: int = 3000) -> str:
    return FLOW.format(encaps=encaps, decaps=decaps, send=send, recv=recv, left=left)


def pasted(*looks: str) -> str:
    return "".join(f"R1#show crypto ipsec sa\n{text}\n" for text in looks) + "R1#\n"


def verdict(answer: Answer) -> Any:
    return answer.device["verdict"]


@pytest.mark.parametrize(("before", "after", "code", "cause", "says"), [
    (look(100, 0), look(160, 0, left=2970), 2, "traffic.no-return", "60 of them in 30 s"),
    (look(100, 0), look(100, 0, left=2970), 1, "traffic.no-return", "history until traffic runs again"),
    (look(900, 800), look(960, 800, left=2970), 1, "traffic.no-return", "though it did before"),
    (look(900, 800), look(904, 800, left=2970), 0, "healthy", "both ways"),
    (look(0, 100), look(0, 160, left=2970), 2, "traffic.not-encrypted", "this side"),
    (look(900, 800), look(900, 860, left=2970), 1, "traffic.not-encrypted", "none does now"),
    (look(900, 800, send=400), look(950, 850, send=400, left=2970), 0, "healthy", "both ways"),
    (look(900, 800, send=10), look(950, 850, send=30, left=2970), 1, "traffic.send-errors", "20 packets"),
    (look(900, 800, send=10), look(900, 800, send=40, left=2970), 2, "traffic.send-errors", "it goes on"),
    (look(900, 800, recv=90), look(950, 850, recv=90, left=2970), 0, "healthy", "both ways"),
    (look(900, 800, recv=90), look(950, 850, recv=120, left=2970), 1, "traffic.recv-errors", "30 of them in 30 s"),
])
def test_growth_decides(before: str, after: str, code: int, cause: str, says: str,
                        vpn_check: Callable[..., Answer]) -> None:
    for text in (pasted(before, after), pasted(after, before)):   # lifetimes tell which look came first
        answer = vpn_check("analyze", "-", "--json", stdin=text)

        assert verdict(answer)["cause"] == cause
        assert says in verdict(answer)["summary"]
        assert answer.code == code
        assert "read twice, 30 s apart" in " ".join(answer.device["notes"])


def test_both_looks_are_quoted(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", "-", "--json", stdin=pasted(look(100, 0), look(160, 0, left=2970)))

    quoted = [line["text"] for line in verdict(answer)["evidence"]]
    assert any("encaps: 100" in line for line in quoted)
    assert any("encaps: 160" in line for line in quoted)


def test_counters_that_fell_say_nothing_but_that(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", "-", "--json", stdin=pasted(
        look(9000, 8000, send=50), look(40, 30, left=3590).replace("0x1F3B7D02", "0x77AB0001").replace(
            "0x5C2F9A11", "0x77AB0002")))

    assert answer.code == 0
    assert "created anew" in " ".join(answer.device["notes"])


def test_the_same_output_pasted_twice_is_one_look(vpn_check: Callable[..., Answer]) -> None:
    once = vpn_check("analyze", "-", "--json", stdin=pasted(look(100, 0)))
    twice = vpn_check("analyze", "-", "--json", stdin=pasted(look(100, 0), look(100, 0)))

    assert verdict(twice)["confidence"] == verdict(once)["confidence"]
    assert twice.code == once.code == 2
    assert "same counters" in " ".join(twice.device["notes"])


def test_live_with_an_interval(vpn_check: Callable[..., Answer], tmp_path: Path) -> None:
    outputs = {"show crypto ipsec sa": look(100, 0), "show crypto isakmp sa": ""}
    with Lab([LabDevice(name="r1", platform=PlatformName.IOS, hostname="R1", outputs=outputs)]) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        answer = vpn_check("r1", "--inventory", inventory, "--interval", "1", "--json")

        assert lab.commands("r1").count("show crypto ipsec sa") == 2
        assert "Nothing was sent between the two looks" in verdict(answer)["summary"]
        assert answer.code == 1


def test_a_lagging_data_plane_is_not_judged_by_a_short_interval(vpn_check: Callable[..., Answer]) -> None:
    version = "R1#show version\nCisco IOS XE Software, Version 17.09.04a\n"
    answer = vpn_check("analyze", "-", "--json",
                       stdin=version + pasted(look(100, 0), look(100, 0, left=2990)))

    assert answer.device["platform"] == "iosxe"
    assert "history" not in verdict(answer)["summary"]
    assert answer.code == 2


def test_a_flow_that_is_gone_at_the_second_look_is_not_judged_by_the_first() -> None:
    device = load("healthy-asa-ikev1").devices[0]
    first = datetime(2026, 3, 2, 12, tzinfo=UTC)
    texts = {**device.outputs, "show crypto ipsec sa": "\nThere are no ipsec sas\n",
             "show crypto isakmp sa": "\nThere are no IKEv1 SAs\n\nThere are no IKEv2 SAs\n"}
    before = CommandOutput(command="show crypto ipsec sa", text=device.outputs["show crypto ipsec sa"],
                           received_at=first)
    after = tuple(CommandOutput(command=command, text=text, received_at=first + timedelta(seconds=30))
                  for command, text in texts.items())

    found = diagnose(assemble(Transcript(device="asa1", platform=device.platform, outputs=(before, *after)))[0],
                     all_expected=True)

    assert found.status is Status.CRITICAL


@pytest.mark.parametrize(("later", "status"), [(40, Status.WARNING), (55, Status.CRITICAL)])
def test_packets_that_failed_long_ago_do_not_ask_for_a_tunnel(later: int, status: Status) -> None:
    first = datetime(2026, 3, 2, 12, tzinfo=UTC)
    ike = """dst             src             state          conn-id status
203.0.113.2     192.0.2.1       QM_IDLE           1001 ACTIVE
"""

    def asleep(send: int) -> str:
        return look(900, 800, send=send).split("     inbound esp sas:")[0].replace("0x5C2F9A11(1546623505)", "0x0(0)")

    outputs = (
        CommandOutput(command="show crypto ipsec sa", text=asleep(40), received_at=first),
        CommandOutput(command="show crypto isakmp sa", text=ike, received_at=first + timedelta(seconds=60)),
        CommandOutput(command="show crypto ipsec sa", text=asleep(later), received_at=first + timedelta(seconds=60)),
    )

    found = diagnose(assemble(Transcript(device="r1", platform=PlatformName.IOS, outputs=outputs))[0])

    assert (found.status, found.tunnels[0].cause) == (status, "ipsec.no-sa")
