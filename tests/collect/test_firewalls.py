"""ASA and PIX units of a failover pair, and contexts: their prompts are prompts, and configuration is never entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from vpn_check.lab.server import LabDevice
from vpn_check.model.device import PlatformName
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "battery-staple-9"
HOSTNAMES = ["asa", "asa/pri/act", "asa/sec/stby", "asa/admin", "asa/vpn-customers/act", "fw.example-net_1",
             "abcdefghijklmnopqrst", "5506-x"]
"""Single, both units of a pair, a context, a context of a unit, odd characters, a prompt that is cut at 20, digits."""


@pytest.mark.parametrize("enable_secret", [None, SECRET])
@pytest.mark.parametrize("platform", [PlatformName.ASA, PlatformName.PIX])
@pytest.mark.parametrize("hostname", HOSTNAMES)
def test_a_unit_or_context_is_read_whole_and_never_configured(
        hostname: str, platform: PlatformName, enable_secret: str | None, play: Callable[..., Any]) -> None:
    bench = play(platform, hostname=hostname, enable_secret=enable_secret)

    for known in (platform, None):
        transcript = bench.collect(platform=known)
        own = bench.devices["r1"].outputs
        assert {output.prompt for output in transcript.outputs} == {hostname}
        assert {output.problem for output in transcript.outputs} == {None}
        assert all(output.text == own[output.command] for output in transcript.outputs)
    sent = [line for line in bench.lab.commands("r1") if line != SECRET]
    assert sent == bench.announced
    assert {line for line in sent if not line.startswith("show ")} <= {"terminal pager 0", "enable", "exit"}
    assert not any(line.startswith("conf") for line in sent)


def test_both_units_of_a_pair_at_once_stay_apart(play: Callable[..., Any]) -> None:
    units = {"r1": "asa/pri/act", "r2": "asa/sec/stby"}
    bench = play.devices([LabDevice(  # type: ignore[attr-defined]
        name=name, platform=PlatformName.ASA, hostname=hostname, page_lines=5, fault="authz_paging",
        outputs={command.text: f"{name} {command.text}\n" * 12 for command in PLATFORMS[PlatformName.ASA].reads()})
        for name, hostname in units.items()])

    for name, hostname in units.items():
        transcript = bench.collect(name)
        assert {output.prompt for output in transcript.outputs} == {hostname}
        assert all(set(output.text.splitlines()) == {f"{name} {output.command}"} for output in transcript.outputs)
        assert not any(line.startswith("conf") for line in bench.lab.commands(name))


@pytest.mark.parametrize("hostname", ["R1", "abcdefghijklmnopqrst", "edge-1.branch"])
def test_the_prompt_is_known_again_when_the_privilege_is_raised(hostname: str, play: Callable[..., Any]) -> None:
    bench = play(PlatformName.IOS, hostname=hostname, enable_secret=SECRET)

    transcript = bench.collect()

    assert {output.prompt for output in transcript.outputs} == {hostname}
    assert {output.problem for output in transcript.outputs} == {None}
