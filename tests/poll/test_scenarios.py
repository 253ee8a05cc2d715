"""Every scenario of the lab, polled: what a check finds is raised with its cause, nothing on the healthy ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from vpn_check.jobs.lab import running_lab
from vpn_check.lab.scenario import load, scenario_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Answer

    from vpn_check.lab.scenario import Expectation


def expectations(scenarios: tuple[str, ...], names: tuple[str, ...]) -> Iterator[tuple[str, Expectation]]:
    """What each device of these scenarios must show, by the name that it has in the lab."""
    for scenario in map(load, scenarios):
        for device, expected in scenario.expect.items():
            yield (device if device in names else f"{scenario.name}-{device}"), expected


@pytest.mark.timeout(240)
@pytest.mark.parametrize("names", [scenario_names()[1::4], pytest.param(scenario_names(), marks=pytest.mark.soak)])
def test_what_a_check_finds_is_raised_with_its_cause_and_nothing_on_the_healthy(
    vpn_check: Callable[..., Answer], tmp_path: Path, names: tuple[str, ...]) -> None:
    with running_lab(names) as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        wanted = dict(expectations(names, lab.names))
        document = yaml.safe_load(inventory.read_text())
        for name, expected in wanted.items():
            if expected.asked:
                document["devices"][name]["expected_up"] = [expected.asked]
        inventory.write_text(yaml.safe_dump(document))
        for _ in range(2 if len(names) < len(scenario_names()) else 4):   # not all are asked for everything at once
            answer = vpn_check("poll", "--inventory", inventory, "--json", "--timeout", "20", timeout=200)
    raised: dict[str, list[dict[str, str]]] = {}
    for alarm in answer.document["alarms"]:
        raised.setdefault(alarm["device"], []).append(alarm)

    healthy = {name: raised[name] for name, expected in wanted.items() if expected.status == "healthy"
               and name in raised}
    assert healthy == {}
    found = {name: [alarm["cause"] for alarm in raised.get(name, [])] for name in wanted}
    missed = {name: found[name] for name, expected in wanted.items() if expected.status in {"critical", "warning"}
              and expected.causes and not set(found[name]) & set(expected.causes)}
    assert missed == {}
