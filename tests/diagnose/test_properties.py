"""What must not change a verdict: other tunnels, order, names, clocks. And less evidence never makes it surer."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from vpn_check.diagnose.verdict import diagnose
from vpn_check.jobs.configured import configured
from vpn_check.lab.scenario import load, scenario_names
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Severity
from vpn_check.model.transcript import CommandOutput, Transcript
from vpn_check.parse.assemble import assemble

if TYPE_CHECKING:
    from vpn_check.lab.device import LabDevice
    from vpn_check.model.finding import Diagnosis

DEVICES = [(name, device) for name in scenario_names() for device in load(name).devices]
IDS = [f"{name}-{device.name}" for name, device in DEVICES]
ALL = pytest.mark.parametrize("device", [device for _, device in DEVICES], ids=IDS)
SA = "show crypto ipsec sa"
CERTAIN = 0.7
SYMPTOMS = {"traffic.not-encrypted", "traffic.no-return", "ipsec.no-sa", "ike.negotiation-failed",
            "traffic.recv-errors", "traffic.send-errors"}
"""What the state alone shows. Without the evidence of its reason the symptom is left, and is as sure as it was."""


class Verdict(NamedTuple):
    """What a tunnel is said to be."""

    status: str
    cause: str


def judged(device: LabDevice, outputs: dict[str, str]) -> Diagnosis:
    given = tuple(CommandOutput(command=command, text=text) for command, text in outputs.items())
    transcript = Transcript(device=device.name, platform=device.platform, outputs=given)
    return diagnose(configured(assemble(transcript)[0]))


def verdicts(diagnosis: Diagnosis) -> dict[tuple[str, ...], Verdict]:
    assert diagnosis.snapshot is not None
    pairs = zip(diagnosis.snapshot.tunnels, diagnosis.tunnels, strict=True)
    return {tunnel.key: Verdict(verdict.status.value, verdict.cause) for tunnel, verdict in pairs}


def first(diagnosis: Diagnosis) -> tuple[str, str | None, str | None]:
    found = diagnosis.verdict
    return (diagnosis.status.value, found.cause if found else None, found.peer if found else None)


def blocks(text: str) -> tuple[str, list[str]]:
    """The head of an IOS table of SAs, and its flows; none where it has several interfaces or another form."""
    head, *flows = re.split(r"(?m)^(?=   protected vrf: )", text)
    return (head, flows) if text.count("interface: ") == 1 else (text, [])


HEALTHY = """   protected vrf: (none)
   local  ident (addr/mask/prot/port): (172.31.0.0/255.255.255.0/0/0)
   remote ident (addr/mask/prot/port): (172.31.9.0/255.255.255.0/0/0)
   current_peer 203.0.113.251 port 500
     PERMIT, flags={origin_is_acl,}
    #pkts encaps: 900, #pkts encrypt: 900, #pkts digest: 900
    #pkts decaps: 880, #pkts decrypt: 880, #pkts verify: 880
    #send errors 0, #recv errors 0

     local crypto endpt.: 192.0.2.1, remote crypto endpt.: 203.0.113.251
     current outbound spi: 0x7E5D0001(2120024065)

     inbound esp sas:
      spi: 0x7E5D0002(2120024066)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={Tunnel, }
        sa timing: remaining key lifetime (k/sec): (4607871/2655)
        Status: ACTIVE(ACTIVE)

     outbound esp sas:
      spi: 0x7E5D0001(2120024065)
        transform: esp-256-aes esp-sha256-hmac ,
        in use settings ={Tunnel, }
        sa timing: remaining key lifetime (k/sec): (4607871/2655)
        Status: ACTIVE(ACTIVE)

"""
ROUTERS = [device for _, device in DEVICES if device.platform in {PlatformName.IOS, PlatformName.IOSXE}
           and blocks(device.outputs.get(SA, ""))[1]]
SEVERAL = [device for device in ROUTERS if len(blocks(device.outputs[SA])[1]) > 1]


def names(devices: list[LabDevice]) -> list[str]:
    return [f"{device.groups[0]}-{device.name}" for device in devices]


@pytest.mark.parametrize("device", ROUTERS, ids=names(ROUTERS))
def test_a_healthy_tunnel_beside_it_changes_no_tunnels_verdict(device: LabDevice) -> None:
    head, flows = blocks(device.outputs[SA])
    before = verdicts(judged(device, dict(device.outputs)))
    for changed in (head + HEALTHY + "".join(flows), head + "".join(flows).rstrip("\n") + "\n\n" + HEALTHY):
        after = verdicts(judged(device, {**device.outputs, SA: changed}))
        assert len(after) == len(before) + 1
        assert {key: after[key] for key in before} == before


@pytest.mark.parametrize("device", SEVERAL, ids=names(SEVERAL))
def test_the_order_of_tunnels_changes_nothing(device: LabDevice) -> None:
    head, flows = blocks(device.outputs[SA])
    flows = [flow.rstrip("\n") + "\n\n" for flow in flows]
    before = judged(device, {**device.outputs, SA: head + "".join(flows)})
    for seed in range(4):
        shuffled = random.Random(seed).sample(flows, len(flows))
        after = judged(device, {**device.outputs, SA: head + "".join(shuffled)})
        assert verdicts(after) == verdicts(before)
        assert after.status is before.status


@ALL
def test_the_order_of_commands_changes_nothing(device: LabDevice) -> None:
    before = judged(device, dict(device.outputs))
    for seed in range(3):
        order = random.Random(seed).sample(sorted(device.outputs), len(device.outputs))
        after = judged(device, {command: device.outputs[command] for command in order})
        assert verdicts(after) == verdicts(before)
        assert first(after) == first(before)


@ALL
def test_the_name_of_the_device_changes_nothing(device: LabDevice) -> None:
    before = judged(device, dict(device.outputs))
    text = {command: re.sub(rf"(?m)^hostname {re.escape(device.hostname)}$", "hostname edge-7.example", out)
            for command, out in device.outputs.items()}
    after = judged(replace(device, name="edge-7", hostname="edge-7.example"), text)
    assert verdicts(after) == verdicts(before)
    assert first(after) == first(before)


MONTHS = re.compile(r"\bMar (?= ?\d{1,2} )")
YEARS = re.compile(r"(?<=\d )2024(?= \d\d:)")


@ALL
def test_another_date_changes_nothing(device: LabDevice) -> None:
    before = judged(device, dict(device.outputs))
    later = {command: YEARS.sub("2021", MONTHS.sub("Oct ", out)) if command == "show logging" else out
             for command, out in device.outputs.items()}
    after = judged(device, later)
    assert verdicts(after) == verdicts(before)
    assert first(after) == first(before)


def not_surer(full: Diagnosis, less: Diagnosis, dropped: str) -> None:
    """Nothing is critical and certain that was not so with all the evidence, and no cause has become surer.

    A symptom whose reason was known may come back in its place, for the same peer and no surer than the reason was.
    """
    known: dict[tuple[str, str | None], float] = {}
    for finding in full.findings:
        for peer in (finding.peer, None):
            key = (finding.cause, peer)
            known[key] = max(known.get(key, 0.0), finding.confidence)
    for finding in less.findings:
        had = known.get((finding.cause, finding.peer), known.get((finding.cause, None)))
        if had is not None:
            assert finding.confidence <= had + 1e-9, (dropped, finding.cause, finding.confidence, had)
        elif finding.cause in SYMPTOMS:
            reasons = [held.confidence for held in full.findings if held.peer in {finding.peer, None}
                       and held.severity is Severity.CRITICAL]
            assert finding.confidence <= max(reasons, default=CERTAIN), (dropped, finding.cause, finding.summary)
        elif finding.severity is Severity.CRITICAL and finding.cause != "unknown":
            assert finding.confidence < CERTAIN, (dropped, finding.cause, finding.summary)


@ALL
def test_an_output_less_never_makes_a_verdict_surer(device: LabDevice) -> None:
    full = judged(device, dict(device.outputs))
    for dropped in device.outputs:
        less = judged(device, {command: out for command, out in device.outputs.items() if command != dropped})
        not_surer(full, less, dropped)


LOGGED = [device for _, device in DEVICES if "show logging" in device.outputs]


@pytest.mark.parametrize("device", LOGGED, ids=names(LOGGED))
def test_log_lines_less_never_make_a_verdict_surer(device: LabDevice) -> None:
    full = judged(device, dict(device.outputs))
    lines = device.outputs["show logging"].splitlines(keepends=True)
    speaks = [number for number, line in enumerate(lines) if "%" in line or "ISAKMP" in line or "IKEv2" in line]
    for number in speaks:
        log = "".join(line for place, line in enumerate(lines) if place != number)
        not_surer(full, judged(device, {**device.outputs, "show logging": log}), lines[number])
