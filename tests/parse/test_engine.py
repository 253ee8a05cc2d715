"""The engine gives the rows of stock TextFSM, and the line of each fact, and the lines that matched nothing."""

from __future__ import annotations

import time
from io import StringIO
from pathlib import Path

import pytest
import textfsm

from vpn_check.errors import TemplateError
from vpn_check.parse.clean import clean
from vpn_check.parse.engine import Template
from vpn_check.parse.literals import literal_prefix
from vpn_check.parse.text import RawText
from vpn_check.resources import data_path

TEMPLATES = sorted(data_path("templates").rglob("*.textfsm"))
TEXTS = [*sorted(data_path("mocks").rglob("*.txt")), *sorted((Path(__file__).parent.parent / "source").glob("*.txt"))]
CORE = [
    path
    for path in TEMPLATES
    if path.stem
    in {
        "show_crypto_ipsec_sa",
        "show_crypto_isakmp_sa",
        "show_crypto_ikev1_sa",
        "show_crypto_ikev2_sa",
        "show_crypto_engine_connections_active",
        "show_crypto_isakmp_sa_detail",
    }
]


@pytest.mark.parametrize("path", CORE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_same_rows_as_the_stock_engine(path: Path) -> None:
    ours = Template.read(path)
    stock = textfsm.TextFSM(StringIO(path.read_text()))
    compared = 0
    for text in TEXTS:
        lines = list(clean(RawText(text.read_text())))
        stock.Reset()
        rows = stock.ParseText("\n".join(line for _, line in lines))
        assert ours.parse(lines).rows == rows, text
        compared += len(rows)
    assert compared > 0 or "detail" in path.stem


def test_every_value_knows_its_line() -> None:
    template = Template("Value A (\\S+)\nValue List B (\\S+)\n\nStart\n  ^a ${A}\n  ^b ${B}\n  ^end -> Record\n")
    parsed = template.parse([(11, "a x"), (12, ""), (13, "b y"), (14, "b z"), (15, "end"), (16, "what is this")])
    assert parsed.rows == [["x", ["y", "z"]]]
    assert parsed.at == [[11, [13, 14]]]
    assert parsed.unmatched == [(16, "what is this")]


@pytest.mark.parametrize(
    ("regex", "prefix"),
    [
        (r"^\s*interface: (\S+)", "interface: "),
        (r"^\s*#pkts encaps: ", "#pkts encaps: "),
        (r"^\s*(?:a|b) c", ""),
        (r"^\s*local +ident", "local "),
        (r"^\s*ab?c", "a"),
        (r"^one|two", ""),
        (r"^\s*\(x\)", "(x)"),
        (r"no anchor", ""),
    ],
)
def test_literal_prefix(regex: str, prefix: str) -> None:
    assert literal_prefix(regex) == prefix[:14]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Value Fillup A (.)\n\nStart\n  ^${A}\n", "Fillup"),
        ("Value A (.\n\nStart\n  ^${A}\n", "Line 1"),
        ("nothing", "template"),
    ],
)
def test_a_broken_template_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(TemplateError) as error:
        Template(text, "template x")
    assert says in str(error.value)


@pytest.mark.parametrize("path", CORE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_rule_is_slow_on_hostile_lines(path: Path) -> None:
    for _, source, match in Template.read(path).rules():
        literal = literal_prefix(source) or "x "
        for line in (
            " " * 50_000,
            literal * 4_000,
            "9" * 50_000,
            literal + " " * 50_000 + "y",
            "a " * 25_000,
            "x" * 1_000_000,
        ):
            begun = time.perf_counter()
            match(line)
            assert time.perf_counter() - begun < 2, (source, line[:20])
