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


def expectations(names: tuple[str, ...]) -> Iterator[tuple[str, Expectation]]:
    """What each device of the lab must show, by the name that it has there."""
    for scenario in map(load, scenario_names()):
        for device, expected in scenario.expect.items():
            yield (device if device in names else f"{scenario.name}-{device}"), expected


@pytest.mark.timeout(240)
def test_what_a_check_finds_is_raised_with_its_cause_and_nothing_on_the_healthy(vpn_check: Callable[..., Answer],
                                                                               tmp_path: Path) -> None:
    with running_lab() as lab:
        inventory = lab.write_inventory(tmp_path / "lab")
        wanted = dict(expectations(lab.names))
        document = yaml.safe_load(inventory.read_text())
        for name, expected in wanted.items():
            if expected.asked:
                document["devices"][name]["expected_up"] = [expected.asked]
        inventory.write_text(yaml.safe_dump(document))
        for _ in range(4):   # in one cycle not all devices with a fault are asked for everything
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
