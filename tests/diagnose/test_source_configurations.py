"""The configurations of the source document give the answers that it gives (S13, S31, S33, S34, S36)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from vpn_check.diagnose.checks.run import audit
from vpn_check.jobs.analyze import read
from vpn_check.model.config import ConfigSets, DeviceConfig, Generation
from vpn_check.model.finding import Severity
from vpn_check.model.packets import AddressSet
from vpn_check.model.snapshot import DeviceSnapshot

FOLDER = Path(__file__).parent.parent / "source" / "config"
SPACINGS: dict[str, Callable[[str], str]] = {
    "single": lambda text: text,
    "double": lambda text: text.replace("\n", "\n\n"),
    "flush left": lambda text: re.sub(r"(?m)^ +", "", text),
    "crlf": lambda text: text.replace("\n", "\r\n"),
}
SHAPES = pytest.mark.parametrize("shape", SPACINGS)


def snapshot_of(name: str, shape: str, tmp_path: Path) -> DeviceSnapshot:
    path = tmp_path / f"{name}.cfg"
    path.write_text(SPACINGS[shape]((FOLDER / f"{name}.cfg").read_text()), newline="")
    snapshot = read([str(path)])[0].snapshot
    assert snapshot is not None
    return snapshot


def config_of(name: str, shape: str, tmp_path: Path) -> DeviceConfig:
    config = snapshot_of(name, shape, tmp_path).config
    assert config is not None
    return config


@SHAPES
@pytest.mark.parametrize("name", ["S13_A", "S13_B", "S31", "S33", "S34"])
def test_nothing_is_wrong_with_them(name: str, shape: str, tmp_path: Path) -> None:
    found = audit(snapshot_of(name, shape, tmp_path))
    assert [finding.summary for finding in found if finding.severity is not Severity.INFO] == []


@SHAPES
def test_the_lists_of_both_peers_mirror_each_other(shape: str, tmp_path: Path) -> None:
    ours, theirs = (ConfigSets(config_of(name, shape, tmp_path)).permitted("150") for name in ("S13_A", "S13_B"))
    assert ours is not None
    assert theirs is not None
    assert ours.exact
    assert ours.most == theirs.most.mirror()


@SHAPES
def test_split_tunnelling_of_a_router_is_seen(shape: str, tmp_path: Path) -> None:
    config = config_of("S31", shape, tmp_path)
    group = config.client_groups[0]
    assert (group.name, group.split_acl, group.pool) == ("hw-client-groupname", "150", "dynpool")
    permitted = ConfigSets(config).permitted("150")
    assert permitted is not None
    assert permitted.most.sources == AddressSet.of("192.0.2.0/25")


@SHAPES
def test_split_tunnelling_of_a_pix_is_seen(shape: str, tmp_path: Path) -> None:
    config = config_of("S34", shape, tmp_path)
    assert config.generation is Generation.PIX6
    assert config.client_groups[0].split_acl == "90"
    permitted = ConfigSets(config).permitted("90")
    assert permitted is not None
    assert permitted.most.destinations == AddressSet.of("10.1.2.0/24")


@SHAPES
def test_the_pool_and_the_routes_of_a_pix_are_seen(shape: str, tmp_path: Path) -> None:
    config = config_of("S33", shape, tmp_path)
    inside = config.interface("inside")
    assert inside is not None
    assert str(inside.addresses[0]) == "10.1.1.1/28"
    assert {str(route.prefix) for route in config.routes} == {"172.16.0.0/16", "10.1.2.0/24"}
    assert str(config.pools[0].ranges[0][1]) == "10.1.2.254"
