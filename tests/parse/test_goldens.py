"""An output beside what it must be read as; found by walking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from vpn_check.jobs.parse import parse_text
from vpn_check.model.device import PlatformName

FOLDER = Path(__file__).parent / "goldens"
GOLDENS = sorted(FOLDER.glob("*/*/*.raw"))


def name_of(path: Path) -> str:
    return "/".join(path.relative_to(FOLDER).with_suffix("").parts)


def read(text: str, path: Path) -> dict[str, Any]:
    platform, command = PlatformName(path.parts[-3]), path.parts[-2].replace("_", " ")
    return parse_text(text, platform=platform, command=command)


def stated(body: object) -> object:
    """The document without what the device did not state."""
    if isinstance(body, dict):
        return {key: stated(value) for key, value in body.items() if value is not None}
    return [stated(value) for value in body] if isinstance(body, list) else body


@pytest.mark.parametrize("path", GOLDENS, ids=name_of)
def test_an_output_is_read_as_its_golden_says(path: Path) -> None:
    assert stated(read(path.read_text(), path)) == yaml.safe_load(path.with_suffix(".yaml").read_text())


@pytest.mark.parametrize("path", GOLDENS, ids=name_of)
def test_the_platform_need_not_be_known(path: Path) -> None:
    assert parse_text(path.read_text()) == read(path.read_text(), path)


def test_a_capture_that_stops_at_a_page_end_is_incomplete() -> None:
    path = FOLDER / "iosxe" / "show_crypto_ipsec_sa" / "several_flows_and_none.raw"
    lines = path.read_text().split("\n")
    cut = "\n".join([*lines[:24], " --More-- "])
    assert read(cut, path)["incomplete"] is True
    assert [tunnel["peer"] for tunnel in read(cut, path)["tunnels"]] == ["198.51.100.4"]
    assert "incomplete" not in read(path.read_text(), path)
