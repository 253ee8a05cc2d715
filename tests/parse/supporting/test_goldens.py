"""Each answer gives its objects, in every shape that terminals, mails and copies give to a text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import textfsm
from tests.parse.supporting.goldens import GOLDENS, HERE, Golden, lines_of

from vpn_check.parse.supporting import SUPPORTING, parse_supporting, recognise
from vpn_check.parse.templates import templates_for

CASES = pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
NOISE = "??? what is this ???"
PASSED_OVER = {"show version", "show interface"}
"""What these say besides is passed over."""


@CASES
def test_gives_its_objects_and_leaves_no_line(golden: Golden) -> None:
    document, unmatched = golden.read(golden.text)
    assert document == golden.expected
    assert unmatched == []


@CASES
@pytest.mark.parametrize(
    "reshape",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), id="double-spaced"),
        pytest.param(lambda text: re.sub(r"(?m)^[ \t]+", "", text), id="flush-left"),
        pytest.param(lambda text: text.replace("\n", "   \n"), id="trailing-blanks"),
        pytest.param(lambda text: text.replace("\t", "        "), id="tabs-expanded"),
        pytest.param(lambda text: re.sub(r"(?m)^", "      ", text), id="indented"),
    ],
)
def test_the_shape_of_the_text_does_not_matter(golden: Golden, reshape: object) -> None:
    assert callable(reshape)
    document, unmatched = golden.read(reshape(golden.text))
    assert document == golden.expected
    assert unmatched == []


@CASES
def test_a_cut_anywhere_is_no_error_and_invents_nothing(golden: Golden) -> None:
    lines = lines_of(golden.text)
    whole = parse_supporting(golden.platform, golden.command, lines)[0]
    for end in range(len(lines)):
        document, _ = parse_supporting(golden.platform, golden.command, lines[:end])
        for key, value in document.items():
            if isinstance(value, list):
                assert len(value) <= len(whole[key]), f"cut at line {end}"


@CASES
def test_a_line_of_noise_changes_nothing_and_is_handed_back(golden: Golden) -> None:
    lines = golden.text.split("\n")
    for place in range(len(lines)):
        text = "\n".join([*lines[:place], NOISE, *lines[place:]])
        document, unmatched = golden.read(text)
        assert document == golden.expected, f"noise at line {place + 1}"
        if golden.command not in PASSED_OVER:
            assert [line for _, line in unmatched] == [NOISE], f"noise at line {place + 1}"


@CASES
def test_is_recognised_without_its_command(golden: Golden) -> None:
    name = recognise(lines_of(golden.text))
    assert name is not None
    assert (SUPPORTING[name].key, SUPPORTING[name].template) == (
        SUPPORTING[golden.command].key,
        SUPPORTING[golden.command].template,
    )


@CASES
def test_the_platform_may_be_unknown(golden: Golden) -> None:
    document, unmatched = parse_supporting(None, golden.command, lines_of(golden.text))
    assert document == parse_supporting(golden.platform, golden.command, lines_of(golden.text))[0]
    assert unmatched == []


def test_every_golden_has_both_halves() -> None:
    assert {path.with_suffix("") for path in HERE.rglob("*.raw")} == {
        path.with_suffix("") for path in HERE.rglob("*.yaml")
    }


def test_every_template_has_a_golden() -> None:
    tried = {SUPPORTING[golden.command].template for golden in GOLDENS}
    assert tried == {entry.template for entry in SUPPORTING.values()}


@CASES
def test_the_stock_engine_gives_the_same_rows(golden: Golden) -> None:
    for template in templates_for(golden.platform, SUPPORTING[golden.command].template):
        lines = lines_of(golden.text)
        with Path(template.name).open(encoding="utf-8") as file:
            stock = textfsm.TextFSM(file).ParseText("\n".join(text for _, text in lines))
        assert template.parse(lines).rows == stock
