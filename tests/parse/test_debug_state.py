"""What a device says of its debugs, its conditions, its log levels and its sessions, by goldens found by walking."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from vpn_check.model.device import PlatformName
from vpn_check.parse.debug_state import debug_conditions, debugs_on, log_levels, ssh_sessions
from vpn_check.platforms import PLATFORMS

GOLDENS = sorted((Path(__file__).parent / "debug").glob("*.raw"))


def expected(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(path.with_suffix(".yaml").read_text())
    return body


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    text, wanted = path.read_text(), expected(path)
    kind = wanted.pop("kind")
    if kind == "debugs":
        platform = PLATFORMS[PlatformName(wanted["platform"])]
        forms = platform.debug_forms(tuple(wanted["release"]) if "release" in wanted else None)
        found = debugs_on(text, forms.line)
        assert [*found.on] == wanted["listed"]
        assert [*found.unread] == wanted["unread"]
        for name, count in wanted.get("ours", {}).items():
            switches = [switch for switch in forms.switches if switch.name == name]
            assert sum(bool(switch.shown.search(line)) for switch in switches for line in found.on) == count
    elif kind == "conditions":
        assert {key: [*value] if isinstance(value, tuple) else value
                for key, value in asdict(debug_conditions(text)).items()} == wanted
    elif kind == "levels":
        assert asdict(log_levels(text)) == wanted
    else:
        assert sorted(ssh_sessions(text)) == wanted["numbers"]


def test_a_debug_of_another_name_is_not_taken_for_ours() -> None:
    for platform in PLATFORMS.values():
        for forms in platform.debugs:
            for switch in forms.switches:
                for other in ("Crypto PKI Msg debugging is on", "debug crypto ca 1", "debug icmp trace",
                              "Crypto ISAKMP Error debugging is on", "debug crypto isakmpx 1",
                              "Crypto IPSEC EXTRA debugging is on"):
                    assert not switch.shown.search(other), (switch.name, other)


def test_double_spaced_answers_read_the_same() -> None:
    for path in GOLDENS:
        text = path.read_text()
        spaced = text.replace("\n", "\n\n")
        line = PLATFORMS[PlatformName.IOS].debug_forms(None).line
        assert debugs_on(text, line) == debugs_on(spaced, line)
        assert debug_conditions(text) == debug_conditions(spaced)
