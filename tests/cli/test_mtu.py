"""`vpn-check mtu` over real SSH: the hidden path MTU comes out exactly, or "cannot tell"; nothing but pings is sent."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from vpn_check.cli.schema import schema_of
from vpn_check.jobs.lab import running_lab
from vpn_check.lab.ping import PingTarget
from vpn_check.lab.scenario import load, scenario_names
from vpn_check.lab.server import Lab, LabDevice
from vpn_check.model.device import PlatformName
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

SCENARIOS = [(name, device) for name in scenario_names() for device in load(name).mtu]
SCHEMA = schema_of("mtu.json")
IOS_SA = data_path("mocks", "healthy-ios", "r1", "show_crypto_ipsec_sa.txt").read_text()
VTI_SA = data_path("mocks", "healthy-iosxe-vti", "xe1", "show_crypto_ipsec_sa.txt").read_text()
PEER, INSIDE = "203.0.113.2", "10.2.20.1"
ALLOWED = re.compile(
    r"terminal (?:length|pager) 0|show [ -~]+|exit|ping(?: vrf \S+)?|"
    r"ping (?:\S+ )?[0-9.]+(?: source \S+)? size [0-9]+(?: df-bit)? repeat [0-9]+ timeout 2|"
    r"[0-9.]+|y"   # answers to the questions of the dialogue
)  # fmt: skip


def checked(answer: Answer, lab: Lab, device: str) -> dict[str, Any]:
    """The document, after what must hold of every run."""
    assert answer.out, answer.err
    document = answer.document
    jsonschema.validate(document, SCHEMA)
    sent = lab.commands(device)
    assert [line for line in sent if not ALLOWED.fullmatch(line)] == []
    assert set(lab.received(device)) <= {*range(32, 127), 10}
    assert answer.code == {"healthy": 0, "warning": 1, "critical": 2, "unknown": 3}[document["status"]]
    for place in ("outside", "inside"):
        if document[place]:
            assert document[place]["probes"] <= 12
    return document


@pytest.fixture
def sweep(vpn_check: Callable[..., Answer], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Play one router with these destinations, and sweep from it."""

    def run(pings: dict[str, PingTarget], *arguments: str, sas: str = IOS_SA, to: str = INSIDE,
            outputs: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
        device = LabDevice(**{"name": "r1", "platform": PlatformName.IOS, "hostname": "R1", "pings": pings,
                              "outputs": {"show crypto ipsec sa": sas, **(outputs or {})}, **options})
        with Lab([device]) as lab:
            inventory = lab.write_inventory(tmp_path / "lab")
            answer = vpn_check("mtu", "r1", "--inventory", inventory, "--to", to, "--json", *arguments)
            return checked(answer, lab, "r1")

    return run


@pytest.mark.parametrize(("scenario", "device"), SCENARIOS)
def test_a_scenario_gives_what_its_story_says(
    scenario: str, device: str, vpn_check: Callable[..., Answer], tmp_path: Path
) -> None:
    want = load(scenario).mtu[device]
    source = ("--from", want.source) if want.source else ()
    with running_lab([scenario]) as lab:
        words = ("mtu", device, "--inventory", lab.write_inventory(tmp_path), "--to", want.to, *source)
        got = checked(vpn_check(*words, "--json"), lab, device)
        text = vpn_check(*words, "--no-color")
    found = {place: got[place]["largest"] if got[place] else None for place in ("outside", "inside")}
    assert found == {"outside": want.outside, "inside": want.inside}
    assert got["status"] == want.status
    assert text.out.startswith(want.status.upper())
    assert "Nothing was changed." in text.out
    if want.inside is None:
        assert "cannot tell" in text.out
        assert got["right"] is None
        assert got["verdict"]["remedies"]


CHANCE = random.Random(20)
HIDDEN = [(CHANCE.randint(1000, 1500), CHANCE.choice((None, "black_hole")), old) for old in (False, False, True, True)]


@pytest.mark.parametrize(("mtu", "fault", "old"), HIDDEN)
def test_a_hidden_mtu_comes_out_exactly(
    mtu: int, fault: str | None, old: bool, sweep: Callable[..., dict[str, Any]]  # noqa: FBT001
) -> None:
    inner = (mtu - 20 - 8 - 16 - 16) // 16 * 16 - 2   # AES-CBC with SHA-256 in tunnel mode
    pings = {PEER: PingTarget(mtu=mtu, own_mtu=1500, fault=fault), INSIDE: PingTarget(mtu=inner, fault=fault, flow=0)}
    got = sweep(pings, old_ping=old)
    assert (got["outside"]["result"], got["outside"]["largest"]) == ("exact", mtu)
    assert (got["inside"]["result"], got["inside"]["largest"]) == ("exact", inner)
    assert got["overhead"]["largest_packet"] == inner
    assert got["right"] == {"ip_mtu": inner, "tcp_mss": inner - 40, "basis": "measured through the tunnel"}
    assert got["through_tunnel"] is True
    assert got["status"] == "warning"


@pytest.mark.parametrize(("mtu", "old"), [(8900, False), (2177, True)])
def test_a_jumbo_path_is_walked_over(mtu: int, old: bool, sweep: Callable[..., dict[str, Any]]) -> None:  # noqa: FBT001
    sas = IOS_SA.replace("mtu 1438, path mtu 1500, ip mtu 1500", "mtu 9118, path mtu 9180, ip mtu 9180")
    pings = {PEER: PingTarget(mtu=mtu, own_mtu=9180), INSIDE: PingTarget(mtu=mtu - 82, flow=0)}
    got = sweep(pings, sas=sas, old_ping=old)
    assert (got["outside"]["largest"], got["outside"]["result"]) == (mtu, "exact")
    assert (got["inside"]["largest"], got["inside"]["result"]) == (mtu - 82, "exact")


@pytest.mark.parametrize("fault", ["blocked", "unreachable", "quench", "dies", "lossy"])
def test_where_it_cannot_be_told_there_is_no_number(fault: str, sweep: Callable[..., dict[str, Any]]) -> None:
    target = PingTarget(mtu=1371, own_mtu=1371, fault=fault, flow=0)
    got = sweep({PEER: target, INSIDE: target})
    for place in ("outside", "inside"):
        assert (got[place]["result"], got[place]["largest"], got[place]["refused"]) == ("cannot tell", None, None)
    assert got["right"] is None
    assert got["status"] == "unknown"
    assert got["verdict"]["cause"] == "unknown"
    assert [remedy["text"] for remedy in got["verdict"]["remedies"]]


def test_an_mtu_that_changes_on_the_way_gives_no_wrong_number(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({PEER: PingTarget(mtu=1480, fault="shrinks"), INSIDE: PingTarget(mtu=1438, fault="shrinks", flow=0)})
    assert got["outside"]["largest"] in {None, 1380}
    assert got["inside"]["largest"] in {None, 1338, 1438}


@pytest.mark.parametrize("fault", ["rate_limited", "lossy"])
def test_an_icmp_error_decides_even_where_packets_are_lost(fault: str, sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({PEER: PingTarget(mtu=1460, fault=fault), INSIDE: PingTarget(mtu=1438, flow=0)})
    assert got["outside"]["largest"] in {1460, None}
    assert got["inside"]["largest"] == 1438


@pytest.mark.parametrize(("fault", "said"), [
    (None, "1500 bytes pass, in fragments"), ("fragments_lost", "fragments are lost, or large pings are filtered"),
    ("blocked", "answers no ping"),
])  # fmt: skip
def test_an_asa_says_what_it_can_and_no_number(
    fault: str | None, said: str, sweep: Callable[..., dict[str, Any]]
) -> None:
    sas = data_path("mocks", "healthy-asa-ikev2", "asa1", "show_crypto_ipsec_sa.txt").read_text()
    got = sweep({"10.41.0.1": PingTarget(mtu=1400, fault=fault, flow=0)}, "--from", "inside", sas=sas, to="10.41.0.1",
                platform=PlatformName.ASA)
    assert said in got["verdict"]["summary"]
    assert (got["inside"]["largest"], got["right"], got["status"]) == (None, None, "unknown")
    assert got["overhead"]["printed_overhead"] == 78
    assert not [line for line in got["commands"] if "df-bit" in line]


def test_a_healthy_tunnel_is_healthy_with_five_pings(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({PEER: PingTarget(mtu=1500, own_mtu=1500), INSIDE: PingTarget(mtu=1438, flow=0)}, "--from", "10.1.10.1")
    assert (got["status"], got["verdict"]["cause"]) == ("healthy", "healthy")
    assert got["outside"]["probes"] + got["inside"]["probes"] <= 5
    assert [line for finding in got["findings"] for line in finding["remedies"]] == []


def test_pings_that_miss_the_tunnel_measure_nothing_of_it(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({PEER: PingTarget(mtu=1500), INSIDE: PingTarget(mtu=1500)})   # no flow counts them
    assert (got["through_tunnel"], got["status"]) == (False, "unknown")
    assert "did not go through the tunnel" in got["verdict"]["summary"]
    assert got["right"] is None or got["right"]["basis"].startswith("computed")


def test_what_no_flow_holds_is_not_pinged(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({"192.0.2.77": PingTarget()}, to="192.0.2.77")
    assert got["inside"] is got["outside"] is None
    assert not [line for line in got["commands"] if line.startswith("ping")]
    assert any("No flow" in note for note in got["notes"])
    assert got["status"] == "unknown"


def test_between_tunnels_that_take_anything_the_peer_decides(sweep: Callable[..., dict[str, Any]]) -> None:
    second = VTI_SA.replace("Tunnel10", "Tunnel11").replace("203.0.113.65", "203.0.113.66")
    pings = {"203.0.113.66": PingTarget(), "172.20.0.2": PingTarget(mtu=1446, flow=1)}
    options: dict[str, Any] = {"sas": VTI_SA + second, "to": "172.20.0.2", "platform": PlatformName.IOSXE}
    open_choice = sweep(pings, **options)
    assert open_choice["tunnel"] is None
    assert any("--peer" in note for note in open_choice["notes"])
    named = sweep(pings, "--peer", "203.0.113.66", **options)
    assert (named["tunnel"]["interface"], named["inside"]["largest"]) == ("Tunnel11", 1446)


def test_settings_are_read_without_what_else_stands_there(sweep: Callable[..., dict[str, Any]]) -> None:
    config = ("interface Tunnel10\n ip mtu 1446\n ip tcp adjust-mss 1406\n ip nhrp authentication Tr0ub4dor\n"
              " tunnel protection ipsec profile P\nend\n")  # fmt: skip
    got = sweep({"203.0.113.65": PingTarget(), "172.20.0.2": PingTarget(mtu=1446, flow=0)}, sas=VTI_SA, to="172.20.0.2",
                platform=PlatformName.IOSXE, outputs={"show running-config interface Tunnel10": config})
    assert got["configured"] == {"seen": True, "interface": "Tunnel10", "ip_mtu": 1446, "tcp_mss": 1406}
    assert got["status"] == "healthy"
    assert "Tr0ub4dor" not in json.dumps(got)


def test_a_refused_source_is_said_in_the_device_s_words(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({INSIDE: PingTarget(flow=0)}, "--from", "10.1.10.99", addresses=("192.0.2.1", "10.1.10.1"))
    assert got["inside"]["reason"] == "not sent"
    assert got["inside"]["detail"].startswith("% Invalid source.")


def test_a_ping_that_never_ends_is_given_up(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({PEER: PingTarget()}, "--timeout", "1", fault="hang_cmd", fault_command="ping")
    assert got["outside"]["reason"] == "no report"
    assert got["inside"]["reason"] == "not tried"
    assert got["status"] == "unknown"


def test_sas_that_are_refused_stop_it_before_any_ping(sweep: Callable[..., dict[str, Any]]) -> None:
    got = sweep({PEER: PingTarget()}, fault="authz")
    assert "Nothing was pinged" in got["errors"][0]["message"]
    assert not [line for line in got["commands"] if line.startswith("ping")]


@pytest.mark.parametrize(("arguments", "said"), [
    (("r1",), "--to"), (("r1", "--to", "host.example"), "no IPv4 address"), (("r1", "--to", "2001:db8::1"), "DF bit"),
    (("r1", "--to", "10.2.20.1", "--from", "a b"), "neither an address nor a name"),
    (("nowhere", "--to", "10.2.20.1"), "is not in"), (("r1", "--to", "10.2.20.1", "--peer", "x"), "--peer 'x'"),
])  # fmt: skip
def test_wrong_usage_is_one_line_and_code_3(
    arguments: tuple[str, ...], said: str, vpn_check: Callable[..., Answer]
) -> None:
    answer = vpn_check("mtu", *arguments)
    assert answer.code == 3
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_device_that_is_not_there_is_unknown(vpn_check: Callable[..., Answer]) -> None:
    answer = vpn_check("mtu", "127.0.0.1:9", "--to", "10.2.20.1", "--json", env={"VPN_CHECK_USERNAME": "x",
                                                                               "VPN_CHECK_PASSWORD": "y"})  # fmt: skip
    assert answer.code == 3
    assert answer.document["errors"]
    jsonschema.validate(answer.document, SCHEMA)


def test_the_schema_is_one(vpn_check: Callable[..., Answer]) -> None:
    assert json.loads(vpn_check("schema", "mtu").out) == SCHEMA
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
