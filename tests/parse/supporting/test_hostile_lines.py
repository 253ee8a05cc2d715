"""No line of any kind keeps a rule busy: time grows with the line, never with its square."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from tests.parse.supporting.goldens import GOLDENS, Golden

from vpn_check.model.device import PlatformName
from vpn_check.parse.engine import Template
from vpn_check.parse.supporting import SUPPORTING, parse_supporting
from vpn_check.parse.templates import templates_for

LIMIT = 0.5
TIMES = 50_000
TEMPLATES: list[Template] = sorted(
    {template for entry in SUPPORTING.values() for template in templates_for(None, entry.template)},
    key=lambda template: template.name,
)
RULES = [
    pytest.param(source, match, id=f"{template.name.split('templates/')[-1]}:{state}:{number}")
    for template in TEMPLATES
    for number, (state, source, match) in enumerate(template.rules())
]


def plain(source: str) -> str:
    """The words of a rule without its syntax, as a line that it is about would begin."""
    text = re.sub(r"\$\{\w+\}|\\[a-zA-Z]|\[[^\]]*\]", "0", source.lstrip("^"))
    return re.sub(r"[\\^$*+?(){}|]", " ", text).strip() or "0"


@pytest.mark.parametrize(("source", "match"), RULES)
def test_a_rule_is_done_with_any_line_in_time(source: str, match: Callable[[str], object]) -> None:
    literal = plain(source)
    blanks = " " * TIMES
    for line in (
        blanks,
        literal * TIMES,
        f"{literal} " * TIMES,
        "x" * 1_000_000,
        "0" * 1_000_000,
        f"{literal}{blanks}?",
        f"{literal}{blanks}0{blanks}?",
        f"{blanks}{literal}{blanks}",
        ": 1" * TIMES,
        "a " * TIMES,
    ):
        began = time.process_time()
        match(line)
        assert time.process_time() - began < LIMIT, f"{source!r} on {line[:40]!r}..."


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_a_line_of_the_device_stretched_at_each_gap_is_read_in_time(golden: Golden) -> None:
    blanks = " " * TIMES
    for line in {line.strip() for line in golden.text.splitlines() if line.strip()}:
        words = line.split()
        for stretched in (f"{line}{blanks}?", f"{blanks}?".join(words), f"{words[0]}{blanks}{' '.join(words[1:])} ? ?"):
            began = time.process_time()
            parse_supporting(golden.platform, golden.command, [(1, stretched)])
            assert time.process_time() - began < LIMIT * 4, stretched[:60]


def test_a_session_listing_grows_in_proportion() -> None:
    block = next(golden for golden in GOLDENS if golden.name.endswith("ikev2_two_flows")).text

    def seconds(times: int) -> float:
        lines = list(enumerate((block * times).splitlines(), 1))
        began = time.process_time()
        document, _ = parse_supporting(PlatformName.IOSXE, "show crypto session detail", lines)
        assert len(document["sessions"]) == times
        return time.process_time() - began

    seconds(10)
    assert seconds(2000) < 5
