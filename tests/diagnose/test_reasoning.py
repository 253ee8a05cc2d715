"""Why a verdict is what it is: layers, what was ruled out and by which line, what would decide, what rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.lab.scenario import load, scenario_names
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

STUCK = "dst             src             state          conn-id status\n"
FLOW = """
interface: GigabitEthernet0/1
    Crypto map tag: CMAP, local addr 192.0.2.1

   local  ident (addr/mask/prot/port): (10.1.{net}.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (10.2.{net}.0/255.255.255.0/0/0)
   current_peer {peer} port 500
     PERMIT, flags={{origin_is_acl,ipsec_sa_request_sent}}
    #pkts encaps: 0, #pkts encrypt: 0, #pkts digest: 0
    #pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0
    #send errors 40, #recv errors 0

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: {peer}
     current outbound spi: 0x0(0)
"""


def device(answer: Answer) -> Any:
    return answer.device


def layers(answer: Answer) -> dict[str, str]:
    return {layer["layer"]: layer["state"] for layer in device(answer)["reasoning"]["layers"]}


@pytest.mark.parametrize(("scenario", "name", "works", "fails"), [
    ("esp-blocked-ios", "r1", "traffic out", "traffic back"),
    ("wrong-key-pix", "pix1", "peer answers (UDP 500/4500)", "IKE SA"),
    ("no-ipsec-sa-ios", "r1", "IKE SA", "IPsec SA"),
    ("not-encrypted-asa", "asa1", "IPsec SA", "traffic out"),
])
def test_the_first_layer_that_fails_is_named(scenario: str, name: str, works: str, fails: str,
                                             vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", data_path("mocks", scenario, name), "--json")

    found = layers(answer)
    assert found[works] == "works"
    assert found[fails] == "fails"
    above = list(found)[list(found).index(fails) + 1:]
    assert "fails" not in {found[layer] for layer in above}


def test_nothing_is_ruled_out_without_a_line_and_never_the_verdict_itself(vpn_check: Callable[..., Answer]) -> None:
    for scenario in scenario_names():
        for lab in load(scenario).devices:
            answer = vpn_check("analyze", data_path("mocks", scenario, lab.name), "--json")
            reasoning = device(answer)["reasoning"]
            if reasoning is None:
                continue
            for entry in reasoning["ruled_out"]:
                assert entry["evidence"], scenario
                assert device(answer)["verdict"]["cause"] not in entry["causes"], scenario


def test_what_would_decide_is_said_with_how_to_read_it(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("analyze", data_path("mocks", "esp-blocked-ios", "r1"))
    quiet = vpn_check("analyze", data_path("mocks", "esp-blocked-ios", "r1"), "--verbose")

    assert "To decide:  show crypto ipsec sa peer 192.0.2.1   (on the other end)" in answer.out
    assert "ruled out, because" not in answer.out
    assert "ruled out, because the IKE SA is established" in quiet.out


def test_flows_that_rest_on_one_cause_are_listed_under_it(vpn_check: Callable[..., Answer]) -> None:
    text = "R1#show crypto isakmp sa\n" + STUCK + "203.0.113.2     192.0.2.1       MM_NO_STATE          0 ACTIVE\n"
    flows = "".join(FLOW.format(net=net, peer="203.0.113.2") for net in (1, 2, 3))
    text += f"R1#show crypto ipsec sa\n{flows}R1#\n"
    answer = vpn_check("analyze", "-", "--json", stdin=text)

    critical = [finding for finding in device(answer)["findings"] if finding["severity"] == "critical"]
    assert len(critical) == 1
    assert len(critical[0]["rests"]) == 2
    assert "10.2.3.0/24" in critical[0]["summary"]
    assert {tunnel["status"] for tunnel in device(answer)["tunnels"]} == {"critical"}


def test_peers_that_all_fail_alike_point_to_what_they_share(vpn_check: Callable[..., Answer]) -> None:
    peers = ("203.0.113.2", "203.0.113.6", "203.0.113.10")
    rows = "".join(f"{peer:15} 192.0.2.1       MM_NO_STATE          0 ACTIVE\n" for peer in peers)
    text = "R1#show crypto isakmp sa\n" + STUCK + rows + "R1#show crypto ipsec sa\n"
    text += "".join(FLOW.format(net=at, peer=peer) for at, peer in enumerate(peers)) + "R1#\n"
    answer = vpn_check("analyze", "-", "--json", stdin=text)
    two = vpn_check("analyze", "-", "--json", stdin=text.replace("203.0.113.10    192.0.2.1       MM_NO_STATE",
                                                                "203.0.113.10    192.0.2.1       QM_IDLE    "))

    assert "All 3 peers fail in phase 1" in " ".join(device(answer)["notes"])
    assert "peers fail in phase 1" not in " ".join(device(two)["notes"])
