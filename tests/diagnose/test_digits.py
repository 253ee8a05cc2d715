"""An expression called blind to digits says the same of a text whatever digits stand in it."""

from __future__ import annotations

import random
import re

import pytest

from vpn_check.diagnose.catalogue import catalogue
from vpn_check.diagnose.digits import blind_to_digits


@pytest.mark.parametrize("pattern", ["peer [0-9.]+", r"\d{1,3} packets", "[0-9a-f]{8}", "SA is up", "(?P<peer>[^ ]+)"])
def test_these_see_no_difference(pattern: str) -> None:
    assert blind_to_digits(pattern)


@pytest.mark.parametrize(
    "pattern", ["group 2", "[1-9]0*", "IKEv2", r"(a|b) \1", "%ASA-[0-7]-713", "[0-9]{1,3}%CRYPTO-4", "[^0-8]"]
)
def test_these_do(pattern: str) -> None:
    assert not blind_to_digits(pattern)


def test_it_is_true_of_every_expression_of_the_catalogue_that_is_called_so() -> None:
    rng = random.Random(4)
    texts = [" ".join(text.split()) for s in catalogue() for text in (*s.examples.fires, *s.examples.silent)]
    others = ["".join(rng.choice("0123456789") if c.isdigit() else c for c in text) for text in texts]
    blind = [re.compile(p.regex) for s in catalogue() for p in s.patterns if blind_to_digits(p.regex)]
    assert blind
    for pattern in blind:
        for text, other in zip(texts, others, strict=True):
            assert bool(pattern.search(text)) == bool(pattern.search(other)), (pattern.pattern, text, other)
