"""No expression of a site can make a search hang: it is refused, or its worst case is small."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vpn_check.diagnose.expression import ExpressionError, compile_safely
from vpn_check.diagnose.expression import search as searching
from vpn_check.diagnose.expression.cost import worst_steps
from vpn_check.diagnose.expression.search import LONGEST_TEXT, MOST_STEPS
from vpn_check.diagnose.expression.syntax import SubsetError, read_expression

HOSTILE = (
    r"(a+)+$",
    r"(a*)*b",
    r"(a|a)*$",
    r"(a|ab)*c",
    r"(ab|a|b)*c",
    r"(?:a|aa)+$",
    r"(.*)(.*)(.*)x",
    r".*.*=.*;",
    r"a*a*a*a*b",
    r"(x+x+)+y",
    r"(?:[^ ]+ *)+;",
    r"\s+\s+\s+$",
    r"(\w+\s?)*$",
    r"([a-zA-Z]+)*[0-9]",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(?:a?){30}a{30}",
    r"(a{0,50}){0,50}b",
    r"(?:.*a){12}",
    r"((a{1,20}){1,20}){1,20}b",
    r"(.+)+x",
    r"([0-9]+-?)+:",
    r"^(\d+)*$",
)
USEFUL = (
    r"Group = (?P<group>[^ ,]+), IP = (?P<peer>[^ ,]+), Reason: (?P<reason>.+)",
    r"peer (?P<peer>(?:[0-9]{1,3}\.){3}[0-9]{1,3}) is gone",
    r"FOO-\d-BAR: (?P<what>[A-Z_]+): .{0,60} (?P<count>[0-9]+)",
    r"^Tunnel(?P<n>[0-9]+)(?: changed state)? to (?:up|down)",
    r"lost .{0,80}after (?P<seconds>\d+) ?s",
    r"[^ ]+ said (?P<word>\w+)\.?$",
    r".*end of the line",
)
TEXTS = (
    "a" * 999 + "!",
    *(word * 500 for word in ("a", "ab", " ", "x", "1-", "= ;", "Group = , IP = ", "lost ", "after 1")),
)


@pytest.fixture
def backtracking(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without RE2."""
    monkeypatch.setattr(searching, "_re2", lambda: None)


def slowest(engine: re.Pattern[str], *more: str) -> float:
    worst = 0.0
    for text in (*TEXTS, *more):
        begun = time.perf_counter()
        engine.search(text[:LONGEST_TEXT])
        worst = max(worst, time.perf_counter() - begun)
    return worst


@pytest.mark.usefixtures("backtracking")
@pytest.mark.parametrize("expression", HOSTILE)
def test_a_hostile_expression_is_refused_without_re2(expression: str) -> None:
    with pytest.raises(ExpressionError, match="too long"):
        compile_safely(expression)


@pytest.mark.parametrize("expression", HOSTILE)
def test_a_hostile_expression_is_harmless_with_re2(expression: str) -> None:
    begun = time.perf_counter()
    try:
        compiled = compile_safely(expression)
    except ExpressionError as error:
        assert "RE2 does not take it" in str(error)  # noqa: PT017  it refuses what unfolds to too much, and takes the rest
    else:
        for text in TEXTS:
            compiled.search(text)
    assert time.perf_counter() - begun < 5


@pytest.mark.usefixtures("backtracking")
@pytest.mark.parametrize("expression", USEFUL)
def test_what_a_message_needs_is_accepted(expression: str) -> None:
    assert slowest(compile_safely(expression).engine) < 5


@pytest.mark.parametrize("expression", USEFUL)
def test_both_engines_capture_the_same(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = (
        "%ASA-4-1: Group = g, IP = 192.0.2.1, Reason: gone away",
        "the peer 192.0.2.1 is gone",
        "FOO-4-BAR: LOST_IT: after 12 tries 7",
        "Tunnel12 changed state to up",
        "lost it again after 3 s",
        "he said no.",
        "the end of the line",
    )
    quick = [compile_safely(expression).search(text) for text in texts]
    monkeypatch.setattr(searching, "_re2", lambda: None)
    plain = [compile_safely(expression).search(text) for text in texts]
    assert [found and found.groupdict() for found in quick] == [found and found.groupdict() for found in plain]
    assert any(plain)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        (r"a(?=b)", "not allowed"),
        (r"a(?!b)", "not allowed"),
        (r"(?<=a)b", "not allowed"),
        (r"(?i)abc", "not allowed"),
        (r"(?P<x>a)(?P=x)", "not allowed"),
        (r"(a)\1", "refers back"),
        (r"(a", "not closed"),
        (r"a)", "no opening"),
        (r"[a", "not closed"),
        (r"[z-a]", "backwards"),
        (r"*a", "repeats nothing"),
        (r"a**", "repeated"),
        (r"a++", "repeated"),
        (r"a{5,2}", "ends below"),
        (r"a{1,99999}", "too often"),
        (r"(?P<1>a)", "no name"),
        (r"(?P<x>a)(?P<x>b)", "two groups"),
        (r"\pL", "not allowed"),
        ("(" * 3000 + "a" + ")" * 3000, "nested"),
        ("a\\", "in the middle"),
    ],
)
def test_what_the_subset_leaves_out_is_said(expression: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says):
        compile_safely(expression)


def test_a_long_text_is_searched_in_its_beginning_only() -> None:
    assert compile_safely("needle").search("x" * LONGEST_TEXT + "needle") is None


_ATOMS = st.sampled_from(["a", "b", "ab", "[ab]", "[^a]", ".", r"\w", " ", r"\d", "x"])
_COUNTS = st.sampled_from(["", "", "*", "+", "?", "{0,3}", "{2}", "{1,40}", "*?", "+?"])
_PARTS = st.recursive(
    st.builds("{}{}".format, _ATOMS, _COUNTS),
    lambda inner: st.one_of(
        st.builds("(?:{}){}".format, inner, _COUNTS),
        st.builds("(?:{}|{}){}".format, inner, inner, _COUNTS),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    expression=st.builds(
        "{}{}{}".format, st.sampled_from(["", "^", "a", "ab"]), _PARTS, st.sampled_from(["", "$", "!", "c"])
    )
)
def test_whatever_is_accepted_is_quick(expression: str) -> None:
    tree, _ = read_expression(expression)
    if worst_steps(tree, LONGEST_TEXT) <= MOST_STEPS:
        assert slowest(re.compile(expression), "ab a" * 600, "a b" * 700 + "!") < 10


@settings(max_examples=300, deadline=None)
@given(expression=st.text(st.sampled_from("ab()[]{}|*+?^$.\\0,-P<>:"), max_size=12))
def test_any_text_is_read_or_refused(expression: str) -> None:
    try:
        read_expression(expression)
    except SubsetError:
        return
    re.compile(expression)  # what the subset takes, the library takes too
