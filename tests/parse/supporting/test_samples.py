"""Outputs of real devices beside this checkout: nothing wrong, nothing invented, nearly nothing missed."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest
from tests.conftest import shared
from tests.parse.supporting.goldens import lines_of

from vpn_check.model.device import PlatformName
from vpn_check.parse.split import split
from vpn_check.parse.supporting import parse_supporting, recognise, resolve

RECALL = 0.995


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_parser", shared("score", "score_parser.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def samples() -> list[tuple[str, dict[str, Any], list[tuple[int, str]], Any]]:
    """Each sample with a supporting command: its name, its document, the lines not read, the expected document."""
    found = []
    root = shared("samples")
    for path in sorted(root.rglob("*.txt")):
        platform, folder = path.relative_to(root).parts[:2]
        command = resolve(folder.replace("_", " "))
        if command is None:
            continue
        whole = [line for section in split(lines_of(path.read_bytes().decode())) for line in section.lines]
        document, unmatched = parse_supporting(PlatformName(platform), command, whole)
        beside = path.with_suffix(".json")
        expected = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else None
        found.append((path.relative_to(root).as_posix(), document, unmatched, expected))
    return found


def test_real_outputs_give_what_their_sources_state() -> None:
    score = scorer()
    total = score.Count()
    wrong: list[Any] = []
    for name, document, _, expected in samples():
        if expected is not None:
            log: list[Any] = []
            total.update(score.score(document, expected, log))
            wrong += [(name, *entry) for entry in log]
    assert total["right"] > 300
    assert (total["wrong"], total["spurious"]) == (0, 0), wrong
    assert total["right"] / (total["right"] + total["missing"]) >= RECALL, wrong


def test_real_outputs_leave_no_line_unread() -> None:
    left = {name: unmatched for name, _, unmatched, _ in samples() if unmatched}
    assert left == {}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_real_outputs_are_recognised_without_their_command(ending: str) -> None:
    root = shared("samples")
    for path in sorted(root.rglob("*.txt")):
        command = resolve(path.relative_to(root).parts[1].replace("_", " "))
        text = path.read_bytes().decode().replace("\r\n", "\n").replace("\n", ending)
        name = recognise(lines_of(text))
        if command is None:
            assert name is None or path.parent.name == "session_transcript", path
        else:
            assert name is not None, path
