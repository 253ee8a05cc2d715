"""Every real output beside the project is read: as it is, in every shape that terminals and copies give it, and cut."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import HERE, shared

from vpn_check.jobs.parse import parse_text
from vpn_check.model.device import PlatformName
from vpn_check.parse.commands import TEMPLATES, resolve
from vpn_check.parse.supporting import resolve as resolve_supporting

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FOLDER = HERE.parent.parent / "shared" / "samples"
RAW = sorted(FOLDER.glob("*/*/*.txt"))
WRONG_IN_THE_LABEL = {
    # the text prints `esp-gcm 256` and `esp-aes esp-sha-hmac`; the expected file keeps the first word only
    "iosxe/show_crypto_ipsec_sa_interface/genie_CryptoIpsecSaInterface_golden_output_2": 2,
    "iosxe/show_crypto_ipsec_sa_interface/genie_CryptoIpsecSaInterface_golden_output_3": 2,
}
pytestmark = pytest.mark.skipif(not RAW, reason="the samples are not beside this checkout")


def name_of(path: Path) -> str:
    return "/".join(path.relative_to(FOLDER).with_suffix("").parts)


def command_of(path: Path) -> str | None:
    command = path.parent.name.replace("_", " ")
    known = resolve(command)[1] in TEMPLATES or resolve_supporting(command) is not None
    return command if known else None


PARSED = [path for path in RAW if command_of(path)]


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def objects(text: str, path: Path) -> dict[str, Any]:
    body = parse_text(text, platform=PlatformName(path.parent.parent.name), command=command_of(path))
    return {name: value for name, value in body.items() if name not in {"unparsed", "incomplete"}}


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_parser", shared("score") / "score_parser.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_most_of_the_samples_are_of_commands_that_are_parsed() -> None:
    assert len(PARSED) >= 80 * len(RAW) / 87


@pytest.mark.parametrize("path", PARSED, ids=name_of)
def test_the_expected_values_come_out(path: Path) -> None:
    want = path.with_suffix(".json")
    for body in (objects(read(path), path), parse_text(read(path))):
        assert body
        if want.exists():
            score = scorer().score(body, json.loads(want.read_text()))
            wrong = score["wrong"] - WRONG_IN_THE_LABEL.get(name_of(path), 0)
            assert (wrong, score["missing"], score["spurious"]) == (0, 0, 0)


SHAPES: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "double": lambda text: text.replace("\r\n", "\n").replace("\n", "\n\n"),
    "prompt": lambda text: f"R1#\n{text}\nR1#\n",
    "noise": lambda text: "zzz a line from elsewhere 17\n" + text + "\nzzz another 18\n",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", PARSED, ids=name_of)
def test_the_same_objects_in_every_shape(path: Path, shape: str) -> None:
    text = read(path)
    assert objects(SHAPES[shape](text), path) == objects(text, path)


@pytest.mark.parametrize("path", PARSED, ids=name_of)
def test_the_pager_takes_nothing(path: Path) -> None:
    lines = read(path).replace("\r\n", "\n").split("\n")
    paged = "\n".join(f" --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b{line}" if number % 7 == 6 else line
                      for number, line in enumerate(lines))  # fmt: skip
    assert objects(paged, path) == objects("\n".join(lines), path)


@pytest.mark.parametrize("path", PARSED, ids=name_of)
def test_noise_in_the_middle_changes_nothing(path: Path) -> None:
    lines = read(path).replace("\r\n", "\n").split("\n")
    plain = objects("\n".join(lines), path)
    for spot in range(1, len(lines), max(1, len(lines) // 9)):
        noisy = [*lines[:spot], "    zzz never seen before 42", *lines[spot:]]
        assert objects("\n".join(noisy), path) == plain


@pytest.mark.parametrize("path", PARSED, ids=name_of)
def test_every_prefix_is_read(path: Path) -> None:
    lines = read(path).split("\n")
    for end in range(0, len(lines), 1 if len(lines) < 120 else 5):
        objects("\n".join(lines[:end]), path)
