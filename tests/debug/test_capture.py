"""What a guarded debug catches, and that it leaves nothing behind."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml
from tests.debug.conftest import CAUSE, OTHER, PEER, REFUSAL, ROUTERS, Desk, device

from vpn_check.cli.schema import schema_of
from vpn_check.jobs.lab import running_lab
from vpn_check.model.device import PlatformName
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCENARIOS = sorted({path.parent.parent.name for path in data_path("mocks").glob("*/*/negotiation.log")})
QUICK = ("--duration", "0.7")


def waived(platform: PlatformName) -> tuple[str, ...]:
    return ("--despite", "unfiltered") if platform is PlatformName.PIX else ()


@pytest.mark.parametrize("platform", PlatformName)
def test_the_cause_is_caught_and_all_is_off(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    at = desk(device(platform))
    answer = at.debug(*QUICK, *waived(platform))

    body = answer.document
    jsonschema.validate(body, schema_of("debug.json"))
    assert body["device"]["verdict"]["cause"] == CAUSE[platform]
    assert body["device"]["verdict"]["peer"] == PEER
    assert (answer.code, body["status"], body["ended"]) == (2, "critical", "duration")
    assert body["proof"] == {"off": True, "reason": None, "type_by_hand": [], "journal": None}
    assert at.ours_on() == []
    assert at.journals == []


@pytest.mark.parametrize("platform", PlatformName)
def test_the_device_sees_exactly_what_was_announced_in_that_order(
    platform: PlatformName, desk: Callable[..., Desk],
) -> None:
    at = desk(device(platform))
    body = at.debug(*QUICK, *waived(platform)).document

    assert at.typed() == [sent["line"] for sent in body["sent"]]
    switching = [line for line in at.typed() if line.startswith(("debug ", "no debug "))]
    assert switching == body["announced"]
    names = {PlatformName.ASA: ["ikev1 127", "ikev2 protocol 127", "ikev2 platform 127", "ipsec 127"],
             PlatformName.PIX: ["isakmp 127", "ipsec 127"]}.get(platform, ["isakmp", "ikev2", "ipsec"])
    condition = {PlatformName.ASA: [f"condition peer {PEER}"], PlatformName.PIX: []}.get(
        platform, [f"condition peer ipv4 {PEER}"])
    assert body["announced"][:len(switching) // 2] == [f"debug crypto {words}" for words in (*condition, *names)]
    off = [f"no debug crypto {words.removesuffix(' 127')}" for words in (*names, *condition)]
    assert body["announced"][len(switching) // 2:] == off   # the condition last
    assert not [line for line in at.typed() if "all" in line.split() and "debug" in line.split()[:2]]


def test_what_is_shown_before_is_what_is_sent(desk: Callable[..., Desk]) -> None:
    at = desk()
    answer = at.run("debug", "r1", "--peer", PEER, "--yes", *QUICK)
    shown = [line.strip() for line in answer.err.splitlines() if line.startswith("  session")]
    numbered = [f"session {number}    {line}" for _, number, line in at.lab.typed("r1")]
    sent = [line for line in numbered if "debug" in line or "monitor" in line]
    start = sent.index("session 2    terminal monitor")
    assert sent[start:] == [line for line in shown if "show processes" not in line]


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_another_peer_is_kept_out_by_the_condition(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    noise = REFUSAL[platform].replace(PEER, OTHER)
    at = desk(device(platform, play={"noise": noise}))
    lines = at.debug(*QUICK).document["capture"]["lines"]
    assert [line for line in lines if PEER in line["text"]]
    assert not [line for line in lines if OTHER in line["text"]]


def test_a_negotiation_that_succeeds_is_healthy(desk: Callable[..., Desk]) -> None:
    success = f"""\
ISAKMP (0): received packet from {PEER} dport 500 sport 500 Global (N) NEW SA
ISAKMP:(0):atts are acceptable. Next payload is 0
ISAKMP:(1001):SA has been authenticated with {PEER}
ISAKMP:(1001):Old State = IKE_P1_COMPLETE  New State = IKE_P1_COMPLETE
ISAKMP:(1001): Creating IPSec SAs
IPSEC(create_sa): sa created,
  (sa) sa_dest= 192.0.2.1, sa_proto= 50,
    sa_spi= 0x8E2A1C40(2385124416),
    sa_trans= esp-aes 256 esp-sha256-hmac , sa_conn_id= 2001
IPSEC(create_sa): sa created,
  (sa) sa_dest= {PEER}, sa_proto= 50,
    sa_spi= 0x1F3B77A2(523990946),
    sa_trans= esp-aes 256 esp-sha256-hmac , sa_conn_id= 2002
"""
    at = desk(device(play={"negotiation": success}))
    answer = at.debug("--duration", "0.5")
    assert (answer.code, answer.document["status"]) == (0, "healthy")


def test_nothing_that_comes_is_unknown_and_says_what_to_do(desk: Callable[..., Desk]) -> None:
    at = desk(device(play={"negotiation": ""}))
    answer = at.run("debug", "r1", "--peer", PEER, "--yes", "--duration", "0.5")
    assert answer.code == 3
    assert f"nothing was negotiated with {PEER}" in answer.out
    assert at.ours_on() == []


def test_the_capture_holds_the_devices_lines_alone(desk: Callable[..., Desk], tmp_path: Path) -> None:
    at = desk()
    file = tmp_path / "debug.txt"
    body = at.debug(*QUICK, "-o", file).document
    texts = [line["text"] for line in body["capture"]["lines"]]
    expected = REFUSAL[PlatformName.IOS].splitlines()
    bare = [text.split(": ", 1)[1] for text in texts]
    assert bare[:len(expected)] == expected
    assert set(bare) == set(expected)   # no echo, no prompt, no answer to a line of ours
    assert all(line["device_time"] and line["at"].endswith("Z") for line in body["capture"]["lines"])
    written = file.read_text().splitlines()
    assert [line for line in written if line.startswith("*")] == texts
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = at.run("analyze", "--json", file)
    assert json.loads(again.out)["devices"][0]["verdict"]["cause"] == "ike.policy-mismatch"
    assert at.debug(*QUICK, "-o", file).code == 3   # nothing is overwritten


def test_keys_in_a_debug_are_masked_unless_asked_for(desk: Callable[..., Desk], tmp_path: Path) -> None:
    key = "SKEYID: 6f2a9c01 77b1d0e4 09ac3355 1f2e3d4c"
    at = desk(device(play={"negotiation": f"ISAKMP:(0):{key}\n{REFUSAL[PlatformName.IOS]}"}))
    masked, raw = tmp_path / "masked.txt", tmp_path / "raw.txt"
    answer = at.debug("--duration", "0.5", "-o", masked)
    assert "6f2a9c01" not in answer.out + answer.err + masked.read_text()
    at.debug("--duration", "0.5", "-o", raw, "--raw")
    assert "6f2a9c01" in raw.read_text()


def test_until_cause_stops_when_it_is_caught(desk: Callable[..., Desk]) -> None:
    at = desk()
    body = at.debug("--duration", "60", "--until-cause").document
    assert body["ended"] == "cause"
    assert body["device"]["verdict"]["cause"] == "ike.policy-mismatch"


def test_until_cause_does_not_stop_at_an_offer_that_is_refused_before_another_is_accepted(
    desk: Callable[..., Desk],
) -> None:
    accepted = REFUSAL[PlatformName.IOS].replace("ISAKMP:(0):no offers accepted!\n", "")
    accepted = accepted[:accepted.index("ISAKMP:(0): phase 1 SA")] + """\
ISAKMP:(0):Checking ISAKMP transform 2 against priority 10 policy
ISAKMP:      encryption AES-CBC
ISAKMP:(0):atts are acceptable. Next payload is 0
"""
    at = desk(device(play={"negotiation": accepted}))
    assert at.debug("--duration", "4", "--until-cause").document["ended"] == "duration"


@pytest.mark.parametrize("platform", [PlatformName.IOS, PlatformName.ASA])
def test_a_flood_is_bounded(platform: PlatformName, desk: Callable[..., Desk]) -> None:
    at = desk(device(platform, play={"flood": 50}))
    body = at.debug("--duration", "30", "--max-bytes", "300000", timeout=90).document
    assert body["ended"] == "bytes"
    assert body["capture"]["characters"] < 500_000
    assert body["proof"]["off"]
    assert at.ours_on() == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_caught_as_its_story_says(name: str, tmp_path: Path) -> None:
    story = yaml.safe_load(data_path("mocks", name, "scenario.yaml").read_text())
    with running_lab([name]) as lab:
        at = Desk(lab, tmp_path, lab.write_inventory(tmp_path / "lab"))
        for key, expected in story["expect"].items():
            if not data_path("mocks", name, key, "negotiation.log").exists():
                continue
            body = at.debug("--duration", "1.2", "--despite", "unfiltered", device=key, peer=expected["peer"]).document
            causes = [expected["cause"]] if isinstance(expected["cause"], str) else expected["cause"]
            assert body["device"]["verdict"]["cause"] in {*causes, *story.get("compare", {}).get("cause", ())}
            assert at.ours_on(key) == []


def test_every_router_command_names_the_peer_before_a_debug_is_on(desk: Callable[..., Desk]) -> None:
    for platform in ROUTERS:
        at = desk(device(platform))
        at.debug("--duration", "0.5")
        seen = at.switched()
        assert seen[0] == f"+condition {PEER}"
        assert seen[-1] == f"-condition {PEER}"
